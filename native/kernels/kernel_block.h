// How the arguments of a kernel travel from JavaScript to C++: as those of MPI calls, in a shared
// Float64Array (napi/command.h says why). src/kernels/block.ts has the same slots; a test compares
// them.
#pragma once

#include <array>
#include <cstdint>

#include "kernels/copy_runs.h"
#include "kernels/gather.h"
#include "kernels/loop_table.h"
#include "kernels/nest.h"

namespace distarray::kernels {

enum KernelSlot : int {
  kKernelResult,  // out: a KernelResult, or an axis from kBadIndex on
  kOperation,     // number of an operation, or address of a program
  kCompute,       // dtype of its loop
  kOperands,      // how many operands there are
  kDimensions,    // how many dimensions they have
  kMasked,        // 1 when the last operand is a mask
  kShape,         // the shape; then of each operand: address, dtype, byte strides. Then of each axis
                  // that is gathered: address, dtype and length of the axis
  // Instead, for copies along runs: addresses of both sides, bytes of an element, which elements; then
  // of each axis: address and number of runs, or addresses of places on both sides; extent; strides
  kRunsFrom = kShape,
  kRunsTo,
  kRunsItemsize,
  kRunsFirst,
  kRunsCount,
  kRunsAxes,
  // Instead, for the true elements of a mask: its address and length, where the values of the true ones
  // go (0: they are only counted), value of the first element, distance to the next; out: how many
  kFindMask = kShape,
  kFindLength,
  kFindOut,
  kFindStart,
  kFindStep,
  kFindCount,
  // Instead, for owners of indices: what BlockOwners has, and addresses of indices and ranks
  kOwnersIndices = kShape,
  kOwnersCount,
  kOwnersRanks,
  kOwnersStart,
  kOwnersStep,
  kOwnersBlock,
  kOwnersGrid,
  kOwnersStride,
  // Instead, for sorting by rank: addresses, and the number of indices
  kSortIndices = kShape,
  kSortRanks,
  kSortCount,
  kSortPlaces,
  kSortSorted,
  kSortOrder,
  // Instead, for numbers in text: addresses and lengths in bytes of the text, of the columns (as int32) and what
  // else TextFormat has; where the elements go (0: the fields of the first row are counted), for how many rows
  // there is room; out: what TextResult has
  kTextBytes = kShape,
  kTextLength,
  kTextIsLast,
  kTextDtype,
  kTextDelimiter,
  kTextFields,
  kTextColumns,
  kTextColumnCount,
  kTextComment,
  kTextCommentLength,
  kTextMissing,
  kTextMissingLength,
  kTextFiller,
  kTextOut,
  kTextRoom,
  kTextUsed,
  kTextLines,
  kTextRows,
  kTextProblem,
  kTextField,
  kTextQuote,
  // Room for numbers that are operands, each a complex128 at most.
  kConstants = 860,
  kKernelSlotCount = 908,
};

// Slots of an axis of a copy along runs.
constexpr int kRunsAxisSlots = 7;

enum KernelResult : int { kDone, kNoSuchLoop, kNoMemory, kBadIndex };

class KernelBlock {
 public:
  double* data() { return slots_.data(); }
  double& operator[](int slot) { return slots_[static_cast<size_t>(slot)]; }
  int integer(int slot) const { return static_cast<int>(slots_[static_cast<size_t>(slot)]); }

  Nest nest() const {
    Nest nest;
    nest.ndim = integer(kDimensions);
    nest.count = integer(kOperands);
    const double* at = slots_.data() + kShape;
    for (int dim = 0; dim < nest.ndim; dim++) nest.shape[dim] = static_cast<int64_t>(*at++);
    for (int k = 0; k < nest.count; k++) {
      Operand& operand = nest.operands[k];
      operand.data = pointer(*at++);
      operand.dtype = static_cast<Dtype>(static_cast<int>(*at++));
      for (int dim = 0; dim < nest.ndim; dim++) operand.strides[dim] = static_cast<int64_t>(*at++);
    }
    return nest;
  }

  void axisIndices(const Nest& nest, AxisIndex* indices) const {
    const double* at = slots_.data() + kShape + nest.ndim + nest.count * (2 + nest.ndim);
    for (int dim = 0; dim < nest.ndim; dim++, at += 3) {
      indices[dim] = AxisIndex{pointer(at[0]), static_cast<Dtype>(static_cast<int>(at[1])),
                               static_cast<int64_t>(at[2])};
    }
  }

  RunCopy runCopy(RunAxis* axes) const {
    const double* at = slots_.data() + kRunsAxes;
    const int ndim = integer(kDimensions);
    for (int dim = 0; dim < ndim; dim++, at += kRunsAxisSlots) {
      RunAxis& axis = axes[dim];
      axis.runs = reinterpret_cast<const PlaceRun*>(pointer(at[0]));
      axis.runCount = static_cast<int64_t>(at[1]);
      axis.placesFrom = reinterpret_cast<const int32_t*>(pointer(at[2]));
      axis.placesTo = reinterpret_cast<const int32_t*>(pointer(at[3]));
      axis.extent = static_cast<int64_t>(at[4]);
      axis.strideFrom = static_cast<int64_t>(at[5]);
      axis.strideTo = static_cast<int64_t>(at[6]);
    }
    return RunCopy{pointer(slots_[kRunsFrom]), pointer(slots_[kRunsTo]),
                   static_cast<size_t>(slots_[kRunsItemsize]), ndim, axes};
  }

  template <typename T>
  T* pointerAt(int slot) {
    return reinterpret_cast<T*>(static_cast<uintptr_t>(slots_[static_cast<size_t>(slot)]));
  }

 private:
  static char* pointer(double address) {
    return reinterpret_cast<char*>(static_cast<uintptr_t>(address));
  }

  alignas(64) std::array<double, kKernelSlotCount> slots_{};
};

// What must fit before the constants: the operands of the largest call.
static_assert(kShape + kMaxDims + kMaxOperands * (2 + kMaxDims) <= kConstants);
static_assert(kShape + kMaxDims + 2 * (2 + kMaxDims) + 3 * kMaxDims <= kConstants);
static_assert(kRunsAxes + kMaxDims * kRunsAxisSlots <= kConstants);
static_assert(kConstants + 2 * kMaxOperands <= kKernelSlotCount);

}  // namespace distarray::kernels

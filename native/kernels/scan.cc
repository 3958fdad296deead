#include "kernels/scan.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "kernels/loop_table.h"

namespace distarray::kernels {
namespace {

constexpr size_t kBlock = 512;

struct alignas(64) Scratch {
  char raw[kBlock * kMaxItemsize];
  char row[kBlock * kMaxItemsize];
  char output[kBlock * kMaxItemsize];
  char states[kBlock * 32];
};
thread_local Scratch scratch;

enum OperandNumber : int { kInput, kOutput, kStates };

bool isNear(const Operand& operand, int64_t stride) {
  const auto bits = reinterpret_cast<uintptr_t>(operand.data);
  return stride == static_cast<int64_t>(operand.itemsize()) &&
         bits % alignmentOf(operand.dtype) == 0;
}

class Scan {
 public:
  // `scanned`: the strides along the dimension of the scan, which the nest no longer has.
  Scan(const ReductionEntry& entry, Dtype compute, Nest& nest, int64_t extent,
       const int64_t* scanned)
      : entry_(entry), compute_(compute), nest_(nest), extent_(extent), scanned_(scanned) {
    inner_ = nest.ndim - 1;
    // Along rows, where the scan's own steps are the shortest, or there is little beside it.
    if (inner_ >= 0 && (nest.shape[inner_] < 8 || std::abs(nest.operands[kOutput].strides[inner_]) >
                                                      std::abs(scanned[kOutput]))) {
      inner_ = -1;
    }
  }

  void run() {
    const int outer = inner_ < 0 ? nest_.ndim : inner_;
    char* data[3];
    for (int k = 0; k < 3; k++) data[k] = nest_.operands[k].data;
    int64_t index[kMaxDims] = {};
    for (;;) {
      if (inner_ < 0) {
        scanRow(data);
      } else {
        scanColumns(data);
      }
      int dim = outer - 1;
      for (; dim >= 0; dim--) {
        const bool wraps = ++index[dim] == nest_.shape[dim];
        if (wraps) index[dim] = 0;
        for (int k = 0; k < 3; k++) {
          const int64_t stride = nest_.operands[k].strides[dim];
          data[k] += wraps ? -stride * (nest_.shape[dim] - 1) : stride;
        }
        if (!wraps) break;
      }
      if (dim < 0) return;
    }
  }

 private:
  void scanRow(char* const* data) {
    for (int64_t done = 0; done < extent_; done += kBlock) {
      const size_t size = std::min<size_t>(kBlock, static_cast<size_t>(extent_ - done));
      const void* row = load(data[kInput] + done * scanned_[kInput], scanned_[kInput], size);
      char* target = data[kOutput] + done * scanned_[kOutput];
      void* output = room(target, scanned_[kOutput]);
      entry_.scanRow(row, output, size, data[kStates]);
      store(target, scanned_[kOutput], output, size);
    }
  }

  void scanColumns(char* const* data) {
    const auto width = static_cast<size_t>(nest_.shape[inner_]);
    const int64_t from = nest_.operands[kInput].strides[inner_];
    const int64_t to = nest_.operands[kOutput].strides[inner_];
    const int64_t stateStride = nest_.operands[kStates].strides[inner_];
    const bool near = stateStride == static_cast<int64_t>(entry_.stateSize);
    for (size_t done = 0; done < width; done += kBlock) {
      const size_t size = std::min(kBlock, width - done);
      const auto first = static_cast<int64_t>(done);
      char* states = data[kStates] + first * stateStride;
      char* used = near ? states : scratch.states;
      if (!near) moveStates(used, entry_.stateSize, states, stateStride, size);
      for (int64_t i = 0; i < extent_; i++) {
        const char* source = data[kInput] + i * scanned_[kInput] + first * from;
        char* target = data[kOutput] + i * scanned_[kOutput] + first * to;
        const void* row = load(source, from, size);
        void* output = room(target, to);
        entry_.scanColumns(row, output, size, used);
        store(target, to, output, size);
      }
      if (!near) {
        moveStates(states, stateStride, used, static_cast<int64_t>(entry_.stateSize), size);
      }
    }
  }

  void moveStates(char* to, int64_t toStride, const char* from, int64_t fromStride, size_t count) {
    for (size_t i = 0; i < count; i++) {
      const auto k = static_cast<int64_t>(i);
      std::memcpy(to + k * toStride, from + k * fromStride, entry_.stateSize);
    }
  }

  const void* load(const char* from, int64_t stride, size_t size) {
    const Operand& input = nest_.operands[kInput];
    const bool near = isNear(Operand{const_cast<char*>(from), input.dtype, {}}, stride);
    if (input.dtype == compute_ && near) return from;
    const auto itemsize = static_cast<int64_t>(input.itemsize());
    const void* raw = from;
    if (!near) {
      copyRun(scratch.raw, itemsize, from, stride, size, input.itemsize());
      raw = scratch.raw;
    }
    if (input.dtype == compute_) return raw;
    loopTable().cast(input.dtype, compute_)(&raw, scratch.row, size);
    return scratch.row;
  }

  void* room(char* target, int64_t stride) {
    return isNear(Operand{target, entry_.output, {}}, stride) ? target : scratch.output;
  }

  void store(char* target, int64_t stride, const void* output, size_t size) {
    if (output == target) return;
    const size_t itemsize = itemsizeOf(entry_.output);
    copyRun(target, stride, scratch.output, static_cast<int64_t>(itemsize), size, itemsize);
  }

  const ReductionEntry& entry_;
  const Dtype compute_;
  const Nest& nest_;
  const int64_t extent_;
  const int64_t* scanned_;
  int inner_;  // the dimension of the columns; -1 when rows are scanned one after the other
};

}  // namespace

void runScan(const ReductionEntry& entry, Dtype compute, Nest& nest) {
  if (nest.isEmpty()) return;
  const int last = --nest.ndim;
  const int64_t extent = nest.shape[last];
  int64_t scanned[3];
  for (int k = 0; k < 3; k++) scanned[k] = nest.operands[k].strides[last];
  nest.simplify(kOutput);
  Scan(entry, compute, nest, extent, scanned).run();
}

}  // namespace distarray::kernels

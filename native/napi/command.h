// The command block: how arguments of MPI calls travel from JavaScript to C++.
//
// Reading seven arguments through Node-API costs about 60 ns, a call without arguments 11 ns. So
// JavaScript writes the arguments into one shared Float64Array (doubles hold addresses below 2^53
// and counts above 2^31 exactly) and calls a function without arguments, which reads them here and
// leaves its result in the same block. src/mpi/command.ts has the same slots; a test compares them.
#pragma once

#include <array>
#include <climits>
#include <cstdint>

namespace distarray {

enum Slot : int {
  kResult,  // out: 0, or an MPI error code, or kNotInitialized
  kComm,
  kSendAddress,
  kSendCount,
  kSendType,
  kRecvAddress,
  kRecvCount,
  kRecvType,
  kDest,
  kSendTag,
  kSource,
  kRecvTag,
  kRoot,
  kOperation,
  kSendCounts,  // addresses of Int32Arrays
  kSendDispls,
  kRecvCounts,
  kRecvDispls,
  kStatusSource,  // out
  kStatusTag,     // out
  kStatusCount,   // out: elements of the datatype that was received; -1 when not a whole number
  kStatusBytes,   // out
  kOutput,        // out: a handle or a number
  kOutput2,       // out
  kArgument0,     // plain integers, by position
  kArgument1,
  kArgument2,
  kMode,  // how a communication is performed: a Mode
  kSlotCount,
};

// The forms of a communication. The nonblocking one leaves a request's handle in kOutput.
enum Mode : int { kBlocking, kNonblocking, kPersistent };

// Result of a call before MPI_Init or after MPI_Finalize, which MPI would answer by ending the job.
constexpr int kNotInitialized = -1;
// Results that are errors of ours: a call from within a user operation; freeing one that started
// communication uses; a function that this MPI does not have.
constexpr int kInsideOperation = -2;
constexpr int kOperationInUse = -3;
constexpr int kUnsupported = -4;
// The user operation in this slot (subtracted) has failed, on this rank or on others only.
constexpr int kOperationFailedHere = -100;
constexpr int kOperationFailedElsewhere = -200;
// Address that stands for MPI_IN_PLACE.
constexpr double kInPlaceAddress = -1;

// A number in the block that MPI cannot take, since it wants an int.
struct IntegerOverflow {};

class Command {
 public:
  double* data() { return slots_.data(); }
  double& operator[](Slot slot) { return slots_[slot]; }

  int integer(Slot slot) const {
    const double value = slots_[slot];
    if (value > INT_MAX) throw IntegerOverflow{};
    return static_cast<int>(value);
  }

  // A count, size or displacement that may exceed an int.
  int64_t wide(Slot slot) const { return static_cast<int64_t>(slots_[slot]); }

  template <typename T = void>
  T* address(Slot slot) const {
    return reinterpret_cast<T*>(static_cast<uintptr_t>(slots_[slot]));
  }

  bool isInPlace(Slot slot) const { return slots_[slot] == kInPlaceAddress; }

 private:
  alignas(64) std::array<double, kSlotCount> slots_{};
};

}  // namespace distarray

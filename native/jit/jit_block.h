// The block of calls of functions that were compiled at run time: like the kernels' block, one
// Float64Array shared with JavaScript (src/jit/block.ts has the same slots; a test compares them).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace distarray::jit {

// Most arguments of a function.
constexpr int kMaxArguments = 64;

enum JitSlot : int {
  kJitResult,    // out: a JitResult
  kJitFunction,  // address of the function
  kJitCount,     // how many addresses follow, that of the result included
  kJitAddresses,
  // Room for numbers that are arguments and for the result, 16 bytes each.
  kJitValues = 68,
  kJitSlotCount = 198,
};

enum JitResult : int { kDone, kThrown };

static_assert(kJitAddresses + kMaxArguments + 1 <= kJitValues);
static_assert(kJitValues + 2 * (kMaxArguments + 1) <= kJitSlotCount);

// What the compiled libraries export: takes the addresses of the arguments, and of the result where there
// is one; returns null, or the text of an exception.
using Trampoline = const char* (*)(void** arguments);

class JitBlock {
 public:
  double* data() { return slots_.data(); }
  double& operator[](int slot) { return slots_[static_cast<size_t>(slot)]; }

  Trampoline function() const { return reinterpret_cast<Trampoline>(address(kJitFunction)); }

  int count() const { return static_cast<int>(slots_[kJitCount]); }

  void* argument(int k) const { return reinterpret_cast<void*>(address(kJitAddresses + k)); }

 private:
  uintptr_t address(int slot) const {
    return static_cast<uintptr_t>(slots_[static_cast<size_t>(slot)]);
  }

  alignas(64) std::array<double, kJitSlotCount> slots_{};
};

}  // namespace distarray::jit

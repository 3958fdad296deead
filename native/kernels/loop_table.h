// The inner loops: of every operation and dtype one function over contiguous, aligned memory.
#pragma once

#include <string>
#include <vector>

#include "kernels/dtype.h"

namespace distarray::kernels {

constexpr int kMaxInputs = 3;
// Bytes of a line of the cache.
constexpr size_t kCacheLine = 64;

// output[i] = f(inputs[0][i], …) for i < count. The output may be one of the inputs. What an
// element becomes depends on its inputs only, never on its place.
using Loop = void (*)(const void* const* inputs, void* output, size_t count);

struct LoopEntry {
  Loop loop = nullptr;
  int inputs = 0;
  Dtype input[kMaxInputs] = {};
  Dtype output = Dtype::kBool;
  // Whether computing takes longer than memory does: then nothing is gained by writing past the caches.
  bool isSlow = false;
  // The same past the caches, if there is one: the output begins a line of the cache and is none of the inputs.
  Loop streamed = nullptr;
};

// The loops of the instruction set that this process uses.
class LoopTable {
 public:
  // Makes `loop` that of operation `name` for operands of dtype `compute`.
  void add(const char* name, Dtype compute, const LoopEntry& entry);
  void addCast(Dtype from, Dtype to, Loop loop);

  using Stream = void (*)(char* target, const char* source, size_t bytes, const char* const* ahead,
                          int count);

  // Sets how bytes are written past the caches.
  void setStreaming(Stream stream, void (*finish)()) {
    stream_ = stream;
    finishStreaming_ = finish;
  }
  // Copies bytes that do not overlap, past the caches; finishStreaming() before anybody reads them. Meanwhile as many
  // bytes are fetched from up to two places, which are read next: the processor's own guess ends with a page.
  void stream(char* target, const char* source, size_t bytes, const char* const* ahead,
              int count) const {
    stream_(target, source, bytes, ahead, count);
  }
  void finishStreaming() const { finishStreaming_(); }

  // Names of the operations; the index of a name is the operation's number.
  const std::vector<std::string>& names() const { return names_; }
  // The loop of an operation for a dtype; null when there is none.
  const LoopEntry* find(int operation, Dtype compute) const;
  Loop cast(Dtype from, Dtype to) const {
    return casts_[static_cast<int>(from)][static_cast<int>(to)];
  }

 private:
  struct Row {
    LoopEntry byDtype[kDtypeCount];
  };
  std::vector<std::string> names_;
  std::vector<Row> rows_;
  Loop casts_[kDtypeCount][kDtypeCount] = {};
  Stream stream_ = nullptr;
  void (*finishStreaming_)() = nullptr;
};

// The table for this processor; DISTARRAY_SIMD (baseline, avx2, avx512) asks for less than it can.
const LoopTable& loopTable();
// The instruction set that the table was made for.
const char* instructionSet();

}  // namespace distarray::kernels

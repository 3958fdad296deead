// Programs: what an expression computes element by element, as a list of loops over blocks of elements that stay
// in the first-level cache.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/dtype.h"
#include "kernels/loop_table.h"
#include "kernels/nest.h"

namespace distarray::kernels {

// Elements of a block.
constexpr size_t kProgramBlock = 512;
constexpr int kMaxTemporaries = 24;

// Values are numbered: the inputs, then the temporaries. The last instruction makes the result.
struct Instruction {
  Loop loop = nullptr;
  Loop streamed = nullptr;
  int inputs = 0;
  int input[kMaxInputs] = {};
  int output = 0;
};

// A compiled program: for rows of `count` elements, from each to the next one so many bytes in every input and then the
// output.
using CompiledLoop = void (*)(const void* const* inputs, void* output, size_t count, size_t rows,
                              const int64_t* steps);

class Program {
 public:
  // From numbers, as src/kernels/program.ts writes them; throws std::invalid_argument for what is no program.
  //
  // inputs, their dtypes, temporaries, instructions; then of each: number of an operation and the dtype that it
  // computes in, or -1 − the dtype that is cast to and the one that is cast from; three inputs; output
  Program(const int32_t* code, size_t length);

  int inputs() const { return static_cast<int>(inputs_.size()); }
  Dtype input(int k) const { return inputs_[static_cast<size_t>(k)]; }
  Dtype output() const { return output_; }

  // Gives the program a loop that does what its instructions do. Of inputs that are numbers, which the bits of
  // `numbers` tell, it reads the first element alone.
  void setLoop(CompiledLoop loop, uint32_t numbers) {
    loop_ = loop;
    numbers_ = numbers;
  }
  // Whether there is no limit to the elements that run() takes, where inputs lie as they are wanted.
  bool isUnlimited() const { return loop_ != nullptr; }
  bool isNumber(int k) const { return (numbers_ >> k & 1) != 0; }

  // Whether computing takes longer than memory does.
  bool isSlow() const { return isSlow_; }
  // Whether runStreamed() may be called.
  bool streams() const { return loop_ == nullptr && instructions_.back().streamed != nullptr; }

  // For up to kProgramBlock elements unless it is unlimited. The output may be one of the inputs.
  void run(const void* const* inputs, void* output, size_t count) const;
  // The same past the caches (LoopEntry::streamed).
  void runStreamed(const void* const* inputs, void* output, size_t count) const {
    interpret(inputs, output, count, instructions_.back().streamed);
  }
  // The same for rows, when it is unlimited.
  void runRows(const void* const* inputs, void* output, size_t count, size_t rows,
               const int64_t* steps) const {
    loop_(inputs, output, count, rows, steps);
  }

 private:
  // Runs the instructions; `last` is the loop of the last one.
  void interpret(const void* const* inputs, void* output, size_t count, Loop last) const;

  std::vector<Dtype> inputs_;
  std::vector<Instruction> instructions_;
  Dtype output_ = Dtype::kBool;
  bool isSlow_ = false;
  CompiledLoop loop_ = nullptr;
  uint32_t numbers_ = 0;
};

static_assert(kMaxOperands <= 32);  // numbers_

}  // namespace distarray::kernels

#include "kernels/program.h"

#include <stdexcept>

namespace distarray::kernels {
namespace {

struct alignas(64) Temporaries {
  char blocks[kMaxTemporaries][kProgramBlock * kMaxItemsize];
};
thread_local Temporaries temporaries;

constexpr int kInstructionLength = 6;

class CodeReader {
 public:
  CodeReader(const int32_t* code, size_t length) : at_(code), end_(code + length) {}

  // The next number, which must be in [low, high).
  int next(int low, int high) {
    if (at_ == end_ || *at_ < low || *at_ >= high) throw std::invalid_argument("not a program");
    return *at_++;
  }
  Dtype dtype() { return static_cast<Dtype>(next(0, kDtypeCount)); }
  bool isAtEnd() const { return at_ == end_; }

 private:
  const int32_t* at_;
  const int32_t* end_;
};

}  // namespace

Program::Program(const int32_t* code, size_t length) {
  CodeReader reader(code, length);
  const int inputs = reader.next(0, kMaxOperands);
  for (int k = 0; k < inputs; k++) inputs_.push_back(reader.dtype());
  const int values = inputs + reader.next(0, kMaxTemporaries + 1);
  // What is at each value, once it is there: loops read as many bytes as their dtype has.
  constexpr int kNothing = -1;
  std::vector<int> dtypes(static_cast<size_t>(values), kNothing);
  for (int k = 0; k < inputs; k++) dtypes[static_cast<size_t>(k)] = static_cast<int>(input(k));
  const int count = reader.next(1, static_cast<int>(length) / kInstructionLength + 1);
  const LoopTable& table = loopTable();
  for (int i = 0; i < count; i++) {
    const int operation =
        reader.next(-kDtypeCount, static_cast<int>(table.names().size()));
    const Dtype dtype = reader.dtype();
    Instruction instruction;
    LoopEntry loop;
    if (operation < 0) {
      const auto to = static_cast<Dtype>(-1 - operation);
      loop = LoopEntry{table.cast(dtype, to), 1, {dtype}, to};
    } else if (const LoopEntry* entry = table.find(operation, dtype)) {
      loop = *entry;
    }
    instruction.loop = loop.loop;
    instruction.streamed = loop.streamed;
    instruction.inputs = loop.inputs;
    output_ = loop.output;
    isSlow_ = isSlow_ || loop.isSlow;
    if (instruction.loop == nullptr) throw std::invalid_argument("no loop for an operation");
    for (int k = 0; k < kMaxInputs; k++) {
      const int value = reader.next(-1, values);
      const bool isTaken = k < instruction.inputs;
      if ((value >= 0) != isTaken) throw std::invalid_argument("not a program");
      instruction.input[k] = value;
      if (isTaken && dtypes[static_cast<size_t>(value)] != static_cast<int>(loop.input[k]))
        throw std::invalid_argument("an operand of another dtype");
    }
    // Inputs are not written to, and the last output is the result.
    instruction.output = i == count - 1 ? reader.next(-1, 0) : reader.next(inputs, values);
    // A loop may write over an input only if it does not overtake what is still to be read.
    for (int k = 0; k < instruction.inputs; k++) {
      if (instruction.output >= 0 && instruction.output == instruction.input[k] &&
          itemsizeOf(output_) != itemsizeOf(loop.input[k])) {
        throw std::invalid_argument("elements of another size in place");
      }
    }
    if (instruction.output >= 0)
      dtypes[static_cast<size_t>(instruction.output)] = static_cast<int>(output_);
    instructions_.push_back(instruction);
  }
  if (!reader.isAtEnd()) throw std::invalid_argument("not a program");
}

void Program::run(const void* const* inputs, void* output, size_t count) const {
  if (loop_ != nullptr) {
    static constexpr int64_t kNoSteps[kMaxOperands] = {};
    return loop_(inputs, output, count, 1, kNoSteps);
  }
  interpret(inputs, output, count, instructions_.back().loop);
}

void Program::interpret(const void* const* inputs, void* output, size_t count, Loop last) const {
  const int taken = this->inputs();
  const auto place = [&](int value) {
    return value < taken ? inputs[value] : temporaries.blocks[value - taken];
  };
  for (const Instruction& instruction : instructions_) {
    const void* from[kMaxInputs];
    for (int k = 0; k < instruction.inputs; k++) from[k] = place(instruction.input[k]);
    const bool isLast = instruction.output < 0;
    void* to = isLast ? output : temporaries.blocks[instruction.output - taken];
    (isLast ? last : instruction.loop)(from, to, count);
  }
}

}  // namespace distarray::kernels

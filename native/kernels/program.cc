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
  const int count = reader.next(1, static_cast<int>(length) / kInstructionLength + 1);
  const LoopTable& table = loopTable();
  for (int i = 0; i < count; i++) {
    const int operation =
        reader.next(-kDtypeCount, static_cast<int>(table.names().size()));
    const Dtype dtype = reader.dtype();
    Instruction instruction;
    if (operation < 0) {
      const auto to = static_cast<Dtype>(-1 - operation);
      instruction.loop = table.cast(dtype, to);
      instruction.inputs = 1;
      output_ = to;
    } else if (const LoopEntry* entry = table.find(operation, dtype)) {
      instruction.loop = entry->loop;
      instruction.inputs = entry->inputs;
      output_ = entry->output;
    }
    if (instruction.loop == nullptr) throw std::invalid_argument("no loop for an operation");
    for (int k = 0; k < kMaxInputs; k++) {
      const int value = reader.next(-1, values);
      if ((value >= 0) != (k < instruction.inputs)) throw std::invalid_argument("not a program");
      instruction.input[k] = value;
    }
    // Inputs are not written to, and the last output is the result.
    instruction.output = i == count - 1 ? reader.next(-1, 0) : reader.next(inputs, values);
    instructions_.push_back(instruction);
  }
  if (!reader.isAtEnd()) throw std::invalid_argument("not a program");
}

void Program::run(const void* const* inputs, void* output, size_t count) const {
  const int taken = this->inputs();
  const auto place = [&](int value) {
    return value < taken ? inputs[value] : temporaries.blocks[value - taken];
  };
  for (const Instruction& instruction : instructions_) {
    const void* from[kMaxInputs];
    for (int k = 0; k < instruction.inputs; k++) from[k] = place(instruction.input[k]);
    void* to = instruction.output < 0 ? output : temporaries.blocks[instruction.output - taken];
    instruction.loop(from, to, count);
  }
}

}  // namespace distarray::kernels

// Programs that are run again and again over the same memory: what follows from shapes, strides and overlaps is worked
// out once.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/program.h"

namespace distarray::kernels {

// An element of any dtype.
struct alignas(kMaxItemsize) Number {
  char bytes[kMaxItemsize];
};

// A program, and the boxes of elements that it is run for.
class PreparedProgram {
 public:
  explicit PreparedProgram(const Program& program);
  ~PreparedProgram();

  const Program& program() const { return program_; }
  // Where an input that is a number is read from.
  Number* number(int input) { return &numbers_[static_cast<size_t>(input)]; }

  // Adds a box: the inputs, then the output. Returns whether that can be prepared: not where an input overlaps the
  // output otherwise than element by element, and would have to be copied in every run.
  bool add(const Nest& nest);

  size_t boxes() const { return boxes_.size(); }
  // Runs the program for the boxes from `begin` to `end`, in the order in which they were added.
  void run(size_t begin, size_t end);

 private:
  struct Box;

  const Program& program_;
  std::array<Number, kMaxOperands> numbers_{};
  std::vector<std::unique_ptr<Box>> boxes_;
};

}  // namespace distarray::kernels

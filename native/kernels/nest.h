// Nested loops over several strided views of one shape.
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/dtype.h"

namespace distarray::kernels {

constexpr int kMaxDims = 32;
constexpr int kMaxOperands = 24;  // of a program: its inputs and the output; functions have five at most

// A view of memory: strides in bytes, of any sign, 0 where a dimension is broadcast.
struct Operand {
  char* data;
  Dtype dtype;
  int64_t strides[kMaxDims];

  size_t itemsize() const { return itemsizeOf(dtype); }
};

struct ByteRange {
  uintptr_t begin, end;

  bool meets(ByteRange other) const { return begin < other.end && other.begin < end; }
};

struct Nest {
  int ndim = 0;
  int64_t shape[kMaxDims];
  int count = 0;  // of operands
  Operand operands[kMaxOperands];

  bool isEmpty() const;
  int64_t size() const;
  ByteRange range(int operand) const;
  // Whether the operand's elements follow one another from dimension `first` on, without a gap.
  bool isContiguous(int operand, int first) const;
  // Whether every element of the operand lies where its dtype wants it.
  bool isAligned(int operand) const;
  // Whether two operands have the same elements at the same places.
  bool isSame(int operand, int other) const;
  // Makes the loops few and long without a change of what they visit: drops dimensions of size 1,
  // walks forwards through the primary operand, its shortest steps innermost, and joins dimensions
  // that are one.
  void simplify(int primary);
};

// Copies elements of `itemsize` bytes between two rows.
void copyRun(char* to, int64_t toStride, const char* from, int64_t fromStride, size_t count,
             size_t itemsize);

}  // namespace distarray::kernels

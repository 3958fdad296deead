#include "kernels/nest.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace distarray::kernels {
namespace {

// Whether dimension `a` belongs outside of dimension `b`: the primary operand decides, then the
// others, each where it moves in both.
bool isOuter(const Nest& nest, int primary, int a, int b) {
  for (int k = 0; k < nest.count; k++) {
    const int operand = k == 0 ? primary : k <= primary ? k - 1 : k;
    const int64_t first = std::abs(nest.operands[operand].strides[a]);
    const int64_t second = std::abs(nest.operands[operand].strides[b]);
    if (first != 0 && second != 0 && first != second) return first > second;
  }
  return a < b;
}

void swapDims(Nest& nest, int a, int b) {
  std::swap(nest.shape[a], nest.shape[b]);
  for (int k = 0; k < nest.count; k++) {
    std::swap(nest.operands[k].strides[a], nest.operands[k].strides[b]);
  }
}

void moveDim(Nest& nest, int to, int from) {
  nest.shape[to] = nest.shape[from];
  for (int k = 0; k < nest.count; k++) {
    nest.operands[k].strides[to] = nest.operands[k].strides[from];
  }
}

void dropUnitDims(Nest& nest) {
  int kept = 0;
  for (int dim = 0; dim < nest.ndim; dim++) {
    if (nest.shape[dim] != 1) moveDim(nest, kept++, dim);
  }
  nest.ndim = kept;
}

void walkForwards(Nest& nest, int primary) {
  for (int dim = 0; dim < nest.ndim; dim++) {
    if (nest.operands[primary].strides[dim] >= 0) continue;
    for (int k = 0; k < nest.count; k++) {
      Operand& operand = nest.operands[k];
      operand.data += operand.strides[dim] * (nest.shape[dim] - 1);
      operand.strides[dim] = -operand.strides[dim];
    }
  }
}

void sortDims(Nest& nest, int primary) {
  for (int dim = 1; dim < nest.ndim; dim++) {
    for (int at = dim; at > 0 && !isOuter(nest, primary, at - 1, at); at--) {
      swapDims(nest, at - 1, at);
    }
  }
}

bool areOne(const Nest& nest, int outer, int inner) {
  for (int k = 0; k < nest.count; k++) {
    const Operand& operand = nest.operands[k];
    if (operand.strides[outer] != operand.strides[inner] * nest.shape[inner]) return false;
  }
  return true;
}

void joinDims(Nest& nest) {
  if (nest.ndim == 0) return;
  int last = 0;
  for (int dim = 1; dim < nest.ndim; dim++) {
    if (areOne(nest, last, dim)) {
      const int64_t size = nest.shape[last] * nest.shape[dim];
      moveDim(nest, last, dim);
      nest.shape[last] = size;
    } else {
      moveDim(nest, ++last, dim);
    }
  }
  nest.ndim = last + 1;
}

template <size_t Size>
void copyItems(char* to, int64_t toStride, const char* from, int64_t fromStride, size_t count) {
  for (size_t i = 0; i < count; i++) {
    std::memcpy(to, from, Size);
    to += toStride;
    from += fromStride;
  }
}

}  // namespace

bool Nest::isEmpty() const { return std::find(shape, shape + ndim, 0) != shape + ndim; }

int64_t Nest::size() const {
  int64_t size = 1;
  for (int dim = 0; dim < ndim; dim++) size *= shape[dim];
  return size;
}

ByteRange Nest::range(int operand) const {
  const Operand& view = operands[operand];
  const auto data = reinterpret_cast<uintptr_t>(view.data);
  ByteRange range{data, data + view.itemsize()};
  for (int dim = 0; dim < ndim; dim++) {
    const int64_t reach = view.strides[dim] * (shape[dim] - 1);
    (reach < 0 ? range.begin : range.end) += static_cast<uintptr_t>(reach);
  }
  return range;
}

bool Nest::isContiguous(int operand, int first) const {
  const Operand& view = operands[operand];
  auto step = static_cast<int64_t>(view.itemsize());
  for (int dim = ndim - 1; dim >= first; dim--) {
    if (view.strides[dim] != step && shape[dim] != 1) return false;
    step *= shape[dim];
  }
  return true;
}

bool Nest::isAligned(int operand) const {
  const Operand& view = operands[operand];
  auto bits = reinterpret_cast<uintptr_t>(view.data);
  for (int dim = 0; dim < ndim; dim++) bits |= static_cast<uintptr_t>(view.strides[dim]);
  return bits % alignmentOf(view.dtype) == 0;
}

bool Nest::isSame(int operand, int other) const {
  const Operand& a = operands[operand];
  const Operand& b = operands[other];
  return a.data == b.data && a.itemsize() == b.itemsize() &&
         std::equal(a.strides, a.strides + ndim, b.strides);
}

void Nest::simplify(int primary) {
  dropUnitDims(*this);
  walkForwards(*this, primary);
  sortDims(*this, primary);
  joinDims(*this);
}

void copyRun(char* to, int64_t toStride, const char* from, int64_t fromStride, size_t count,
             size_t itemsize) {
  const auto size = static_cast<int64_t>(itemsize);
  if (toStride == size && fromStride == size) {
    std::memmove(to, from, count * itemsize);
    return;
  }
  switch (itemsize) {
    case 1:
      return copyItems<1>(to, toStride, from, fromStride, count);
    case 2:
      return copyItems<2>(to, toStride, from, fromStride, count);
    case 4:
      return copyItems<4>(to, toStride, from, fromStride, count);
    case 8:
      return copyItems<8>(to, toStride, from, fromStride, count);
    default:
      return copyItems<16>(to, toStride, from, fromStride, count);
  }
}

}  // namespace distarray::kernels

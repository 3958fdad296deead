#include "kernels/gather.h"

#include <cstring>
#include <vector>

#include "kernels/loop_table.h"

namespace distarray::kernels {
namespace {

// Byte offsets of the indexed elements of an axis; false when one is out of range.
bool offsetsOf(const AxisIndex& index, int64_t count, int64_t stride,
               std::vector<int64_t>& offsets) {
  offsets.resize(static_cast<size_t>(count));
  const void* input = index.data;
  loopTable().cast(index.dtype, Dtype::kInt64)(&input, offsets.data(), offsets.size());
  for (int64_t& offset : offsets) {
    if (offset < 0 || offset >= index.length) return false;
    offset *= stride;
  }
  return true;
}

template <size_t Size>
void copyIndexed(char* data, const int64_t* offsets, char* packed, int64_t stride, size_t count,
                 Direction direction) {
  if (direction == Direction::kGather) {
    for (size_t i = 0; i < count; i++, packed += stride) {
      std::memcpy(packed, data + offsets[i], Size);
    }
  } else {
    for (size_t i = 0; i < count; i++, packed += stride) {
      std::memcpy(data + offsets[i], packed, Size);
    }
  }
}

using CopyIndexed = void (*)(char*, const int64_t*, char*, int64_t, size_t, Direction);

CopyIndexed copyIndexedFor(size_t itemsize) {
  switch (itemsize) {
    case 1:
      return copyIndexed<1>;
    case 2:
      return copyIndexed<2>;
    case 4:
      return copyIndexed<4>;
    case 8:
      return copyIndexed<8>;
    default:
      return copyIndexed<16>;
  }
}

}  // namespace

int runGather(const Nest& nest, const AxisIndex* indices, Direction direction) {
  if (nest.isEmpty()) return -1;
  const Operand& indexed = nest.operands[0];
  const Operand& packed = nest.operands[1];
  std::vector<int64_t> offsets[kMaxDims];
  for (int dim = 0; dim < nest.ndim; dim++) {
    if (indices[dim].data == nullptr) continue;
    if (!offsetsOf(indices[dim], nest.shape[dim], indexed.strides[dim], offsets[dim])) return dim;
  }
  const size_t itemsize = indexed.itemsize();
  const CopyIndexed copy = copyIndexedFor(itemsize);
  const int inner = nest.ndim - 1;
  const auto count = static_cast<size_t>(inner < 0 ? 1 : nest.shape[inner]);
  const auto copyRow = [&](char* data, char* row) {
    if (inner >= 0 && !offsets[inner].empty()) {
      return copy(data, offsets[inner].data(), row, packed.strides[inner], count, direction);
    }
    const int64_t dataStride = inner < 0 ? 0 : indexed.strides[inner];
    const int64_t rowStride = inner < 0 ? 0 : packed.strides[inner];
    if (direction == Direction::kGather) return copyRun(row, rowStride, data, dataStride, count, itemsize);
    copyRun(data, dataStride, row, rowStride, count, itemsize);
  };
  int64_t index[kMaxDims] = {};
  for (;;) {
    char* data = indexed.data;
    char* row = packed.data;
    for (int dim = 0; dim < inner; dim++) {
      const auto i = static_cast<size_t>(index[dim]);
      data += offsets[dim].empty() ? indexed.strides[dim] * index[dim] : offsets[dim][i];
      row += packed.strides[dim] * index[dim];
    }
    copyRow(data, row);
    int dim = inner - 1;
    while (dim >= 0 && ++index[dim] == nest.shape[dim]) index[dim--] = 0;
    if (dim < 0) return -1;
  }
}

}  // namespace distarray::kernels

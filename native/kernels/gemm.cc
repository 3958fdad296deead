#include "kernels/gemm.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

#include "kernels/blas.h"

namespace distarray::kernels {
namespace {

// Inner indices that are packed at a time; the same for all, since sums are made in such blocks.
constexpr size_t kDepth = 256;
// Packed rows stay in the second-level cache, packed columns in the third.
constexpr size_t kRowBytes = 384 * 1024;
constexpr size_t kColumnBytes = 4 * 1024 * 1024;
// Products smaller than this are not worth a call of BLAS.
constexpr double kFewOperations = 4096;

// Memory for packing that a thread keeps: new pages cost as much as what is done with them.
class PackedMemory {
 public:
  char* take(size_t bytes) {
    if (bytes > size_) {
      memory_.reset();
      size_ = 0;
      const size_t whole = (bytes + 4095) / 4096 * 4096;
      memory_.reset(static_cast<char*>(std::aligned_alloc(4096, whole)));
      if (memory_ == nullptr) throw std::bad_alloc();
      size_ = whole;
    }
    return memory_.get();
  }
  // Gives back what long vectors have needed.
  void trim() {
    if (size_ <= kMostKept) return;
    memory_.reset();
    size_ = 0;
  }

 private:
  static constexpr size_t kMostKept = 16 * 1024 * 1024;
  struct Free {
    void operator()(char* memory) const { std::free(memory); }
  };
  std::unique_ptr<char, Free> memory_;
  size_t size_ = 0;
};
thread_local PackedMemory packedRows;
thread_local PackedMemory packedColumns;

size_t roundUp(size_t value, size_t to) { return (value + to - 1) / to * to; }

char* at(const MatrixView& view, size_t row, size_t column) {
  return view.data + static_cast<int64_t>(row) * view.rowStride +
         static_cast<int64_t>(column) * view.columnStride;
}

MatrixView from(const MatrixView& view, size_t row, size_t column) {
  return {at(view, row, column), view.rowStride, view.columnStride};
}

MatrixView transposed(const MatrixView& view) {
  return {view.data, view.columnStride, view.rowStride};
}

// cᵀ = bᵀ · aᵀ
MatrixProduct transposed(const MatrixProduct& p) {
  return {p.dtype, p.columns, p.rows, p.depth, transposed(p.b), transposed(p.a), transposed(p.c),
          p.adds};
}

void multiplyBlocks(const MatrixProduct& p, const ProductLoops& loops) {
  const size_t itemsize = itemsizeOf(p.dtype);
  const size_t depth = std::min(p.depth, kDepth);
  const size_t perStrip = depth * itemsize;
  const size_t rows =
      std::min(roundUp(p.rows, loops.rows),
               std::max<size_t>(1, kRowBytes / (perStrip * loops.rows)) * loops.rows);
  const size_t columns =
      std::min(roundUp(p.columns, loops.columns),
               std::max<size_t>(1, kColumnBytes / (perStrip * loops.columns)) * loops.columns);
  char* left = packedRows.take(rows * perStrip);
  char* right = packedColumns.take(columns * perStrip);
  for (size_t j = 0; j < p.columns; j += columns) {
    const size_t width = std::min(columns, p.columns - j);
    for (size_t k = 0; k < p.depth; k += kDepth) {
      const size_t inner = std::min(kDepth, p.depth - k);
      const bool adds = p.adds || k > 0;
      loops.packColumns(from(p.b, k, j), width, inner, right);
      for (size_t i = 0; i < p.rows; i += rows) {
        const size_t height = std::min(rows, p.rows - i);
        loops.packRows(from(p.a, i, k), height, inner, left);
        for (size_t jj = 0; jj < width; jj += loops.columns) {
          for (size_t ii = 0; ii < height; ii += loops.rows) {
            loops.multiplyTile(left + ii * inner * itemsize, right + jj * inner * itemsize, inner,
                               from(p.c, i + ii, j + jj), std::min(loops.rows, height - ii),
                               std::min(loops.columns, width - jj), adds);
          }
        }
      }
    }
  }
}

// The elements of a row as neighbours: where they are, or copied to `room`.
const char* neighbours(const char* row, int64_t stride, size_t count, size_t itemsize,
                       PackedMemory& room) {
  const auto item = static_cast<int64_t>(itemsize);
  if (stride == item || count <= 1) return row;
  char* copy = room.take(count * itemsize);
  copyRun(copy, item, row, stride, count, itemsize);
  return copy;
}

// A matrix by one column, where the matrix need not be packed; false where it must.
bool multiplyVector(const MatrixProduct& p, const ProductLoops& loops) {
  const size_t itemsize = itemsizeOf(p.dtype);
  const auto item = static_cast<int64_t>(itemsize);
  const bool hasRows = p.a.columnStride == item || p.depth == 1 || p.rows == 1;
  const bool hasColumns = p.a.rowStride == item;
  if (!hasRows && !hasColumns) return false;
  const char* vector = neighbours(p.b.data, p.b.rowStride, p.depth, itemsize, packedColumns);
  if (hasRows) {
    for (size_t i = 0; i < p.rows; i++) {
      const char* row = neighbours(at(p.a, i, 0), p.a.columnStride, p.depth, itemsize, packedRows);
      loops.multiplyRow(row, vector, p.depth, at(p.c, i, 0), p.adds);
    }
    return true;
  }
  // Sums of so many rows stay in the first-level cache.
  constexpr size_t kRows = 1024;
  char* sums = packedRows.take(kRows * itemsize);
  for (size_t i = 0; i < p.rows; i += kRows) {
    const size_t count = std::min(kRows, p.rows - i);
    if (p.adds) {
      copyRun(sums, item, at(p.c, i, 0), p.c.rowStride, count, itemsize);
    } else {
      std::memset(sums, 0, count * itemsize);
    }
    loops.addColumns(at(p.a, i, 0), p.a.columnStride, vector, p.depth, sums, count);
    copyRun(at(p.c, i, 0), p.c.rowStride, sums, item, count, itemsize);
  }
  return true;
}

void clear(const MatrixProduct& p) {
  const size_t itemsize = itemsizeOf(p.dtype);
  for (size_t i = 0; i < p.rows; i++) {
    for (size_t j = 0; j < p.columns; j++) std::memset(at(p.c, i, j), 0, itemsize);
  }
}

}  // namespace

void multiplyMatrices(const MatrixProduct& p) {
  if (p.rows == 0 || p.columns == 0) return;
  if (p.depth == 0) {
    if (!p.adds) clear(p);
    return;
  }
  const ProductLoops& loops = productTable().of(p.dtype);
  const bool isDone = (p.columns == 1 && multiplyVector(p, loops)) ||
                      (p.rows == 1 && multiplyVector(transposed(p), loops));
  packedRows.trim();
  packedColumns.trim();
  if (isDone) return;
  const double operations = static_cast<double>(p.rows) * static_cast<double>(p.columns) *
                            static_cast<double>(p.depth);
  if (operations > kFewOperations && multiplyByBlas(p)) return;
  // Tiles are written along rows.
  const auto item = static_cast<int64_t>(itemsizeOf(p.dtype));
  const bool isTurned = p.c.columnStride != item && p.c.rowStride == item;
  multiplyBlocks(isTurned ? transposed(p) : p, loops);
}

void runGemm(const Nest& nest, bool adds) {
  if (nest.ndim < 3 || nest.count != 3) return;
  const int rows = nest.ndim - 3;
  const int columns = nest.ndim - 2;
  const int inner = nest.ndim - 1;
  auto viewOf = [&](int k, int row, int column) {
    const Operand& operand = nest.operands[k];
    return MatrixView{operand.data, operand.strides[row], operand.strides[column]};
  };
  MatrixProduct product{nest.operands[2].dtype,
                        static_cast<size_t>(nest.shape[rows]),
                        static_cast<size_t>(nest.shape[columns]),
                        static_cast<size_t>(nest.shape[inner]),
                        viewOf(0, rows, inner),
                        viewOf(1, inner, columns),
                        viewOf(2, rows, columns),
                        adds};
  for (int dim = 0; dim < rows; dim++) {
    if (nest.shape[dim] == 0) return;
  }
  int64_t index[kMaxDims] = {};
  MatrixView* views[] = {&product.a, &product.b, &product.c};
  for (;;) {
    multiplyMatrices(product);
    int dim = rows - 1;
    for (; dim >= 0; dim--) {
      const bool wraps = ++index[dim] == nest.shape[dim];
      if (wraps) index[dim] = 0;
      for (int k = 0; k < 3; k++) {
        const int64_t stride = nest.operands[k].strides[dim];
        views[k]->data += wraps ? -stride * (nest.shape[dim] - 1) : stride;
      }
      if (!wraps) break;
    }
    if (dim < 0) return;
  }
}

}  // namespace distarray::kernels

// The inner loops of matrix products, of every dtype: what lies between packed memory and
// registers.
#pragma once

#include "kernels/dtype.h"

namespace distarray::kernels {

// A matrix in memory: how far apart its rows and its columns are, in bytes.
struct MatrixView {
  char* data;
  int64_t rowStride;
  int64_t columnStride;
};

// Products are made tile by tile: `rows` × `columns` sums stay in registers while the inner
// dimension passes. Packed operands are strips of so many rows or columns, one after the other;
// within a strip what belongs to one inner index lies together. Strips at the edges are filled up
// with zeros.
struct ProductLoops {
  size_t rows = 0;
  size_t columns = 0;
  // Packs rows of the left operand; `depth` inner indices.
  void (*packRows)(const MatrixView& from, size_t rows, size_t depth, void* packed) = nullptr;
  // Packs columns of the right operand.
  void (*packColumns)(const MatrixView& from, size_t columns, size_t depth, void* packed) = nullptr;
  // Writes the product of two strips to the first `rows` × `columns` elements of a tile, or adds
  // it.
  void (*multiplyTile)(const void* left, const void* right, size_t depth, const MatrixView& to,
                       size_t rows, size_t columns, bool adds) = nullptr;
  // The sum of the products of two rows of `depth` neighbouring elements, written or added.
  void (*multiplyRow)(const void* left, const void* right, size_t depth, void* to,
                      bool adds) = nullptr;
  // to[i] += Σ columns[p][i] · factors[p] of columns that lie `stride` bytes apart, `count`
  // elements in each, all neighbours.
  void (*addColumns)(const char* columns, int64_t stride, const void* factors, size_t depth,
                     void* to, size_t count) = nullptr;
};

class ProductTable {
 public:
  void add(Dtype dtype, const ProductLoops& loops) { loops_[static_cast<int>(dtype)] = loops; }
  const ProductLoops& of(Dtype dtype) const { return loops_[static_cast<int>(dtype)]; }

 private:
  ProductLoops loops_[kDtypeCount];
};

// The table for the instruction set that this process uses (loop_table.h).
const ProductTable& productTable();

// What loops/products.cc defines, once for every instruction set.
namespace baseline {
void addProducts(ProductTable& table);
}
namespace avx2 {
void addProducts(ProductTable& table);
}
namespace avx512 {
void addProducts(ProductTable& table);
}

}  // namespace distarray::kernels

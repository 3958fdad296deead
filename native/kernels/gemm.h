// Matrix products of strided views: blocked for the caches, packed for the registers.
#pragma once

#include "kernels/nest.h"
#include "kernels/product_table.h"

namespace distarray::kernels {

// c = a · b, or c += a · b: (rows, depth) · (depth, columns). All are of one dtype. Sums of
// integers wrap around; those of bools are whether there is a pair of true ones.
struct MatrixProduct {
  Dtype dtype;
  size_t rows, columns, depth;
  MatrixView a, b, c;
  bool adds;
};

// `c` shares no memory with the operands.
void multiplyMatrices(const MatrixProduct& product);

// The products of the last three dimensions of a nest: rows, columns, inner dimension, which `a`,
// `b` and `c`, its operands, have two of each; the other dimensions are a stack of such products.
void runGemm(const Nest& nest, bool adds);

}  // namespace distarray::kernels

// OpenBLAS for products of floats, where it is asked for and can be loaded.
#pragma once

#include "kernels/gemm.h"

namespace distarray::kernels {

// Computes a product by BLAS; false where it is not used, or the operands are not what it takes.
bool multiplyByBlas(const MatrixProduct& product);

// What computes products of floats: `openblas`, or `none` for our own loops. DISTARRAY_BLAS, one of
// these names, asks for it; without it our own do, which are as fast with AVX2 and faster with
// AVX-512, and give the same bits on every processor.
const char* blasName();

}  // namespace distarray::kernels

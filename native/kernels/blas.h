// OpenBLAS for products of floats, where CMake has found it. It is asked to stay on one thread: the
// processes of a job are what runs side by side.
#pragma once

#include "kernels/gemm.h"

namespace distarray::kernels {

// Computes a product by BLAS; false where there is none, or the operands are not what it takes.
bool multiplyByBlas(const MatrixProduct& product);

// What products of floats are computed by: `openblas`, or `none` for the loops of our own. DISTARRAY_BLAS
// chooses.
const char* blasName();

}  // namespace distarray::kernels

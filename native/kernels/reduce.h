// Reductions over strided views: sum, min, var, argmax …
#pragma once

#include "kernels/nest.h"
#include "kernels/reduction_table.h"

namespace distarray::kernels {

// Adds the elements of operand 0 of `nest` to the states of operand 1, whose strides are 0 along the
// reduced dimensions. Operand 2 is no memory: its address and strides are the elements' places. With
// `masked`, operand 3 is a bool view of the elements that count. The elements are cast to `compute`,
// the dtype of the entry.
void runReduction(const ReductionEntry& entry, Dtype compute, Nest& nest, bool masked);

}  // namespace distarray::kernels

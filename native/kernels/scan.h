// Cumulative sums and products of strided views.
#pragma once

#include "kernels/nest.h"
#include "kernels/reduction_table.h"

namespace distarray::kernels {

// Along the last dimension of `nest`, writes to operand 1 what the states of operand 2 (stride 0
// along that dimension) tell after each element of operand 0, which is cast to `compute`. Operand 1
// has the entry's output dtype, and shares no memory with operand 0.
void runScan(const ReductionEntry& entry, Dtype compute, Nest& nest);

}  // namespace distarray::kernels

// Operations on strided views of one shape, element by element.
#pragma once

#include "kernels/loop_table.h"
#include "kernels/nest.h"
#include "kernels/program.h"

namespace distarray::kernels {

// Performs `entry` on the operands of `nest`: its inputs, then the output, then, when `masked`, a bool
// view that tells which elements of the output are written. Operands of other dtypes than the loop's
// are cast on the way. Operands may overlap in any way; only then temporary memory is taken.
void runElementwise(const LoopEntry& entry, Nest& nest, bool masked);

// Performs a program on the operands of `nest`, its inputs and then the output, in one pass over them.
void runProgram(const Program& program, Nest& nest);

// Copies operand 1 to operand 0, which may overlap; casts if the dtypes differ.
void runCopy(Nest& nest);

}  // namespace distarray::kernels

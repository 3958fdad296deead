#include "kernels/loops/loops.h"

namespace distarray::kernels::DISTARRAY_ISA {

void addLoops(LoopTable& table) {
  addArithmetic(table);
  addComparison(table);
  addInteger(table);
  addRealMath(table);
  addCasts(table);
  addPairs(table);
  addStreaming(table);
}

}  // namespace distarray::kernels::DISTARRAY_ISA

#include "kernels/reduction_table.h"

namespace distarray::kernels::DISTARRAY_ISA {

void addReductions(ReductionTable& table) {
  addSums(table);
  addExtremes(table);
  addPlaces(table);
  addMoments(table);
}

}  // namespace distarray::kernels::DISTARRAY_ISA

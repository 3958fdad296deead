#include "kernels/product_table.h"

#include <cstring>

#include "kernels/loop_table.h"

namespace distarray::kernels {

const ProductTable& productTable() {
  // Never destroyed: kernels may run until the process has ended.
  static const ProductTable* table = [] {
    auto* made = new ProductTable;
#ifdef DISTARRAY_X86_KERNELS
    if (!std::strcmp(instructionSet(), "avx512")) {
      avx512::addProducts(*made);
      return made;
    }
    if (!std::strcmp(instructionSet(), "avx2")) {
      avx2::addProducts(*made);
      return made;
    }
#endif
    baseline::addProducts(*made);
    return made;
  }();
  return *table;
}

}  // namespace distarray::kernels

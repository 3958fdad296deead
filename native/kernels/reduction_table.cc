#include "kernels/reduction_table.h"

#include <algorithm>
#include <cstring>

#include "kernels/loop_table.h"

namespace distarray::kernels {

void ReductionTable::add(const char* name, Dtype compute, const ReductionEntry& entry) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto row = static_cast<size_t>(found - names_.begin());
  if (found == names_.end()) {
    names_.emplace_back(name);
    rows_.emplace_back();
  }
  rows_[row].byDtype[static_cast<int>(compute)] = entry;
}

const ReductionEntry* ReductionTable::find(int operation, Dtype compute) const {
  if (operation < 0 || static_cast<size_t>(operation) >= rows_.size()) return nullptr;
  const auto& entry = rows_[static_cast<size_t>(operation)].byDtype[static_cast<int>(compute)];
  return entry.addRow == nullptr ? nullptr : &entry;
}

const ReductionTable& reductionTable() {
  // Never destroyed: kernels may run until the process has ended.
  static const ReductionTable* table = [] {
    auto* made = new ReductionTable;
#ifdef DISTARRAY_X86_KERNELS
    if (!std::strcmp(instructionSet(), "avx512")) {
      avx512::addReductions(*made);
      return made;
    }
    if (!std::strcmp(instructionSet(), "avx2")) {
      avx2::addReductions(*made);
      return made;
    }
#endif
    baseline::addReductions(*made);
    return made;
  }();
  return *table;
}

}  // namespace distarray::kernels

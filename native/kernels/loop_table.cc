#include "kernels/loop_table.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "kernels/loops/loops.h"

namespace distarray::kernels {
namespace {

struct Choice {
  const char* name;
  void (*addLoops)(LoopTable&);
  bool (*supported)();
};

// Best first.
const Choice kChoices[] = {
#ifdef DISTARRAY_X86_KERNELS
    {"avx512", avx512::addLoops,
     [] {
       return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
              __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
              __builtin_cpu_supports("fma");
     }},
    {"avx2", avx2::addLoops,
     [] { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }},
#endif
    {"baseline", baseline::addLoops, [] { return true; }},
};

const Choice& choose() {
  const char* wanted = std::getenv("DISTARRAY_SIMD");
  const Choice* first = std::begin(kChoices);
  if (wanted != nullptr) {
    first = std::find_if(std::begin(kChoices), std::end(kChoices),
                         [&](const Choice& choice) { return !std::strcmp(choice.name, wanted); });
    if (first == std::end(kChoices)) first = std::begin(kChoices);
  }
  return *std::find_if(first, std::end(kChoices),
                       [](const Choice& choice) { return choice.supported(); });
}

const Choice& chosen() {
  static const Choice& choice = choose();
  return choice;
}

}  // namespace

void LoopTable::add(const char* name, Dtype compute, const LoopEntry& entry) {
  const auto found = std::find(names_.begin(), names_.end(), name);
  const auto row = static_cast<size_t>(found - names_.begin());
  if (found == names_.end()) {
    names_.emplace_back(name);
    rows_.emplace_back();
  }
  rows_[row].byDtype[static_cast<int>(compute)] = entry;
}

void LoopTable::addCast(Dtype from, Dtype to, Loop loop) {
  casts_[static_cast<int>(from)][static_cast<int>(to)] = loop;
}

const LoopEntry* LoopTable::find(int operation, Dtype compute) const {
  if (operation < 0 || static_cast<size_t>(operation) >= rows_.size()) return nullptr;
  const LoopEntry& entry = rows_[static_cast<size_t>(operation)].byDtype[static_cast<int>(compute)];
  return entry.loop == nullptr ? nullptr : &entry;
}

const LoopTable& loopTable() {
  // Never destroyed: kernels may run until the process has ended.
  static const LoopTable* table = [] {
    auto* made = new LoopTable;
    addComplexLoops(*made);
    chosen().addLoops(*made);
    return made;
  }();
  return *table;
}

const char* instructionSet() { return chosen().name; }

}  // namespace distarray::kernels

// The inner loops of reductions and scans: of every operation and dtype how elements are added to a
// state, which is what is kept of the elements seen so far (a sum with its rounding errors, say).
// States of other ranks can be merged, and in the end a state tells the result.
#pragma once

#include <string>
#include <vector>

#include "kernels/dtype.h"

namespace distarray::kernels {

// All memory is contiguous and aligned; `states` may be those of neighbouring results.
struct ReductionEntry {
  size_t stateSize = 0;  // bytes
  Dtype output = Dtype::kBool;
  // Makes states those of no elements at all.
  void (*clear)(void* states, size_t count) = nullptr;
  // Adds a row of elements to one state. The elements' places are index, index + step, …: of equal
  // elements argmin and argmax take that at the lowest place.
  void (*addRow)(const void* row, size_t count, int64_t index, int64_t step, void* state) = nullptr;
  // Adds rows that lie one below the other to the states of their columns; `indices` are the places
  // of the rows.
  void (*addRows)(const void* const* rows, const int64_t* indices, size_t rowCount, size_t count,
                  void* states) = nullptr;
  // into[i] = from[i] ∘ into[i]
  void (*merge)(const void* from, void* into, size_t count) = nullptr;
  // What the states tell, in elements of the output's dtype. `parameter`: see the operation.
  void (*finish)(const void* states, void* output, size_t count, double parameter) = nullptr;
  // Adds the elements of a row one after the other to a state, and writes what it tells after each.
  void (*scanRow)(const void* row, void* output, size_t count, void* state) = nullptr;
  // Adds each element of a row to the state of its column, and writes what that tells.
  void (*scanColumns)(const void* row, void* output, size_t count, void* states) = nullptr;
};

class ReductionTable {
 public:
  // Makes `entry` that of operation `name` for elements of dtype `compute`.
  void add(const char* name, Dtype compute, const ReductionEntry& entry);

  // Names of the operations; the index of a name is the operation's number.
  const std::vector<std::string>& names() const { return names_; }
  // Null when there is none.
  const ReductionEntry* find(int operation, Dtype compute) const;

 private:
  struct Row {
    ReductionEntry byDtype[kDtypeCount];
  };
  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

// The table for the instruction set that this process uses (loop_table.h).
const ReductionTable& reductionTable();

// What the files of loops/ define, once for every instruction set.
#define DISTARRAY_DECLARE_REDUCTIONS(isa)     \
  namespace isa {                             \
  void addReductions(ReductionTable& table);  \
  void addSums(ReductionTable& table);        \
  void addExtremes(ReductionTable& table);    \
  void addPlaces(ReductionTable& table);      \
  void addMoments(ReductionTable& table);     \
  }
DISTARRAY_DECLARE_REDUCTIONS(baseline)
DISTARRAY_DECLARE_REDUCTIONS(avx2)
DISTARRAY_DECLARE_REDUCTIONS(avx512)
#undef DISTARRAY_DECLARE_REDUCTIONS

}  // namespace distarray::kernels

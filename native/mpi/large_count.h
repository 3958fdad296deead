// Counts beyond an int.
//
// MPI's counts are ints. More elements than that become one element of a datatype that is composed
// of blocks; both MPIs send gigabytes of such a type at full speed, and its signature is that of
// the elements, so that the other side may describe them in another way. Reductions know predefined
// datatypes only, and are performed in chunks.
#pragma once

#include "mpi/mpi_state.h"

namespace distarray {

// The largest count that is given to MPI: INT_MAX, or what DISTARRAY_MAX_COUNT says, so that tests
// need no gigabytes. The same on all ranks: it decides how many collectives a reduction is.
int largestCount();

// A datatype of `count` elements of `type`, one after the other; the caller frees it.
MPI_Datatype composeType(MPI_Count count, MPI_Datatype type, int maxCount);

// The count and the datatype in two slots as MPI takes them.
class Elements {
 public:
  Elements(MpiState& mpi, Slot countSlot, Slot typeSlot) : type_(mpi.datatype(typeSlot)) {
    const double wanted = mpi.command[countSlot];
    if (wanted <= mpi.maxCount) {
      count_ = static_cast<int>(wanted);
    } else {
      type_ = composed_ = composeType(static_cast<MPI_Count>(wanted), type_, mpi.maxCount);
      MPI_Type_commit(&type_);
      count_ = 1;
    }
  }

  Elements(const Elements&) = delete;
  Elements& operator=(const Elements&) = delete;

  // MPI keeps the datatype of a communication that was only started until it is complete.
  ~Elements() {
    if (composed_ != MPI_DATATYPE_NULL) MPI_Type_free(&composed_);
  }

  int count() const { return count_; }
  MPI_Datatype type() const { return type_; }

 private:
  MPI_Datatype type_;
  MPI_Datatype composed_ = MPI_DATATYPE_NULL;
  int count_;
};

// The datatype of blocks whose counts and displacements are multiples of the number of elements in
// a slot, and were divided by it (src/mpi/counts.ts).
class BlockUnit {
 public:
  BlockUnit(MpiState& mpi, Slot unitSlot, Slot typeSlot) : type_(mpi.datatype(typeSlot)) {
    const MPI_Count unit = mpi.command.wide(unitSlot);
    if (unit <= 1) return;
    type_ = composed_ = composeType(unit, type_, mpi.maxCount);
    MPI_Type_commit(&type_);
  }

  BlockUnit(const BlockUnit&) = delete;
  BlockUnit& operator=(const BlockUnit&) = delete;

  ~BlockUnit() {
    if (composed_ != MPI_DATATYPE_NULL) MPI_Type_free(&composed_);
  }

  MPI_Datatype type() const { return type_; }

 private:
  MPI_Datatype type_;
  MPI_Datatype composed_ = MPI_DATATYPE_NULL;
};

}  // namespace distarray

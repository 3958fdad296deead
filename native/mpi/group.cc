// Groups of processes. All of this is local.
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// kArgument0: group; kOutput: rank (MPI_UNDEFINED outside), kOutput2: size.
void groupRankAndSize(MpiState& mpi, Command& c) {
  MPI_Group group = mpi.group(kArgument0);
  int rank = 0;
  int size = 0;
  check(MPI_Group_rank(group, &rank));
  check(MPI_Group_size(group, &size));
  c[kOutput] = rank;
  c[kOutput2] = size;
}

// kArgument0, kArgument1: groups, kArgument2: 0 union, 1 intersection, 2 difference; kOutput:
// group.
void groupCombine(MpiState& mpi, Command& c) {
  using Combine = int (*)(MPI_Group, MPI_Group, MPI_Group*);
  static constexpr Combine kCombine[] = {MPI_Group_union, MPI_Group_intersection,
                                         MPI_Group_difference};
  MPI_Group result;
  check(kCombine[c.integer(kArgument2)](mpi.group(kArgument0), mpi.group(kArgument1), &result));
  c[kOutput] = mpi.insertGroup(result);
}

// kArgument0: group, kSendAddress: ranks, kSendCount of them, kArgument1: 0 incl, 1 excl;
// kOutput: group.
void groupSelect(MpiState& mpi, Command& c) {
  const auto select = c.integer(kArgument1) ? MPI_Group_excl : MPI_Group_incl;
  MPI_Group result;
  check(
      select(mpi.group(kArgument0), c.integer(kSendCount), c.address<int>(kSendAddress), &result));
  c[kOutput] = mpi.insertGroup(result);
}

// The same with kSendCount ranges of first, last, stride.
void groupSelectRanges(MpiState& mpi, Command& c) {
  const auto select = c.integer(kArgument1) ? MPI_Group_range_excl : MPI_Group_range_incl;
  MPI_Group result;
  check(select(mpi.group(kArgument0), c.integer(kSendCount), c.address<int[3]>(kSendAddress),
               &result));
  c[kOutput] = mpi.insertGroup(result);
}

// kArgument0: group, kSendAddress: ranks, kSendCount of them, kArgument1: other group,
// kRecvAddress: room for their ranks there.
void groupTranslate(MpiState& mpi, Command& c) {
  check(MPI_Group_translate_ranks(mpi.group(kArgument0), c.integer(kSendCount),
                                  c.address<int>(kSendAddress), mpi.group(kArgument1),
                                  c.address<int>(kRecvAddress)));
}

// kArgument0, kArgument1: groups; kOutput: 0 identical, 2 similar, 3 unequal.
void groupCompare(MpiState& mpi, Command& c) {
  int result = MPI_UNEQUAL;
  check(MPI_Group_compare(mpi.group(kArgument0), mpi.group(kArgument1), &result));
  c[kOutput] = result == MPI_IDENT ? 0 : result == MPI_SIMILAR ? 2 : 3;
}

void groupFree(MpiState& mpi, Command& c) {
  MPI_Group group = mpi.group(kArgument0);
  if (group == MPI_GROUP_EMPTY && c.integer(kArgument0) == mpi.groups.handleOf(MPI_GROUP_EMPTY)) {
    throw MpiFailure{MPI_ERR_GROUP};
  }
  // A result that is empty is the predefined group, which MPICH does not let go.
  if (group != MPI_GROUP_EMPTY) check(MPI_Group_free(&group));
  mpi.groups.erase(c.integer(kArgument0));
}

// kArgument0: group; kOutput: the number that Fortran knows it by.
void groupToFortran(MpiState& mpi, Command& c) {
  c[kOutput] = MPI_Group_c2f(mpi.group(kArgument0));
}

}  // namespace

void exportGroup(Napi::Object exports, MpiState& state) {
  exportCommand<groupRankAndSize>(exports, state, "groupRankAndSize");
  exportCommand<groupCombine>(exports, state, "groupCombine");
  exportCommand<groupSelect>(exports, state, "groupSelect");
  exportCommand<groupSelectRanges>(exports, state, "groupSelectRanges");
  exportCommand<groupTranslate>(exports, state, "groupTranslate");
  exportCommand<groupCompare>(exports, state, "groupCompare");
  exportCommand<groupToFortran>(exports, state, "groupToFortran");
  exportCommand<groupFree>(exports, state, "groupFree");
}

}  // namespace distarray

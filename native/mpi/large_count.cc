#include "mpi/large_count.h"

#include <climits>
#include <cstdlib>
#include <vector>

namespace distarray {

int largestCount() {
  const char* wanted = std::getenv("DISTARRAY_MAX_COUNT");
  const long limit = wanted ? std::strtol(wanted, nullptr, 10) : 0;
  return limit > 0 && limit < INT_MAX ? static_cast<int>(limit) : INT_MAX;
}

MPI_Datatype composeType(MPI_Count count, MPI_Datatype type, int maxCount) {
  MPI_Datatype composed;
  if (count <= maxCount) {
    check(MPI_Type_contiguous(static_cast<int>(count), type, &composed));
    return composed;
  }
  MPI_Aint lowerBound, extent;
  check(MPI_Type_get_extent(type, &lowerBound, &extent));
  const auto blocks = static_cast<size_t>((count + maxCount - 1) / maxCount);
  std::vector<int> lengths(blocks, maxCount);
  std::vector<MPI_Aint> displacements(blocks);
  for (size_t b = 0; b < blocks; b++) {
    displacements[b] = static_cast<MPI_Aint>(b) * maxCount * extent;
  }
  lengths.back() = static_cast<int>(count - static_cast<MPI_Count>(blocks - 1) * maxCount);
  check(MPI_Type_create_hindexed(static_cast<int>(blocks), lengths.data(), displacements.data(),
                                 type, &composed));
  return composed;
}

}  // namespace distarray

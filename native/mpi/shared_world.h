#ifndef DISTARRAY_MPI_SHARED_WORLD_H_
#define DISTARRAY_MPI_SHARED_WORLD_H_

#include <cstdlib>
#include <cstring>

namespace distarray {

/**
 * Whether MPI_COMM_WORLD holds other programs beside ours (`mpiexec -n 2 node … : -n 2 python3 …`).
 * They know nothing of what we would do together when the job begins and ends, and would never come:
 * so then we do none of it. Open MPI tells that there are several programs; elsewhere
 * DISTARRAY_WORLD=shared does.
 */
inline bool worldIsShared() {
  if (const char* said = std::getenv("DISTARRAY_WORLD"); said && *said) {
    return std::strcmp(said, "shared") == 0;
  }
  const char* programs = std::getenv("OMPI_NUM_APP_CTX");
  return programs && std::atoi(programs) > 1;
}

}  // namespace distarray

#endif  // DISTARRAY_MPI_SHARED_WORLD_H_

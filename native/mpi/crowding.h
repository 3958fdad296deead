// More ranks than cores.
//
// MPI waits by spinning. Where a host has more ranks than cores, a rank that spins keeps the one it
// waits for from its core until the time slice ends: a barrier of 4 MPICH ranks on 2 cores takes
// 20 ms, and 0.2 ms when they yield. There we start the nonblocking form of every call and yield
// the core between two looks.
#pragma once

#include <mpi.h>
#include <sched.h>

namespace distarray {

// Whether some host of the job has more ranks than cores (or DISTARRAY_YIELD says so). Collective,
// and the same on all ranks: a blocking collective does not match a nonblocking one.
bool jobIsCrowded();

// MPI_Waitall that yields.
template <int Count>
int waitYielding(MPI_Request (&requests)[Count], MPI_Status* statuses) {
  for (int done = 0;;) {
    const int code = MPI_Testall(Count, requests, &done, statuses);
    if (code != MPI_SUCCESS || done) return code;
    sched_yield();
  }
}

}  // namespace distarray

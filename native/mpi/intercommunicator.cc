// Communicators between two groups of processes.
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// kOutput: number of processes on the other side.
void remoteSize(MpiState& mpi, Command& c) {
  int size = 0;
  check(MPI_Comm_remote_size(mpi.communicator(), &size));
  c[kOutput] = size;
}

// kOutput: handle of the group on the other side.
void remoteGroup(MpiState& mpi, Command& c) {
  MPI_Group group;
  check(MPI_Comm_remote_group(mpi.communicator(), &group));
  c[kOutput] = mpi.insertGroup(group);
}

// kRoot: local leader, kArgument0: peer communicator (0 where it does not count), kArgument1:
// remote leader, kSendTag: tag; kOutput: handle.
void createIntercommunicator(MpiState& mpi, Command& c) {
  MPI_Comm peer = c.integer(kArgument0) ? mpi.communicator(kArgument0) : MPI_COMM_NULL;
  MPI_Comm result;
  check(MPI_Intercomm_create(mpi.communicator(), c.integer(kRoot), peer, c.integer(kArgument1),
                             c.integer(kSendTag), &result));
  c[kOutput] = mpi.insertOrphan(result);
}

// kArgument0: whether this side's ranks come after the other's; kOutput: handle.
void mergeIntercommunicator(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Intercomm_merge(mpi.communicator(), c.integer(kArgument0), &result));
  c[kOutput] = mpi.insertOrphan(result);
}

}  // namespace

void exportIntercommunicator(Napi::Object exports, MpiState& state) {
  exportCommand<remoteSize>(exports, state, "remoteSize");
  exportCommand<remoteGroup>(exports, state, "remoteGroup");
  exportCommand<createIntercommunicator>(exports, state, "createIntercommunicator");
  exportCommand<mergeIntercommunicator>(exports, state, "mergeIntercommunicator");
}

}  // namespace distarray

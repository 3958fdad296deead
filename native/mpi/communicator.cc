#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// kOutput: rank, kOutput2: size.
void rankAndSize(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  int rank = 0;
  int size = 0;
  check(MPI_Comm_rank(comm, &rank));
  check(MPI_Comm_size(comm, &size));
  c[kOutput] = rank;
  c[kOutput2] = size;
}

// kOutput: handle of the duplicate.
void dup(MpiState& mpi, Command& c) {
  MPI_Comm result;
  mpi.perform(MPI_Comm_dup, MPI_Comm_idup, mpi.communicator(), &result);
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: color, kArgument1: key; kOutput: handle, 0 for MPI_COMM_NULL.
void split(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Comm_split(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

void freeCommunicator(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  if (comm == MPI_COMM_WORLD || comm == MPI_COMM_SELF) throw MpiFailure{MPI_ERR_COMM};
  check(MPI_Comm_free(&comm));
  mpi.communicators.erase(c.integer(kComm));
}

// kArgument0: exit code. Does not come back.
void abort(MpiState& mpi, Command& c) {
  check(MPI_Abort(mpi.communicator(), c.integer(kArgument0)));
}

}  // namespace

void exportCommunicator(Napi::Object exports, MpiState& state) {
  exportCommand<rankAndSize>(exports, state, "rankAndSize");
  exportCommand<dup>(exports, state, "dup");
  exportCommand<split>(exports, state, "split");
  exportCommand<freeCommunicator>(exports, state, "free");
  exportCommand<abort>(exports, state, "abort");
}

}  // namespace distarray

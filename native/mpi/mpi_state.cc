#include "mpi/mpi_state.h"

namespace distarray {

int MpiState::insertCommunicator(MPI_Comm comm) {
  if (comm == MPI_COMM_NULL) return 0;
  const int handle = communicators.insert(comm);
  if (handle == 0) {
    MPI_Comm_free(&comm);
    throw MpiFailure{MPI_ERR_NO_MEM};
  }
  return handle;
}

int MpiState::insertOrphan(MPI_Comm comm) {
  if (comm != MPI_COMM_NULL) MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
  return insertCommunicator(comm);
}

int MpiState::insertGroup(MPI_Group group) {
  const int handle = groups.insert(group);
  if (handle == 0) {
    MPI_Group_free(&group);
    throw MpiFailure{MPI_ERR_NO_MEM};
  }
  return handle;
}

void MpiState::insertRequest(MPI_Request request, MPI_Datatype type, bool persistent) {
  const int handle = requests.insert({request, type, persistent});
  if (handle == 0) throw MpiFailure{MPI_ERR_NO_MEM};
  command[kOutput] = handle;
}

void MpiState::setStatus(const MPI_Status& status, MPI_Datatype type) {
  int count = 0;
  MPI_Get_count(&status, type, &count);
  command[kStatusSource] = status.MPI_SOURCE;
  command[kStatusTag] = status.MPI_TAG;
  command[kStatusCount] = count == MPI_UNDEFINED ? -1 : count;
}

}  // namespace distarray

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

void MpiState::insertRequest(MPI_Request request, CountedType type, bool persistent) {
  const int handle = requests.insert({request, type, persistent});
  if (handle == 0) throw MpiFailure{MPI_ERR_NO_MEM};
  command[kOutput] = handle;
}

MPI_Count bytesOf(const MPI_Status& status) {
  MPI_Count bytes = 0;
  MPI_Get_elements_x(&status, MPI_BYTE, &bytes);
  return bytes;
}

double countOf(MPI_Count bytes, CountedType type) {
  if (type.unit <= 0) return bytes == 0 ? 0 : -1;
  return bytes % type.unit == 0 ? static_cast<double>(bytes / type.unit) : -1;
}

void MpiState::setStatus(const MPI_Status& status, CountedType type) {
  command[kStatusSource] = status.MPI_SOURCE;
  command[kStatusTag] = status.MPI_TAG;
  const MPI_Count bytes = bytesOf(status);
  command[kStatusCount] = countOf(bytes, type);
  command[kStatusBytes] = static_cast<double>(bytes);
}

}  // namespace distarray

#include "mpi/mpi_state.h"

namespace distarray {
namespace {

// A wait over several requests tells which one failed in the statuses only.
void checkWait(int code, const MPI_Status* statuses, int count) {
  if (code != MPI_SUCCESS) {
    for (int i = 0; i < count; i++) {
      const int error = statuses[i].MPI_ERROR;
      if (error != MPI_SUCCESS && error != MPI_ERR_PENDING) throw MpiFailure{error};
    }
  }
  check(code);
}

void send(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Send, MPI_Isend, mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
              c.integer(kDest), c.integer(kSendTag), mpi.communicator());
}

void recv(MpiState& mpi, Command& c) {
  void* buffer = mpi.recvBuffer();
  MPI_Datatype type = mpi.datatype(kRecvType);
  MPI_Comm comm = mpi.communicator();
  const int count = c.integer(kRecvCount), source = c.integer(kSource), tag = c.integer(kRecvTag);
  MPI_Status status[1];
  if (!mpi.crowded) {
    check(MPI_Recv(buffer, count, type, source, tag, comm, status));
  } else {
    MPI_Request requests[1];
    check(MPI_Irecv(buffer, count, type, source, tag, comm, requests));
    checkWait(waitYielding(requests, status), status, 1);
  }
  mpi.setStatus(status[0], type);
}

void sendrecv(MpiState& mpi, Command& c) {
  const void* out = mpi.sendBuffer();
  void* in = mpi.recvBuffer();
  MPI_Datatype outType = mpi.datatype(kSendType);
  MPI_Datatype inType = mpi.datatype(kRecvType);
  MPI_Comm comm = mpi.communicator();
  const int outCount = c.integer(kSendCount), inCount = c.integer(kRecvCount);
  const int dest = c.integer(kDest), source = c.integer(kSource);
  const int sendTag = c.integer(kSendTag), recvTag = c.integer(kRecvTag);
  MPI_Status statuses[2];
  if (!mpi.crowded) {
    check(MPI_Sendrecv(out, outCount, outType, dest, sendTag, in, inCount, inType, source, recvTag,
                       comm, statuses));
  } else {
    MPI_Request requests[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    check(MPI_Irecv(in, inCount, inType, source, recvTag, comm, &requests[0]));
    check(MPI_Isend(out, outCount, outType, dest, sendTag, comm, &requests[1]));
    checkWait(waitYielding(requests, statuses), statuses, 2);
  }
  mpi.setStatus(statuses[0], inType);
}

// kOutput: 1 when a message waits.
void iprobe(MpiState& mpi, Command& c) {
  MPI_Status status;
  int flag = 0;
  check(MPI_Iprobe(c.integer(kSource), c.integer(kRecvTag), mpi.communicator(), &flag, &status));
  c[kOutput] = flag;
  if (flag) mpi.setStatus(status, MPI_BYTE);
}

}  // namespace

void exportPointToPoint(Napi::Object exports, MpiState& state) {
  exportCommand<send>(exports, state, "send");
  exportCommand<recv>(exports, state, "recv");
  exportCommand<sendrecv>(exports, state, "sendrecv");
  exportCommand<iprobe>(exports, state, "iprobe");
}

}  // namespace distarray

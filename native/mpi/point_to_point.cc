#include "mpi/mpi_state.h"

namespace distarray {
namespace {

void send(MpiState& mpi, Command& c) {
  check(MPI_Send(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType), c.integer(kDest),
                 c.integer(kSendTag), mpi.communicator()));
}

void recv(MpiState& mpi, Command& c) {
  MPI_Status status;
  MPI_Datatype type = mpi.datatype(kRecvType);
  check(MPI_Recv(mpi.recvBuffer(), c.integer(kRecvCount), type, c.integer(kSource),
                 c.integer(kRecvTag), mpi.communicator(), &status));
  mpi.setStatus(status, type);
}

void sendrecv(MpiState& mpi, Command& c) {
  MPI_Status status;
  MPI_Datatype recvType = mpi.datatype(kRecvType);
  check(MPI_Sendrecv(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                     c.integer(kDest), c.integer(kSendTag), mpi.recvBuffer(), c.integer(kRecvCount),
                     recvType, c.integer(kSource), c.integer(kRecvTag), mpi.communicator(),
                     &status));
  mpi.setStatus(status, recvType);
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

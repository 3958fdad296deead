#include "mpi/mpi_state.h"

namespace distarray {
namespace {

void barrier(MpiState& mpi, Command&) { check(MPI_Barrier(mpi.communicator())); }

void bcast(MpiState& mpi, Command& c) {
  check(MPI_Bcast(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                  c.integer(kRoot), mpi.communicator()));
}

void reduce(MpiState& mpi, Command& c) {
  check(MPI_Reduce(mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                   mpi.datatype(kSendType), mpi.operation(), c.integer(kRoot),
                   mpi.communicator()));
}

void allreduce(MpiState& mpi, Command& c) {
  check(MPI_Allreduce(mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                      mpi.datatype(kSendType), mpi.operation(), mpi.communicator()));
}

void gather(MpiState& mpi, Command& c) {
  check(MPI_Gather(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                   mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType),
                   c.integer(kRoot), mpi.communicator()));
}

void gatherv(MpiState& mpi, Command& c) {
  check(MPI_Gatherv(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                    mpi.recvBuffer(), c.address<int>(kRecvCounts), c.address<int>(kRecvDispls),
                    mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator()));
}

void scatter(MpiState& mpi, Command& c) {
  check(MPI_Scatter(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                    mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType),
                    c.integer(kRoot), mpi.communicator()));
}

void scatterv(MpiState& mpi, Command& c) {
  check(MPI_Scatterv(mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<int>(kSendDispls),
                     mpi.datatype(kSendType), mpi.recvBuffer(), c.integer(kRecvCount),
                     mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator()));
}

void allgather(MpiState& mpi, Command& c) {
  check(MPI_Allgather(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                      mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType),
                      mpi.communicator()));
}

void allgatherv(MpiState& mpi, Command& c) {
  check(MPI_Allgatherv(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                       mpi.recvBuffer(), c.address<int>(kRecvCounts), c.address<int>(kRecvDispls),
                       mpi.datatype(kRecvType), mpi.communicator()));
}

void alltoall(MpiState& mpi, Command& c) {
  check(MPI_Alltoall(mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                     mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType),
                     mpi.communicator()));
}

void alltoallv(MpiState& mpi, Command& c) {
  check(MPI_Alltoallv(mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<int>(kSendDispls),
                      mpi.datatype(kSendType), mpi.recvBuffer(), c.address<int>(kRecvCounts),
                      c.address<int>(kRecvDispls), mpi.datatype(kRecvType), mpi.communicator()));
}

}  // namespace

void exportCollectives(Napi::Object exports, MpiState& state) {
  exportCommand<barrier>(exports, state, "barrier");
  exportCommand<bcast>(exports, state, "bcast");
  exportCommand<reduce>(exports, state, "reduce");
  exportCommand<allreduce>(exports, state, "allreduce");
  exportCommand<gather>(exports, state, "gather");
  exportCommand<gatherv>(exports, state, "gatherv");
  exportCommand<scatter>(exports, state, "scatter");
  exportCommand<scatterv>(exports, state, "scatterv");
  exportCommand<allgather>(exports, state, "allgather");
  exportCommand<allgatherv>(exports, state, "allgatherv");
  exportCommand<alltoall>(exports, state, "alltoall");
  exportCommand<alltoallv>(exports, state, "alltoallv");
}

}  // namespace distarray

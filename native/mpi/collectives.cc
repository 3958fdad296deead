#include "mpi/mpi_state.h"
#include "mpi/user_operation.h"

namespace distarray {
namespace {

void barrier(MpiState& mpi, Command&) {
  mpi.perform(MPI_Barrier, MPI_Ibarrier, mpi.communicator());
}

void bcast(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Bcast, MPI_Ibcast, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), c.integer(kRoot), mpi.communicator());
}

void reduce(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Reduce, MPI_Ireduce,
                          mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                          mpi.datatype(kSendType), mpi.operation(), c.integer(kRoot),
                          mpi.communicator());
}

void allreduce(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Allreduce,
                          MPI_Iallreduce, mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                          mpi.datatype(kSendType), mpi.operation(), mpi.communicator());
}

void gather(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Gather, MPI_Igather, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.integer(kRecvCount),
              mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator());
}

void gatherv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Gatherv, MPI_Igatherv, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), mpi.datatype(kRecvType), c.integer(kRoot),
              mpi.communicator());
}

void scatter(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Scatter, MPI_Iscatter, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.integer(kRecvCount),
              mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator());
}

void scatterv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Scatterv, MPI_Iscatterv, mpi.sendBuffer(), c.address<int>(kSendCounts),
              c.address<int>(kSendDispls), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator());
}

void allgather(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Allgather, MPI_Iallgather, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.integer(kRecvCount),
              mpi.datatype(kRecvType), mpi.communicator());
}

void allgatherv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Allgatherv, MPI_Iallgatherv, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), mpi.datatype(kRecvType), mpi.communicator());
}

void alltoall(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Alltoall, MPI_Ialltoall, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.integer(kRecvCount),
              mpi.datatype(kRecvType), mpi.communicator());
}

void alltoallv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Alltoallv, MPI_Ialltoallv, mpi.sendBuffer(), c.address<int>(kSendCounts),
              c.address<int>(kSendDispls), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), mpi.datatype(kRecvType),
              mpi.communicator());
}

// kRecvCount: elements of each rank's block.
void reduceScatterBlock(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kRecvType), mpi.communicator(),
                          MPI_Reduce_scatter_block, MPI_Ireduce_scatter_block, mpi.sendBuffer(),
                          mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType),
                          mpi.operation(), mpi.communicator());
}

void reduceScatter(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kRecvType), mpi.communicator(), MPI_Reduce_scatter,
                          MPI_Ireduce_scatter, mpi.sendBuffer(), mpi.recvBuffer(),
                          c.address<int>(kRecvCounts), mpi.datatype(kRecvType), mpi.operation(),
                          mpi.communicator());
}

void scan(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Scan, MPI_Iscan,
                          mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                          mpi.datatype(kSendType), mpi.operation(), mpi.communicator());
}

void exscan(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Exscan, MPI_Iexscan,
                          mpi.sendBuffer(), mpi.recvBuffer(), c.integer(kSendCount),
                          mpi.datatype(kSendType), mpi.operation(), mpi.communicator());
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
  exportCommand<reduceScatter>(exports, state, "reduceScatter");
  exportCommand<reduceScatterBlock>(exports, state, "reduceScatterBlock");
  exportCommand<scan>(exports, state, "scan");
  exportCommand<exscan>(exports, state, "exscan");
}

}  // namespace distarray

#include "mpi/mpi_state.h"
#include "mpi/persistent_collectives.h"
#include "mpi/user_operation.h"

namespace distarray {
namespace {

void barrier(MpiState& mpi, Command&) {
  mpi.perform(MPI_Barrier, MPI_Ibarrier, persistent::kBarrierInit, mpi.communicator());
}

void bcast(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Bcast, MPI_Ibcast, persistent::kBcastInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), c.integer(kRoot), mpi.communicator());
}

void reduce(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Reduce, MPI_Ireduce,
                          persistent::kReduceInit, mpi.sendBuffer(), mpi.recvBuffer(),
                          c.integer(kSendCount), mpi.datatype(kSendType), mpi.operation(),
                          c.integer(kRoot), mpi.communicator());
}

void allreduce(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Allreduce,
                          MPI_Iallreduce, persistent::kAllreduceInit, mpi.sendBuffer(),
                          mpi.recvBuffer(), c.integer(kSendCount), mpi.datatype(kSendType),
                          mpi.operation(), mpi.communicator());
}

void gather(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Gather, MPI_Igather, persistent::kGatherInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator());
}

void gatherv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Gatherv, MPI_Igatherv, persistent::kGathervInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), mpi.datatype(kRecvType),
              c.integer(kRoot), mpi.communicator());
}

void scatter(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Scatter, MPI_Iscatter, persistent::kScatterInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), c.integer(kRoot), mpi.communicator());
}

void scatterv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Scatterv, MPI_Iscatterv, persistent::kScattervInit, mpi.sendBuffer(),
              c.address<int>(kSendCounts), c.address<int>(kSendDispls), mpi.datatype(kSendType),
              mpi.recvBuffer(), c.integer(kRecvCount), mpi.datatype(kRecvType), c.integer(kRoot),
              mpi.communicator());
}

void allgather(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Allgather, MPI_Iallgather, persistent::kAllgatherInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), mpi.communicator());
}

void allgatherv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Allgatherv, MPI_Iallgatherv, persistent::kAllgathervInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), mpi.datatype(kRecvType),
              mpi.communicator());
}

void alltoall(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Alltoall, MPI_Ialltoall, persistent::kAlltoallInit, mpi.sendBuffer(),
              c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), mpi.communicator());
}

void alltoallv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Alltoallv, MPI_Ialltoallv, persistent::kAlltoallvInit, mpi.sendBuffer(),
              c.address<int>(kSendCounts), c.address<int>(kSendDispls), mpi.datatype(kSendType),
              mpi.recvBuffer(), c.address<int>(kRecvCounts), c.address<int>(kRecvDispls),
              mpi.datatype(kRecvType), mpi.communicator());
}

// Makes the handles that a BigInt64Array holds into MPI's datatypes, in its memory.
MPI_Datatype* datatypes(MpiState& mpi, Command& c, Slot slot, int count) {
  auto* handles = c.address<int64_t>(slot);
  auto* types = c.address<MPI_Datatype>(slot);
  for (int i = 0; handles && i < count; i++) {
    MPI_Datatype* found = mpi.datatypes.find(static_cast<int32_t>(handles[i]));
    if (!found) throw MpiFailure{MPI_ERR_TYPE};
    // Never beyond what is still to be read: a datatype takes no more room than a handle.
    types[i] = *found;
  }
  return types;
}

// kArgument0, kArgument1: datatypes to send and to receive; displacements in bytes.
void alltoallw(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  int size = 0;
  check(MPI_Comm_size(comm, &size));
  mpi.perform(MPI_Alltoallw, MPI_Ialltoallw, persistent::kAlltoallwInit, mpi.sendBuffer(),
              c.address<int>(kSendCounts), c.address<int>(kSendDispls),
              datatypes(mpi, c, kArgument0, size), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), datatypes(mpi, c, kArgument1, size), comm);
}

void neighborAllgather(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_allgather, MPI_Ineighbor_allgather, persistent::kNeighborAllgatherInit,
              mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), mpi.communicator());
}

void neighborAllgatherv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_allgatherv, MPI_Ineighbor_allgatherv,
              persistent::kNeighborAllgathervInit, mpi.sendBuffer(), c.integer(kSendCount),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), mpi.datatype(kRecvType), mpi.communicator());
}

void neighborAlltoall(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_alltoall, MPI_Ineighbor_alltoall, persistent::kNeighborAlltoallInit,
              mpi.sendBuffer(), c.integer(kSendCount), mpi.datatype(kSendType), mpi.recvBuffer(),
              c.integer(kRecvCount), mpi.datatype(kRecvType), mpi.communicator());
}

void neighborAlltoallv(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_alltoallv, MPI_Ineighbor_alltoallv, persistent::kNeighborAlltoallvInit,
              mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<int>(kSendDispls),
              mpi.datatype(kSendType), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), mpi.datatype(kRecvType), mpi.communicator());
}

// As alltoallw, with displacements as BigInt64Arrays; kSendCount, kRecvCount: neighbours.
void neighborAlltoallw(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_alltoallw, MPI_Ineighbor_alltoallw, persistent::kNeighborAlltoallwInit,
              mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<MPI_Aint>(kSendDispls),
              datatypes(mpi, c, kArgument0, c.integer(kSendCount)), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<MPI_Aint>(kRecvDispls),
              datatypes(mpi, c, kArgument1, c.integer(kRecvCount)), mpi.communicator());
}

// kRecvCount: elements of each rank's block.
void reduceScatterBlock(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kRecvType), mpi.communicator(),
                          MPI_Reduce_scatter_block, MPI_Ireduce_scatter_block,
                          persistent::kReduceScatterBlockInit, mpi.sendBuffer(), mpi.recvBuffer(),
                          c.integer(kRecvCount), mpi.datatype(kRecvType), mpi.operation(),
                          mpi.communicator());
}

void reduceScatter(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kRecvType), mpi.communicator(), MPI_Reduce_scatter,
                          MPI_Ireduce_scatter, persistent::kReduceScatterInit, mpi.sendBuffer(),
                          mpi.recvBuffer(), c.address<int>(kRecvCounts), mpi.datatype(kRecvType),
                          mpi.operation(), mpi.communicator());
}

void scan(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Scan, MPI_Iscan,
                          persistent::kScanInit, mpi.sendBuffer(), mpi.recvBuffer(),
                          c.integer(kSendCount), mpi.datatype(kSendType), mpi.operation(),
                          mpi.communicator());
}

void exscan(MpiState& mpi, Command& c) {
  user_operation::perform(mpi, mpi.datatype(kSendType), mpi.communicator(), MPI_Exscan, MPI_Iexscan,
                          persistent::kExscanInit, mpi.sendBuffer(), mpi.recvBuffer(),
                          c.integer(kSendCount), mpi.datatype(kSendType), mpi.operation(),
                          mpi.communicator());
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
  exportCommand<alltoallw>(exports, state, "alltoallw");
  exportCommand<neighborAllgather>(exports, state, "neighborAllgather");
  exportCommand<neighborAllgatherv>(exports, state, "neighborAllgatherv");
  exportCommand<neighborAlltoall>(exports, state, "neighborAlltoall");
  exportCommand<neighborAlltoallv>(exports, state, "neighborAlltoallv");
  exportCommand<neighborAlltoallw>(exports, state, "neighborAlltoallw");
  exportCommand<reduceScatter>(exports, state, "reduceScatter");
  exportCommand<reduceScatterBlock>(exports, state, "reduceScatterBlock");
  exportCommand<scan>(exports, state, "scan");
  exportCommand<exscan>(exports, state, "exscan");
}

}  // namespace distarray

#include <cstring>

#include "mpi/large_count.h"
#include "mpi/mpi_state.h"
#include "mpi/persistent_collectives.h"
#include "mpi/user_operation.h"

namespace distarray {
namespace {

void barrier(MpiState& mpi, Command&) {
  mpi.perform(MPI_Barrier, MPI_Ibarrier, persistent::kBarrierInit, mpi.communicator());
}

void bcast(MpiState& mpi, Command& c) {
  const Elements out(mpi, kSendCount, kSendType);
  mpi.perform(MPI_Bcast, MPI_Ibcast, persistent::kBcastInit, mpi.sendBuffer(), out.count(), out.type(), c.integer(kRoot),
              mpi.communicator());
}

void gather(MpiState& mpi, Command& c) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Gather, MPI_Igather, persistent::kGatherInit, mpi.sendBuffer(), out.count(), out.type(), mpi.recvBuffer(),
              in.count(), in.type(), c.integer(kRoot), mpi.communicator());
}

void gatherv(MpiState& mpi, Command& c) {
  const Elements out(mpi, kSendCount, kSendType);
  const BlockUnit in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Gatherv, MPI_Igatherv, persistent::kGathervInit, mpi.sendBuffer(), out.count(), out.type(),
              mpi.recvBuffer(), c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), in.type(),
              c.integer(kRoot), mpi.communicator());
}

void scatter(MpiState& mpi, Command& c) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Scatter, MPI_Iscatter, persistent::kScatterInit, mpi.sendBuffer(), out.count(), out.type(),
              mpi.recvBuffer(), in.count(), in.type(), c.integer(kRoot), mpi.communicator());
}

void scatterv(MpiState& mpi, Command& c) {
  const BlockUnit out(mpi, kSendCount, kSendType);
  const Elements in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Scatterv, MPI_Iscatterv, persistent::kScattervInit, mpi.sendBuffer(), c.address<int>(kSendCounts),
              c.address<int>(kSendDispls), out.type(), mpi.recvBuffer(), in.count(), in.type(),
              c.integer(kRoot), mpi.communicator());
}

void allgather(MpiState& mpi, Command&) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Allgather, MPI_Iallgather, persistent::kAllgatherInit, mpi.sendBuffer(), out.count(), out.type(),
              mpi.recvBuffer(), in.count(), in.type(), mpi.communicator());
}

// Open MPI chooses the algorithm by the size of the send datatype and the receive counts, so all
// ranks must send elements of the unit that the counts are in, or they wait for each other forever.
void allgatherv(MpiState& mpi, Command& c) {
  const BlockUnit in(mpi, kRecvCount, kRecvType);
  const int64_t unit = c.wide(kRecvCount);
  const bool inUnits =
      unit > 1 && c.integer(kSendType) == c.integer(kRecvType) && c.wide(kSendCount) % unit == 0;
  const auto perform = [&](int count, MPI_Datatype type) {
    mpi.perform(MPI_Allgatherv, MPI_Iallgatherv, persistent::kAllgathervInit, mpi.sendBuffer(), count, type, mpi.recvBuffer(),
                c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), in.type(),
                mpi.communicator());
  };
  if (inUnits) return perform(static_cast<int>(c.wide(kSendCount) / unit), in.type());
  const Elements out(mpi, kSendCount, kSendType);
  perform(out.count(), out.type());
}

void alltoall(MpiState& mpi, Command&) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Alltoall, MPI_Ialltoall, persistent::kAlltoallInit, mpi.sendBuffer(), out.count(), out.type(),
              mpi.recvBuffer(), in.count(), in.type(), mpi.communicator());
}

void alltoallv(MpiState& mpi, Command& c) {
  const BlockUnit out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Alltoallv, MPI_Ialltoallv, persistent::kAlltoallvInit, mpi.sendBuffer(), c.address<int>(kSendCounts),
              c.address<int>(kSendDispls), out.type(), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), in.type(),
              mpi.communicator());
}

// Makes the handles that a BigInt64Array holds into MPI's datatypes, in its memory.
MPI_Datatype* datatypes(MpiState& mpi, Command& c, Slot slot, int count) {
  auto* handles = c.address<int64_t>(slot);
  auto* types = c.address<MPI_Datatype>(slot);
  for (int i = 0; handles && i < count; i++) {
    const TypeEntry* found = mpi.datatypes.find(static_cast<int32_t>(handles[i]));
    if (!found) throw MpiFailure{MPI_ERR_TYPE};
    // Never beyond what is still to be read: a datatype takes no more room than a handle.
    types[i] = found->type;
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

void neighborAllgather(MpiState& mpi, Command&) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Neighbor_allgather, MPI_Ineighbor_allgather, persistent::kNeighborAllgatherInit,
              mpi.sendBuffer(), out.count(), out.type(), mpi.recvBuffer(), in.count(), in.type(),
              mpi.communicator());
}

void neighborAllgatherv(MpiState& mpi, Command& c) {
  const Elements out(mpi, kSendCount, kSendType);
  const BlockUnit in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Neighbor_allgatherv, MPI_Ineighbor_allgatherv,
              persistent::kNeighborAllgathervInit, mpi.sendBuffer(), out.count(), out.type(),
              mpi.recvBuffer(), c.address<int>(kRecvCounts), c.address<int>(kRecvDispls), in.type(),
              mpi.communicator());
}

void neighborAlltoall(MpiState& mpi, Command&) {
  const Elements out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Neighbor_alltoall, MPI_Ineighbor_alltoall, persistent::kNeighborAlltoallInit,
              mpi.sendBuffer(), out.count(), out.type(), mpi.recvBuffer(), in.count(), in.type(),
              mpi.communicator());
}

void neighborAlltoallv(MpiState& mpi, Command& c) {
  const BlockUnit out(mpi, kSendCount, kSendType), in(mpi, kRecvCount, kRecvType);
  mpi.perform(MPI_Neighbor_alltoallv, MPI_Ineighbor_alltoallv, persistent::kNeighborAlltoallvInit,
              mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<int>(kSendDispls),
              out.type(), mpi.recvBuffer(), c.address<int>(kRecvCounts),
              c.address<int>(kRecvDispls), in.type(), mpi.communicator());
}

// As alltoallw, with displacements as BigInt64Arrays; kSendCount, kRecvCount: neighbours.
void neighborAlltoallw(MpiState& mpi, Command& c) {
  mpi.perform(MPI_Neighbor_alltoallw, MPI_Ineighbor_alltoallw, persistent::kNeighborAlltoallwInit,
              mpi.sendBuffer(), c.address<int>(kSendCounts), c.address<MPI_Aint>(kSendDispls),
              datatypes(mpi, c, kArgument0, c.integer(kSendCount)), mpi.recvBuffer(),
              c.address<int>(kRecvCounts), c.address<MPI_Aint>(kRecvDispls),
              datatypes(mpi, c, kArgument1, c.integer(kRecvCount)), mpi.communicator());
}

// A reduction as several, of at most maxCount elements each. `perform(send, recv, count)`; all
// ranks give the same count, so all of them come to the same chunks. A reduction that is only
// started is one request and cannot be several.
template <typename Perform>
void inChunks(MpiState& mpi, Slot countSlot, MPI_Datatype type, char* send, char* recv,
              Perform perform) {
  const MPI_Count count = mpi.command.wide(countSlot);
  if (count <= mpi.maxCount) return perform(send, recv, static_cast<int>(count));
  if (mpi.command.integer(kMode) != kBlocking) throw MpiFailure{MPI_ERR_COUNT};
  MPI_Aint lowerBound, extent;
  check(MPI_Type_get_extent(type, &lowerBound, &extent));
  for (MPI_Count done = 0; done < count; done += mpi.maxCount) {
    const MPI_Count left = count - done;
    const auto offset = static_cast<MPI_Aint>(done) * extent;
    perform(send == MPI_IN_PLACE ? send : send + offset, recv == nullptr ? recv : recv + offset,
            static_cast<int>(left < mpi.maxCount ? left : mpi.maxCount));
  }
}

char* bytes(void* address) { return static_cast<char*>(address); }

void reduce(MpiState& mpi, Command& c) {
  MPI_Datatype type = mpi.datatype(kSendType);
  inChunks(mpi, kSendCount, type, bytes(mpi.sendBuffer()), bytes(mpi.recvBuffer()),
           [&](void* send, void* recv, int count) {
             user_operation::perform(mpi, type, mpi.communicator(), MPI_Reduce, MPI_Ireduce,
                                     persistent::kReduceInit, send,
                                     recv, count, type, mpi.operation(), c.integer(kRoot),
                                     mpi.communicator());
           });
}

template <typename Block, typename Start, typename Prepare>
void reduceOnAll(MpiState& mpi, Block block, Start start, Prepare prepare) {
  MPI_Datatype type = mpi.datatype(kSendType);
  inChunks(mpi, kSendCount, type, bytes(mpi.sendBuffer()), bytes(mpi.recvBuffer()),
           [&](void* send, void* recv, int count) {
             user_operation::perform(mpi, type, mpi.communicator(), block, start, prepare, send, recv, count,
                                     type, mpi.operation(), mpi.communicator());
           });
}

void allreduce(MpiState& mpi, Command&) { reduceOnAll(mpi, MPI_Allreduce, MPI_Iallreduce, persistent::kAllreduceInit); }

void scan(MpiState& mpi, Command&) { reduceOnAll(mpi, MPI_Scan, MPI_Iscan, persistent::kScanInit); }

void exscan(MpiState& mpi, Command&) { reduceOnAll(mpi, MPI_Exscan, MPI_Iexscan, persistent::kExscanInit); }

// A reduction with a block for each rank, as one reduction a rank. In place the results stand where
// the blocks were, and this rank's goes to the beginning when no block is needed any more.
template <typename BlockLength>
void reduceBlockByBlock(MpiState& mpi, BlockLength lengthOf) {
  if (mpi.command.integer(kMode) != kBlocking) throw MpiFailure{MPI_ERR_COUNT};
  MPI_Datatype type = mpi.datatype(kRecvType);
  MPI_Comm comm = mpi.communicator();
  MPI_Op op = mpi.operation();
  const bool inPlace = mpi.command.isInPlace(kSendAddress);
  char* result = bytes(mpi.recvBuffer());
  char* block = inPlace ? result : bytes(mpi.sendBuffer());
  const char* own = nullptr;
  int rank, size;
  check(MPI_Comm_rank(comm, &rank));
  check(MPI_Comm_size(comm, &size));
  MPI_Aint lowerBound, extent;
  check(MPI_Type_get_extent(type, &lowerBound, &extent));
  MPI_Count ownLength = 0;
  for (int root = 0; root < size; root++) {
    const MPI_Count length = lengthOf(root);
    for (MPI_Count done = 0; done < length; done += mpi.maxCount) {
      const MPI_Count left = length - done;
      const auto count = static_cast<int>(left < mpi.maxCount ? left : mpi.maxCount);
      char* part = block + done * extent;
      const bool mine = root == rank;
      void* send = mine && inPlace ? MPI_IN_PLACE : part;
      void* recv = !mine ? nullptr : inPlace ? part : result + done * extent;
      user_operation::perform(mpi, type, comm, MPI_Reduce, MPI_Ireduce, nullptr, send, recv, count, type, op,
                              root, comm);
    }
    if (root == rank) {
      own = block;
      ownLength = length;
    }
    block += length * extent;
  }
  if (inPlace && own != result) std::memmove(result, own, ownLength * extent);
}

// kRecvCount: elements of each rank's block.
void reduceScatterBlock(MpiState& mpi, Command& c) {
  const MPI_Count length = c.wide(kRecvCount);
  if (length > mpi.maxCount) {
    return reduceBlockByBlock(mpi, [&](int) { return length; });
  }
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

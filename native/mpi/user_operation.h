// Operations of reductions that are JavaScript functions.
//
// MPI calls them from inside of any of its calls, on the thread that made the call. A function that
// throws makes the whole communication fail: what it leaves behind no longer means anything, on any
// rank. So every communication with such an operation ends in an agreement, one small allreduce.
#pragma once

#include <memory>

#include "mpi/mpi_state.h"

namespace distarray {
namespace user_operation {

constexpr int kSlots = 16;

// What the agreements of a communicator's nonblocking reductions go through.
struct Channel;

// Whether a communication was still good when it was complete on this rank, and then on all.
struct Agreement {
  int slot;
  std::shared_ptr<Channel> channel;
  bool started = false;    // complete on this rank: its request is now that of the agreement
  int failedHere = 0;      // by the function
  int errorHere = 0;       // MPI's own
  int failedAnywhere = 0;  // the agreement's buffer
};

// The slot of an operation; -1 for one of MPI's own.
int slotOf(MPI_Op operation);

// Around the communication itself. `begin` throws when JavaScript has no array for the datatype.
void begin(int slot, MPI_Datatype type);
void abandon(int slot);
// Agrees, and throws when the function has failed somewhere.
void finish(MpiState& mpi, int slot, MPI_Comm comm);

// Collective for the first nonblocking reduction of a communicator.
std::shared_ptr<Channel> channelOf(MPI_Comm comm);
// Gives the request in kOutput an agreement.
void attach(MpiState& mpi, int slot, std::shared_ptr<Channel> channel);

// Starts agreements that are due. False while the communication is not complete on this rank, so
// that its request must not be completed yet; true for every other kind of request.
bool isCompletable(MpiState& mpi, PendingRequest& request);
// The code of a completed request: `code` unless its agreement says otherwise.
int outcome(const PendingRequest& request, int code);

// Whether JavaScript runs inside of an MPI call.
bool isRunning();
// From here on the environment is gone or going.
void forgetEnvironment();

// MpiState::perform for reductions.
template <typename Block, typename Start, typename Prepare, typename... Arguments>
void perform(MpiState& mpi, MPI_Datatype type, MPI_Comm comm, Block block, Start start,
             Prepare prepare, Arguments... arguments) {
  const int slot = slotOf(mpi.operation());
  if (slot < 0) return mpi.perform(block, start, prepare, arguments...);
  // Its agreement would have to be persistent, too.
  if (mpi.command.integer(kMode) == kPersistent) throw MpiFailure{kUnsupported};
  const bool nonblocking = mpi.command.integer(kMode) != kBlocking;
  std::shared_ptr<Channel> channel;
  if (nonblocking) channel = channelOf(comm);
  begin(slot, type);
  try {
    mpi.perform(block, start, arguments...);
  } catch (const MpiFailure&) {
    abandon(slot);
    throw;
  }
  if (nonblocking) {
    attach(mpi, slot, std::move(channel));
  } else {
    finish(mpi, slot, comm);
  }
}

}  // namespace user_operation
}  // namespace distarray

#include "mpi/job_exit.h"

#include <mpi.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>
#include <vector>

#include "mpi/shared_world.h"
#include "mpi/user_operation.h"

namespace distarray::job_exit {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// How long a rank that ends with an error waits for the others to end as well.
constexpr milliseconds kPatience{1000};
// The launchers need this long to forward what a rank has printed before an abort kills it.
constexpr milliseconds kOutputPause{150};
// MPICH over UCX/TCP hangs in MPI_Finalize in most runs unless this much lies behind the barrier.
constexpr milliseconds kFinalizePause{20};

// State of the process, not of an environment: exit handlers outlive every Node-API environment.
// The communicator is null when other programs share the world: nobody would meet us there.
MPI_Comm exitCommunicator = MPI_COMM_NULL;
bool crashed = false;
int connections = 0;
std::vector<void (*)()>& closers() {
  static auto* list = new std::vector<void (*)()>;  // never destroyed: used while the process exits
  return *list;
}

// True when every rank has arrived. Sleeps between its looks: the others may still compute.
bool meetOthers(bool forEver) {
  // MPI_Finalize waits for programs that are not ours; after an error nobody may be coming.
  if (exitCommunicator == MPI_COMM_NULL) return forEver;
  MPI_Request request;
  if (MPI_Ibarrier(exitCommunicator, &request) != MPI_SUCCESS) return false;
  const auto deadline = Clock::now() + kPatience;
  for (int looks = 0;; looks++) {
    int done = 0;
    if (MPI_Test(&request, &done, MPI_STATUS_IGNORE) != MPI_SUCCESS) return false;
    if (done) return true;
    if (!forEver && Clock::now() > deadline) return false;
    if (looks > 100) std::this_thread::sleep_for(milliseconds(std::min(1 + looks / 1000, 20)));
  }
}

[[noreturn]] void abortJob(int code) {
  std::this_thread::sleep_for(kOutputPause);
  MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

// The shell sees eight bits of an exit status: 256 would look like success.
int visibleCode(int status) {
  if (status == 0) return 0;
  return (status & 0xff) == 0 ? 1 : status & 0xff;
}

#ifdef __GLIBC__
void onExit(int status, void*) { leave(status); }
#endif

}  // namespace

void install() {
  MPI_Comm parent = MPI_COMM_NULL;
  MPI_Comm_get_parent(&parent);
  if (parent != MPI_COMM_NULL) markConnected();
  if (!worldIsShared()) MPI_Comm_dup(MPI_COMM_WORLD, &exitCommunicator);
#ifdef __GLIBC__
  on_exit(onExit, nullptr);
#endif
}

void markCrashed() { crashed = true; }

void markConnected() { connections++; }

void markDisconnected() { connections = std::max(connections - 1, 0); }

void beforeFinalize(void (*close)()) { closers().push_back(close); }

void leave(int status) {
  int initialized = 0;
  int finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  if (!initialized || finalized) return;
  const int code = visibleCode(status);
  user_operation::forgetEnvironment();
  // Inside of an MPI call nothing but this is possible.
  if (user_operation::isRunning()) abortJob(code == 0 ? 1 : code);
  if (code != 0 && (crashed || connections > 0 || !meetOthers(false))) abortJob(code);
  if (code == 0 && !meetOthers(true)) abortJob(1);
  for (auto close = closers().rbegin(); close != closers().rend(); ++close) (*close)();
  int size = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (size > 1) std::this_thread::sleep_for(kFinalizePause);
  if (exitCommunicator != MPI_COMM_NULL) MPI_Comm_free(&exitCommunicator);
  MPI_Finalize();
  // The shell would see 0.
  if (code != 0 && (status & 0xff) == 0) std::_Exit(code);
}

}  // namespace distarray::job_exit

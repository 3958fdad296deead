// Processes that are started by others, or that were started apart and find each other.
#include <fcntl.h>

#include <vector>

#include "mpi/info.h"
#include "mpi/job_exit.h"
#include "mpi/mpi_state.h"
#include "napi/texts.h"

namespace distarray {
namespace {

// What JavaScript tells of each command, in an Int32Array.
enum CommandField : int { kMaxProcs, kArgumentCount, kInfoPairs, kCommandFields };

int insertConnected(MpiState& mpi, MPI_Comm comm) {
  job_exit::markConnected();
  return mpi.insertOrphan(comm);
}

// kArgument0: number of commands, kSendCounts: their CommandFields, kSendAddress: the texts of
// each: command, arguments, hints; kRoot; kRecvAddress: Int32Array for an error code of each
// process; kOutput: handle.
void spawn(MpiState& mpi, Command& c) {
  const auto count = static_cast<size_t>(c.integer(kArgument0));
  const int* fields = c.address<int>(kSendCounts);
  TextReader texts(c.address<const char>(kSendAddress));
  std::vector<char*> commands;
  std::vector<std::vector<char*>> arguments(count);
  std::vector<char**> argumentLists;
  std::vector<int> maxProcs;
  std::vector<Info> infos;
  std::vector<MPI_Info> rawInfos;
  for (size_t k = 0; k < count; k++, fields += kCommandFields) {
    // MPI takes them as char*, but changes nothing.
    commands.push_back(const_cast<char*>(texts.read()));
    for (int a = 0; a < fields[kArgumentCount]; a++) {
      arguments[k].push_back(const_cast<char*>(texts.read()));
    }
    arguments[k].push_back(nullptr);
    argumentLists.push_back(arguments[k].data());
    maxProcs.push_back(fields[kMaxProcs]);
    infos.emplace_back(texts, fields[kInfoPairs]);
    rawInfos.push_back(infos.back());
  }
  MPI_Comm result = MPI_COMM_NULL;
  int* errors = c.address<int>(kRecvAddress);
  if (count == 1) {
    check(MPI_Comm_spawn(commands[0], argumentLists[0], maxProcs[0], rawInfos[0], c.integer(kRoot),
                         mpi.communicator(), &result, errors));
  } else {
    check(MPI_Comm_spawn_multiple(static_cast<int>(count), commands.data(), argumentLists.data(),
                                  maxProcs.data(), rawInfos.data(), c.integer(kRoot),
                                  mpi.communicator(), &result, errors));
  }
  c[kOutput] = insertConnected(mpi, result);
}

// kOutput: handle, 0 when nobody has spawned this process.
void getParent(MpiState& mpi, Command& c) {
  MPI_Comm parent = MPI_COMM_NULL;
  check(MPI_Comm_get_parent(&parent));
  const int known = parent == MPI_COMM_NULL ? 0 : mpi.communicators.handleOf(parent);
  c[kOutput] = known ? known : mpi.insertOrphan(parent);
}

// kArgument0: descriptor of a socket whose other end another process has; kOutput: handle.
void joinConnection(MpiState& mpi, Command& c) {
  const int socket = c.integer(kArgument0);
  const int flags = fcntl(socket, F_GETFL);
  if (flags < 0) throw MpiFailure{MPI_ERR_ARG};
  // Node's sockets do not wait, MPI wants one that does.
  fcntl(socket, F_SETFL, flags & ~O_NONBLOCK);
  MPI_Comm result = MPI_COMM_NULL;
  const int code = MPI_Comm_join(socket, &result);
  fcntl(socket, F_SETFL, flags);
  check(code);
  c[kOutput] = result == MPI_COMM_NULL ? 0 : insertConnected(mpi, result);
}

// Leaves the port's name at kRecvAddress (kRecvCount bytes); kOutput: bytes that it needs.
void writePort(Command& c, const char* port) {
  TextWriter texts(c.address<char>(kRecvAddress), static_cast<size_t>(c.integer(kRecvCount)));
  texts.write(port);
  c[kOutput] = texts.needed();
}

void openPort(MpiState&, Command& c) {
  char port[MPI_MAX_PORT_NAME] = "";
  check(MPI_Open_port(infoArgument(c), port));
  writePort(c, port);
}

// kArgument1: address of the port's name, as in the functions that follow.
const char* portArgument(const Command& c) { return c.address<const char>(kArgument1); }

void closePort(MpiState&, Command& c) { check(MPI_Close_port(portArgument(c))); }

void acceptConnection(MpiState& mpi, Command& c) {
  MPI_Comm result = MPI_COMM_NULL;
  check(MPI_Comm_accept(portArgument(c), infoArgument(c), c.integer(kRoot), mpi.communicator(),
                        &result));
  c[kOutput] = insertConnected(mpi, result);
}

void connectTo(MpiState& mpi, Command& c) {
  MPI_Comm result = MPI_COMM_NULL;
  check(MPI_Comm_connect(portArgument(c), infoArgument(c), c.integer(kRoot), mpi.communicator(),
                         &result));
  c[kOutput] = insertConnected(mpi, result);
}

// kArgument0: address of the service's name, as in the functions that follow.
const char* serviceArgument(const Command& c) { return c.address<const char>(kArgument0); }

void publishName(MpiState&, Command& c) {
  check(MPI_Publish_name(serviceArgument(c), infoArgument(c), portArgument(c)));
}

void unpublishName(MpiState&, Command& c) {
  check(MPI_Unpublish_name(serviceArgument(c), infoArgument(c), portArgument(c)));
}

void lookupName(MpiState&, Command& c) {
  char port[MPI_MAX_PORT_NAME] = "";
  check(MPI_Lookup_name(serviceArgument(c), infoArgument(c), port));
  writePort(c, port);
}

}  // namespace

void exportProcesses(Napi::Object exports, MpiState& state) {
  exportCommand<spawn>(exports, state, "spawn");
  exportCommand<getParent>(exports, state, "getParent");
  exportCommand<openPort>(exports, state, "openPort");
  exportCommand<closePort>(exports, state, "closePort");
  exportCommand<joinConnection>(exports, state, "joinConnection");
  exportCommand<acceptConnection>(exports, state, "acceptConnection");
  exportCommand<connectTo>(exports, state, "connectTo");
  exportCommand<publishName>(exports, state, "publishName");
  exportCommand<unpublishName>(exports, state, "unpublishName");
  exportCommand<lookupName>(exports, state, "lookupName");
}

}  // namespace distarray

// What one Node-API environment knows of MPI: its handle tables and its command block.
#pragma once

#include <mpi.h>
#include <napi.h>

#include <exception>
#include <memory>
#include <type_traits>

#include "mpi/crowding.h"
#include "napi/command.h"
#include "napi/handles.h"

namespace distarray {

// An MPI call that failed, or that was not made because a handle was wrong.
struct MpiFailure {
  int code;
};

inline void check(int code) {
  if (code != MPI_SUCCESS) throw MpiFailure{code};
}

namespace user_operation {
struct Agreement;
bool isRunning();
}  // namespace user_operation

// What received elements are counted in: bytes of one, 0 when it has none. A datatype may be freed
// before a communication that uses it is complete, so only this is kept of it.
struct CountedType {
  MPI_Count unit;

  explicit CountedType(MPI_Count bytes) : unit(bytes) {}
};

// Messages whose datatype is not known, and calls that receive nothing.
inline const CountedType kInBytes{1};

// A datatype of JavaScript's. `unit`: the bytes of what messages are counted in. Predefined ones
// are never freed.
struct TypeEntry {
  MPI_Datatype type;
  MPI_Count unit = 0;
  bool predefined;

  explicit TypeEntry(MPI_Datatype value) : type(value), predefined(true) {
    MPI_Type_size_x(value, &unit);
  }
  TypeEntry(MPI_Datatype value, MPI_Count bytes) : type(value), unit(bytes), predefined(false) {}
  operator MPI_Datatype() const { return type; }
};

// A communication that is not known to be complete.
struct PendingRequest {
  MPI_Request request;
  CountedType type;
  bool persistent;
  // Of a reduction by a JavaScript function.
  std::shared_ptr<user_operation::Agreement> agreement = nullptr;
  // Of a file: a generalized request of the implementation's.
  bool file = false;
};

// Bytes that were received, and elements; -1 when they are no whole number.
MPI_Count bytesOf(const MPI_Status& status);
double countOf(MPI_Count bytes, CountedType type);

class MpiState {
 public:
  Command command;
  HandleTable<MPI_Comm, HandleType::kCommunicator> communicators;
  HandleTable<TypeEntry, HandleType::kDatatype> datatypes;
  HandleTable<MPI_Op, HandleType::kOperation> operations;
  HandleTable<PendingRequest, HandleType::kRequest> requests;
  HandleTable<MPI_Message, HandleType::kMessage> messages;
  HandleTable<MPI_File, HandleType::kFile> files;
  HandleTable<MPI_Win, HandleType::kWindow> windows;
  HandleTable<MPI_Group, HandleType::kGroup> groups;
  // The state of the environment that has initialised MPI; null before and after. MPI belongs to
  // one thread of the process, and asking Node-API for the state on every call would cost 3 ns.
  static inline MpiState* active = nullptr;
  // See crowding.h.
  bool crowded = false;
  // Largest count that is given to MPI; see large_count.h.
  int maxCount = INT_MAX;

  // Performs a communication in the form that kMode asks for: by `block`, by `start`, its
  // nonblocking form, or in a crowded job by `start` and a yielding wait. With `prepare`, its
  // persistent form (null where this MPI has none), it can also be prepared only.
  template <typename Block, typename Start, typename Prepare, typename... Arguments>
  auto perform(Block block, Start start, Prepare prepare, Arguments... arguments)
      -> std::enable_if_t<!std::is_invocable_v<Block, Prepare, Arguments...>> {
    if (command.integer(kMode) != kPersistent) return perform(block, start, arguments...);
    if constexpr (std::is_null_pointer_v<Prepare>) {
      throw MpiFailure{kUnsupported};
    } else {
      MPI_Request request;
      checkRoomForRequest();
      check(prepare(arguments..., MPI_INFO_NULL, &request));
      insertRequest(request, kInBytes, true);
    }
  }

  template <typename Block, typename Start, typename... Arguments>
  auto perform(Block block, Start start, Arguments... arguments)
      -> std::enable_if_t<std::is_invocable_v<Block, Arguments...>> {
    const int mode = command.integer(kMode);
    if (mode == kBlocking && !crowded) return check(block(arguments...));
    MPI_Request requests[1];
    checkRoomForRequest();
    check(start(arguments..., requests));
    if (mode == kBlocking) {
      check(waitYielding(requests, MPI_STATUSES_IGNORE));
    } else {
      insertRequest(requests[0], kInBytes, false);
    }
  }

  MPI_Comm communicator(Slot slot = kComm) {
    MPI_Comm* found = communicators.find(command.integer(slot));
    if (!found) throw MpiFailure{MPI_ERR_COMM};
    return *found;
  }

  MPI_Group group(Slot slot) {
    MPI_Group* found = groups.find(command.integer(slot));
    if (!found) throw MpiFailure{MPI_ERR_GROUP};
    return *found;
  }

  MPI_Datatype datatype(Slot slot) { return typeEntry(slot).type; }

  // What elements that are received as this datatype are counted in.
  CountedType counted(Slot slot) { return CountedType(typeEntry(slot).unit); }

  TypeEntry& typeEntry(Slot slot) {
    TypeEntry* found = datatypes.find(command.integer(slot));
    if (!found) throw MpiFailure{MPI_ERR_TYPE};
    return *found;
  }

  MPI_Op operation() {
    MPI_Op* found = operations.find(command.integer(kOperation));
    if (!found) throw MpiFailure{MPI_ERR_OP};
    return *found;
  }

  void* sendBuffer() const {
    return command.isInPlace(kSendAddress) ? MPI_IN_PLACE : command.address(kSendAddress);
  }

  void* recvBuffer() const {
    return command.isInPlace(kRecvAddress) ? MPI_IN_PLACE : command.address(kRecvAddress);
  }

  int insertCommunicator(MPI_Comm comm);
  // The same for one that has no parent whose error handler it could have inherited.
  int insertOrphan(MPI_Comm comm);
  int insertGroup(MPI_Group group);
  // Before something is started that nobody could wait for.
  void checkRoomForRequest() const {
    if (requests.isFull()) throw MpiFailure{MPI_ERR_NO_MEM};
  }
  // Leaves the handle in kOutput. `type`: of what is received, for the count in the status.
  void insertRequest(MPI_Request request, CountedType type, bool persistent);
  void setStatus(const MPI_Status& status, CountedType type);

  static MpiState& of(Napi::Env env);
};

// The shape of every MPI function that JavaScript calls through the command block.
using CommandFunction = void (*)(MpiState&, Command&);

// Adds `name` to `exports` as a function without arguments. `Function` throws MpiFailure; the code
// ends up in kResult, so that the error object is made in JavaScript, where the arguments are
// known.
template <CommandFunction Function>
napi_value invokeCommand(napi_env env, napi_callback_info info) {
  MpiState* state = MpiState::active;
  if (!state) {
    void* data = nullptr;
    napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
    static_cast<MpiState*>(data)->command[kResult] =
        user_operation::isRunning() ? kInsideOperation : kNotInitialized;
    return nullptr;
  }
  try {
    Function(*state, state->command);
    state->command[kResult] = MPI_SUCCESS;
  } catch (const MpiFailure& failure) {
    state->command[kResult] = failure.code;
  } catch (const IntegerOverflow&) {
    state->command[kResult] = MPI_ERR_COUNT;
  }
  return nullptr;
}

template <CommandFunction Function>
void exportCommand(Napi::Object exports, MpiState& state, const char* name) {
  napi_value function;
  napi_status status = napi_create_function(exports.Env(), name, NAPI_AUTO_LENGTH,
                                            invokeCommand<Function>, &state, &function);
  if (status != napi_ok) throw Napi::Error::New(exports.Env(), "could not create a function");
  exports.Set(name, Napi::Value(exports.Env(), function));
}

// Each concept adds its functions to the addon's exports.
void exportEnvironment(Napi::Object exports, MpiState& state);
void exportCommunicator(Napi::Object exports, MpiState& state);
void exportGroup(Napi::Object exports, MpiState& state);
void exportIntercommunicator(Napi::Object exports, MpiState& state);
void exportProcesses(Napi::Object exports, MpiState& state);
void exportTopology(Napi::Object exports, MpiState& state);
void exportPointToPoint(Napi::Object exports, MpiState& state);
void exportCollectives(Napi::Object exports, MpiState& state);
void exportRequest(Napi::Object exports, MpiState& state);
void exportUserOperation(Napi::Object exports, MpiState& state);
void exportKernelOperation(Napi::Object exports, MpiState& state);
void exportFile(Napi::Object exports, MpiState& state);
void exportWindow(Napi::Object exports, MpiState& state);
void exportMemory(Napi::Object exports);
void exportDatatype(Napi::Object exports, MpiState& state);
void exportPacking(Napi::Object exports, MpiState& state);
void exportPreparedStep(Napi::Object exports, MpiState& state);

}  // namespace distarray

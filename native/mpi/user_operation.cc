#include "mpi/user_operation.h"

#include <atomic>
#include <cstring>
#include <deque>
#include <thread>
#include <utility>

namespace distarray {
namespace user_operation {

struct Channel {
  MPI_Comm comm = MPI_COMM_NULL;
  // Handles of requests whose agreement has not started, in the order in which they were started:
  // that is the same on all ranks, and the agreements must be, too.
  std::deque<int32_t> waiting;
};

namespace {

struct OperationSlot {
  MPI_Op operation = MPI_OP_NULL;
  int uses = 0;  // communications that are not complete on this rank
  // Since the operation was unused. MPI with a progress thread may look at it from there.
  std::atomic<bool> failed{false};
};

OperationSlot slots[kSlots];

// Where JavaScript can be called. There is one environment that has MPI.
napi_env environment = nullptr;
napi_ref reducer = nullptr;
std::thread::id javaScriptThread;
bool running = false;

struct ElementKind {
  MPI_Datatype type;
  int bytes;
  int elements;  // of the typed array
};

// In the order of `arrayKinds` in src/mpi/userOperation.ts.
const ElementKind* kindOf(MPI_Datatype type, int* index) {
  static const ElementKind kinds[] = {
      {MPI_INT8_T, 1, 1},   {MPI_INT16_T, 2, 1},         {MPI_INT32_T, 4, 1},
      {MPI_INT64_T, 8, 1},  {MPI_UINT8_T, 1, 1},         {MPI_UINT16_T, 2, 1},
      {MPI_UINT32_T, 4, 1}, {MPI_UINT64_T, 8, 1},        {MPI_FLOAT, 4, 1},
      {MPI_DOUBLE, 8, 1},   {MPI_C_FLOAT_COMPLEX, 8, 2}, {MPI_C_DOUBLE_COMPLEX, 16, 2},
      {MPI_BYTE, 1, 1},     {MPI_C_BOOL, 1, 1},
  };
  *index = 0;
  for (const ElementKind& kind : kinds) {
    if (kind.type == type) return &kind;
    ++*index;
  }
  return nullptr;
}

// Calls reducer(slot, kind, memory, elements), where `memory` holds both operands in a row, and
// copies the second one back. The copies cost less than the arrays, and no array can outlive
// MPI's memory. Returns whether the function did its work.
bool callReducer(int slot, int kind, int elements, size_t bytes, const void* in, void* inOut) {
  napi_value function, undefined, memory, result;
  napi_value arguments[4];
  char* data = nullptr;
  const bool prepared =
      napi_get_reference_value(environment, reducer, &function) == napi_ok &&
      napi_get_undefined(environment, &undefined) == napi_ok &&
      napi_create_arraybuffer(environment, 2 * bytes, reinterpret_cast<void**>(&data), &memory) ==
          napi_ok &&
      napi_create_int32(environment, slot, &arguments[0]) == napi_ok &&
      napi_create_int32(environment, kind, &arguments[1]) == napi_ok &&
      napi_create_int32(environment, elements, &arguments[3]) == napi_ok;
  if (!prepared) return false;
  arguments[2] = memory;
  std::memcpy(data, in, bytes);
  std::memcpy(data + bytes, inOut, bytes);
  bool good = false;
  if (napi_call_function(environment, undefined, function, 4, arguments, &result) == napi_ok) {
    napi_get_value_bool(environment, result, &good);
  }
  bool pending = false;
  if (napi_is_exception_pending(environment, &pending) == napi_ok && pending) {
    // The reducer keeps what the function throws; this is a stack overflow, say, in itself.
    napi_get_and_clear_last_exception(environment, &result);
    good = false;
  }
  bool detached = true;
  napi_is_detached_arraybuffer(environment, memory, &detached);
  if (detached) return false;
  if (good) std::memcpy(inOut, data + bytes, bytes);
  napi_detach_arraybuffer(environment, memory);
  return good;
}

void reduce(int slot, void* in, void* inOut, int* length, MPI_Datatype* type) {
  OperationSlot& operation = slots[slot];
  if (operation.failed || *length == 0) return;
  // Until JavaScript says otherwise.
  operation.failed = true;
  int kindIndex = 0;
  const ElementKind* kind = kindOf(*type, &kindIndex);
  if (!kind || std::this_thread::get_id() != javaScriptThread || !environment || running) return;
  napi_handle_scope scope;
  if (napi_open_handle_scope(environment, &scope) != napi_ok) return;
  // Calls from within find no active state, and what they wrote into the block is undone.
  MpiState* state = std::exchange(MpiState::active, nullptr);
  const Command saved = state->command;
  running = true;
  const bool good = callReducer(slot, kindIndex, *length * kind->elements,
                                static_cast<size_t>(*length) * kind->bytes, in, inOut);
  running = false;
  state->command = saved;
  MpiState::active = state;
  napi_close_handle_scope(environment, scope);
  operation.failed = !good;
}

// MPI hands nothing to an operation that would tell which one it is: each has a function of its
// own.
template <int Slot>
void trampoline(void* in, void* inOut, int* length, MPI_Datatype* type) {
  reduce(Slot, in, inOut, length, type);
}

template <int... Slot>
MPI_User_function* trampolineOf(int slot, std::integer_sequence<int, Slot...>) {
  static MPI_User_function* const all[] = {trampoline<Slot>...};
  return all[slot];
}

int deleteChannel(MPI_Comm, int, void* value, void*) {
  auto* channel = static_cast<std::shared_ptr<Channel>*>(value);
  // Those that still wait need the communicator, which then stays until the end.
  if ((*channel)->waiting.empty() && (*channel)->comm != MPI_COMM_NULL) {
    MPI_Comm_free(&(*channel)->comm);
  }
  delete channel;
  return MPI_SUCCESS;
}

int channelKey() {
  static int key = MPI_KEYVAL_INVALID;
  if (key == MPI_KEYVAL_INVALID) {
    check(MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, deleteChannel, &key, nullptr));
  }
  return key;
}

// Ends a use of the operation; returns whether it failed meanwhile.
int end(int slot) {
  const bool failed = slots[slot].failed;
  if (--slots[slot].uses == 0) slots[slot].failed = false;
  return failed ? 1 : 0;
}

int failureCode(int slot, bool here) {
  return (here ? kOperationFailedHere : kOperationFailedElsewhere) - slot;
}

void startAgreements(MpiState& mpi, Channel& channel) {
  while (!channel.waiting.empty()) {
    PendingRequest* first = mpi.requests.find(channel.waiting.front());
    Agreement& agreement = *first->agreement;
    int done = 0;
    const int code = MPI_Test(&first->request, &done, MPI_STATUS_IGNORE);
    if (code == MPI_SUCCESS && !done) return;
    channel.waiting.pop_front();
    agreement.errorHere = code;
    agreement.failedHere = end(agreement.slot);
    agreement.failedAnywhere = agreement.failedHere || code != MPI_SUCCESS;
    agreement.started = true;
    check(MPI_Iallreduce(MPI_IN_PLACE, &agreement.failedAnywhere, 1, MPI_INT, MPI_MAX, channel.comm,
                         &first->request));
  }
}

// kArgument0: slot, kArgument1: whether it commutes; kOutput: handle.
void createOperation(MpiState& mpi, Command& c) {
  const int slot = c.integer(kArgument0);
  constexpr auto indices = std::make_integer_sequence<int, kSlots>();
  check(MPI_Op_create(trampolineOf(slot, indices), c.integer(kArgument1), &slots[slot].operation));
  slots[slot].failed = false;
  c[kOutput] = mpi.operations.insert(slots[slot].operation);
}

// kOperation: handle.
void freeOperation(MpiState& mpi, Command& c) {
  const int slot = slotOf(mpi.operation());
  if (slot < 0) throw MpiFailure{MPI_ERR_OP};
  if (slots[slot].uses > 0) throw MpiFailure{kOperationInUse};
  check(MPI_Op_free(&slots[slot].operation));
  slots[slot].operation = MPI_OP_NULL;
  mpi.operations.erase(c.integer(kOperation));
}

// kOperation: handle; kOutput: whether it commutes.
void operationCommutes(MpiState& mpi, Command& c) {
  int commutes = 0;
  check(MPI_Op_commutative(mpi.operation(), &commutes));
  c[kOutput] = commutes;
}

// Combines the send buffer with the receive buffer, element by element, into the latter.
void reduceLocal(MpiState& mpi, Command& c) {
  const int slot = slotOf(mpi.operation());
  if (slot >= 0) begin(slot, mpi.datatype(kSendType));
  const int code = MPI_Reduce_local(c.address(kSendAddress), c.address(kRecvAddress),
                                    c.integer(kSendCount), mpi.datatype(kSendType), mpi.operation());
  if (slot >= 0 && end(slot)) throw MpiFailure{failureCode(slot, true)};
  check(code);
}

// setReducer(reduce): what is called for every operation.
void setReducer(const Napi::CallbackInfo& info) {
  environment = info.Env();
  javaScriptThread = std::this_thread::get_id();
  napi_create_reference(environment, info[0], 1, &reducer);
  napi_add_env_cleanup_hook(
      environment, [](void*) { forgetEnvironment(); }, nullptr);
}

}  // namespace

int slotOf(MPI_Op operation) {
  for (int slot = 0; slot < kSlots; slot++) {
    if (slots[slot].operation == operation) return slot;
  }
  return -1;
}

void begin(int slot, MPI_Datatype type) {
  int index = 0;
  if (!kindOf(type, &index)) throw MpiFailure{MPI_ERR_TYPE};
  slots[slot].uses++;
}

void abandon(int slot) { end(slot); }

void finish(MpiState& mpi, int slot, MPI_Comm comm) {
  const int failedHere = end(slot);
  int failedAnywhere = failedHere;
  mpi.perform(MPI_Allreduce, MPI_Iallreduce, MPI_IN_PLACE, &failedAnywhere, 1, MPI_INT, MPI_MAX,
              comm);
  if (failedAnywhere) throw MpiFailure{failureCode(slot, failedHere != 0)};
}

std::shared_ptr<Channel> channelOf(MPI_Comm comm) {
  std::shared_ptr<Channel>* found = nullptr;
  int exists = 0;
  check(MPI_Comm_get_attr(comm, channelKey(), &found, &exists));
  if (exists) return *found;
  auto channel = std::make_shared<Channel>();
  check(MPI_Comm_dup(comm, &channel->comm));
  check(MPI_Comm_set_attr(comm, channelKey(), new std::shared_ptr<Channel>(channel)));
  return channel;
}

void attach(MpiState& mpi, int slot, std::shared_ptr<Channel> channel) {
  const int handle = mpi.command.integer(kOutput);
  channel->waiting.push_back(handle);
  auto agreement = std::make_shared<Agreement>();
  agreement->slot = slot;
  agreement->channel = std::move(channel);
  mpi.requests.find(handle)->agreement = std::move(agreement);
}

bool isCompletable(MpiState& mpi, PendingRequest& request) {
  if (!request.agreement) return true;
  if (!request.agreement->started) startAgreements(mpi, *request.agreement->channel);
  return request.agreement->started;
}

int outcome(const PendingRequest& request, int code) {
  if (code != MPI_SUCCESS || !request.agreement) return code;
  const Agreement& agreement = *request.agreement;
  if (agreement.errorHere != MPI_SUCCESS) return agreement.errorHere;
  if (agreement.failedAnywhere) return failureCode(agreement.slot, agreement.failedHere != 0);
  return MPI_SUCCESS;
}

bool isRunning() { return running; }

void forgetEnvironment() { environment = nullptr; }

}  // namespace user_operation

void exportUserOperation(Napi::Object exports, MpiState& state) {
  exportCommand<user_operation::createOperation>(exports, state, "createOperation");
  exportCommand<user_operation::operationCommutes>(exports, state, "operationCommutes");
  exportCommand<user_operation::reduceLocal>(exports, state, "reduceLocal");
  exportCommand<user_operation::freeOperation>(exports, state, "freeOperation");
  exports.Set("setReducer", Napi::Function::New(exports.Env(), user_operation::setReducer));
}

}  // namespace distarray

#include "mpi/large_count.h"
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

using BlockingSend = int (*)(const void*, int, MPI_Datatype, int, int, MPI_Comm);
using StartedSend = int (*)(const void*, int, MPI_Datatype, int, int, MPI_Comm, MPI_Request*);

// The communication modes of the standard, in the order of src/mpi/pointToPoint.ts.
struct SendMode {
  BlockingSend block;
  StartedSend start;
  StartedSend prepare;
};

constexpr SendMode kSendModes[] = {
    {MPI_Send, MPI_Isend, MPI_Send_init},
    {MPI_Ssend, MPI_Issend, MPI_Ssend_init},
    {MPI_Rsend, MPI_Irsend, MPI_Rsend_init},
    {MPI_Bsend, MPI_Ibsend, MPI_Bsend_init},
};

// A wait over several requests tells which one failed in the statuses only.
void checkWait(int code, const MPI_Status* statuses, int count) {
  if (code != MPI_SUCCESS) {
    for (int i = 0; i < count; i++) {
      const int error = statuses[i].MPI_ERROR;
      if (error != MPI_SUCCESS && error != MPI_ERR_PENDING) throw MpiFailure{error};
    }
  }
  check(code);
}

// kArgument0: index of the communication mode.
void send(MpiState& mpi, Command& c) {
  const SendMode& mode = kSendModes[c.integer(kArgument0)];
  const void* buffer = mpi.sendBuffer();
  const Elements elements(mpi, kSendCount, kSendType);
  const int count = elements.count();
  MPI_Datatype type = elements.type();
  MPI_Comm comm = mpi.communicator();
  const int dest = c.integer(kDest), tag = c.integer(kSendTag);
  if (c.integer(kMode) == kPersistent) {
    MPI_Request request;
    mpi.checkRoomForRequest();
    check(mode.prepare(buffer, count, type, dest, tag, comm, &request));
    mpi.insertRequest(request, kInBytes, true);
  } else {
    mpi.perform(mode.block, mode.start, buffer, count, type, dest, tag, comm);
  }
}

void recv(MpiState& mpi, Command& c) {
  void* buffer = mpi.recvBuffer();
  const Elements elements(mpi, kRecvCount, kRecvType);
  const int count = elements.count();
  MPI_Datatype type = elements.type();
  const CountedType counted = mpi.counted(kRecvType);
  MPI_Comm comm = mpi.communicator();
  const int source = c.integer(kSource), tag = c.integer(kRecvTag);
  const int mode = c.integer(kMode);
  MPI_Status status[1];
  if (mode == kBlocking && !mpi.crowded) {
    check(MPI_Recv(buffer, count, type, source, tag, comm, status));
    mpi.setStatus(status[0], counted);
    return;
  }
  MPI_Request requests[1];
  mpi.checkRoomForRequest();
  check((mode == kPersistent ? MPI_Recv_init : MPI_Irecv)(buffer, count, type, source, tag, comm,
                                                          requests));
  if (mode == kBlocking) {
    checkWait(waitYielding(requests, status), status, 1);
    mpi.setStatus(status[0], counted);
  } else {
    mpi.insertRequest(requests[0], counted, mode == kPersistent);
  }
}

void sendrecv(MpiState& mpi, Command& c) {
  const void* out = mpi.sendBuffer();
  void* in = mpi.recvBuffer();
  const Elements outElements(mpi, kSendCount, kSendType);
  const Elements inElements(mpi, kRecvCount, kRecvType);
  MPI_Datatype outType = outElements.type(), inType = inElements.type();
  const int outCount = outElements.count(), inCount = inElements.count();
  MPI_Comm comm = mpi.communicator();
  const int dest = c.integer(kDest), source = c.integer(kSource);
  const int sendTag = c.integer(kSendTag), recvTag = c.integer(kRecvTag);
  MPI_Status statuses[2];
  if (!mpi.crowded) {
    check(MPI_Sendrecv(out, outCount, outType, dest, sendTag, in, inCount, inType, source, recvTag,
                       comm, statuses));
  } else {
    MPI_Request requests[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    check(MPI_Irecv(in, inCount, inType, source, recvTag, comm, &requests[0]));
    check(MPI_Isend(out, outCount, outType, dest, sendTag, comm, &requests[1]));
    checkWait(waitYielding(requests, statuses), statuses, 2);
  }
  mpi.setStatus(statuses[0], mpi.counted(kRecvType));
}

void sendrecvReplace(MpiState& mpi, Command& c) {
  MPI_Status status;
  const Elements elements(mpi, kRecvCount, kRecvType);
  check(MPI_Sendrecv_replace(mpi.recvBuffer(), elements.count(), elements.type(), c.integer(kDest),
                             c.integer(kSendTag), c.integer(kSource), c.integer(kRecvTag),
                             mpi.communicator(), &status));
  mpi.setStatus(status, mpi.counted(kRecvType));
}

// kArgument0: whether to wait for a message; kOutput: whether there is one, and its status.
void probe(MpiState& mpi, Command& c) {
  MPI_Status status;
  MPI_Comm comm = mpi.communicator();
  const bool wait = c.integer(kArgument0) != 0;
  int flag = 0;
  for (;;) {
    check(MPI_Iprobe(c.integer(kSource), c.integer(kRecvTag), comm, &flag, &status));
    if (flag || !wait) break;
    if (mpi.crowded) sched_yield();
  }
  c[kOutput] = flag;
  if (flag) mpi.setStatus(status, kInBytes);
}

// The same, but the message is set aside: kOutput is its handle, 0 when there is none.
void matchedProbe(MpiState& mpi, Command& c) {
  MPI_Status status;
  MPI_Message message = MPI_MESSAGE_NULL;
  MPI_Comm comm = mpi.communicator();
  const bool wait = c.integer(kArgument0) != 0;
  int flag = 0;
  for (;;) {
    check(MPI_Improbe(c.integer(kSource), c.integer(kRecvTag), comm, &flag, &message, &status));
    if (flag || !wait) break;
    if (mpi.crowded) sched_yield();
  }
  c[kOutput] = 0;
  if (!flag) return;
  mpi.setStatus(status, kInBytes);
  const int handle = mpi.messages.insert(message);
  if (handle == 0) throw MpiFailure{MPI_ERR_NO_MEM};
  c[kOutput] = handle;
}

// kArgument0: handle of the message, which is received into the receive buffer.
void matchedRecv(MpiState& mpi, Command& c) {
  const int handle = c.integer(kArgument0);
  MPI_Message* message = mpi.messages.find(handle);
  if (!message) throw MpiFailure{MPI_ERR_REQUEST};
  const Elements elements(mpi, kRecvCount, kRecvType);
  const CountedType counted = mpi.counted(kRecvType);
  if (c.integer(kMode) == kNonblocking) {
    MPI_Request request;
    mpi.checkRoomForRequest();
    check(MPI_Imrecv(mpi.recvBuffer(), elements.count(), elements.type(), message, &request));
    mpi.messages.erase(handle);
    mpi.insertRequest(request, counted, false);
    return;
  }
  MPI_Status status;
  const int code = MPI_Mrecv(mpi.recvBuffer(), elements.count(), elements.type(), message, &status);
  mpi.messages.erase(handle);
  check(code);
  mpi.setStatus(status, counted);
}

// kSendAddress, kSendCount: memory for buffered sends, in bytes.
void attachBuffer(MpiState&, Command& c) {
  check(MPI_Buffer_attach(c.address(kSendAddress), c.integer(kSendCount)));
}

// Waits until everything in the buffer is sent.
void detachBuffer(MpiState&, Command&) {
  void* memory = nullptr;
  int size = 0;
  check(MPI_Buffer_detach(&memory, &size));
}

}  // namespace

void exportPointToPoint(Napi::Object exports, MpiState& state) {
  exportCommand<send>(exports, state, "send");
  exportCommand<recv>(exports, state, "recv");
  exportCommand<sendrecv>(exports, state, "sendrecv");
  exportCommand<sendrecvReplace>(exports, state, "sendrecvReplace");
  exportCommand<probe>(exports, state, "probe");
  exportCommand<matchedProbe>(exports, state, "matchedProbe");
  exportCommand<matchedRecv>(exports, state, "matchedRecv");
  exportCommand<attachBuffer>(exports, state, "attachBuffer");
  exportCommand<detachBuffer>(exports, state, "detachBuffer");
}

}  // namespace distarray

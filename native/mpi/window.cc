// One-sided communication: windows, access to the memory of other ranks, and its synchronisation.
//
// kComm holds the window's handle, except where a window is made; displacements and sizes are
// doubles, since they exceed 31 bits.
#include "mpi/info.h"
#include "mpi/large_count.h"
#include "mpi/mpi_state.h"
#include "napi/texts.h"

namespace distarray {
namespace {

MPI_Win& window(MpiState& mpi, Command& c) {
  MPI_Win* found = mpi.windows.find(c.integer(kComm));
  if (!found) throw MpiFailure{MPI_ERR_WIN};
  return *found;
}

MPI_Aint aint(Command& c, Slot slot) { return static_cast<MPI_Aint>(c[slot]); }

double asNumber(const void* address) {
  return static_cast<double>(reinterpret_cast<uintptr_t>(address));
}

// kOutput: handle.
void insertWindow(MpiState& mpi, Command& c, MPI_Win win) {
  // A window starts with the handler that ends the job.
  check(MPI_Win_set_errhandler(win, MPI_ERRORS_RETURN));
  const int handle = mpi.windows.insert(win);
  if (handle == 0) throw MpiFailure{MPI_ERR_NO_MEM};
  c[kOutput] = handle;
}

// kRecvAddress: memory, kArgument0: its bytes, kArgument1: displacement unit, and hints.
void winCreate(MpiState& mpi, Command& c) {
  Info info = infoArgument(c);
  MPI_Win win;
  check(MPI_Win_create(c.address(kRecvAddress), aint(c, kArgument0), c.integer(kArgument1), info,
                       mpi.communicator(), &win));
  insertWindow(mpi, c, win);
}

// kArgument0: bytes, kArgument1: displacement unit, kArgument2: whether the ranks share the memory;
// kOutput2: address.
void winAllocate(MpiState& mpi, Command& c) {
  Info info = infoArgument(c);
  MPI_Win win;
  void* base = nullptr;
  const auto allocate = c.integer(kArgument2) != 0 ? MPI_Win_allocate_shared : MPI_Win_allocate;
  check(
      allocate(aint(c, kArgument0), c.integer(kArgument1), info, mpi.communicator(), &base, &win));
  insertWindow(mpi, c, win);
  c[kOutput2] = asNumber(base);
}

void winCreateDynamic(MpiState& mpi, Command& c) {
  Info info = infoArgument(c);
  MPI_Win win;
  check(MPI_Win_create_dynamic(info, mpi.communicator(), &win));
  insertWindow(mpi, c, win);
}

// kDest: rank; kOutput: address in this process.
void winSharedQuery(MpiState& mpi, Command& c) {
  MPI_Aint bytes = 0;
  int unit = 1;
  void* base = nullptr;
  check(MPI_Win_shared_query(window(mpi, c), c.integer(kDest), &bytes, &unit, &base));
  c[kOutput] = asNumber(base);
}

// kSendAddress: memory, kArgument0: bytes; kOutput: the displacement by which others name it.
void winAttach(MpiState& mpi, Command& c) {
  check(MPI_Win_attach(window(mpi, c), c.address(kSendAddress), aint(c, kArgument0)));
  MPI_Aint address = 0;
  check(MPI_Get_address(c.address(kSendAddress), &address));
  c[kOutput] = static_cast<double>(address);
}

void winDetach(MpiState& mpi, Command& c) {
  check(MPI_Win_detach(window(mpi, c), c.address(kSendAddress)));
}

// kSendAddress: the name.
void winSetName(MpiState& mpi, Command& c) {
  check(MPI_Win_set_name(window(mpi, c), c.address<const char>(kSendAddress)));
}

// kRecvAddress: room for kRecvCount bytes; kOutput: bytes of the name and its NUL.
void winGetName(MpiState& mpi, Command& c) {
  char name[MPI_MAX_OBJECT_NAME] = "";
  int length = 0;
  check(MPI_Win_get_name(window(mpi, c), name, &length));
  TextWriter texts(c.address<char>(kRecvAddress), static_cast<size_t>(c.integer(kRecvCount)));
  texts.write(name);
  c[kOutput] = texts.needed();
}

void winSetInfo(MpiState& mpi, Command& c) {
  Info info = infoArgument(c);
  // MPI wants hints; none at all are an empty object.
  if (info == MPI_INFO_NULL) check(MPI_Info_create(info.receive()));
  check(MPI_Win_set_info(window(mpi, c), info));
}

void winGetInfo(MpiState& mpi, Command& c) {
  Info info;
  check(MPI_Win_get_info(window(mpi, c), info.receive()));
  writeInfo(c, info);
}

// kOutput: handle of the group of the processes that share it.
void winGroup(MpiState& mpi, Command& c) {
  MPI_Group group;
  check(MPI_Win_get_group(window(mpi, c), &group));
  c[kOutput] = mpi.insertGroup(group);
}

// kOutput: 0 when memory is unified, 1 when copies of it are separate.
void winModel(MpiState& mpi, Command& c) {
  int* model = nullptr;
  int found = 0;
  check(MPI_Win_get_attr(window(mpi, c), MPI_WIN_MODEL, &model, &found));
  c[kOutput] = found && *model == MPI_WIN_UNIFIED ? 0 : 1;
}

// kOutput: the number that Fortran knows it by.
void winToFortran(MpiState& mpi, Command& c) { c[kOutput] = MPI_Win_c2f(window(mpi, c)); }

void winFree(MpiState& mpi, Command& c) {
  check(MPI_Win_free(&window(mpi, c)));
  mpi.windows.erase(c.integer(kComm));
}

// --- Access --------------------------------------------------------------------------------------
// kDest: target rank, kArgument0: displacement there, kArgument1 and kArgument2: count and datatype
// there. kMode: in the nonblocking form the request's handle is left in kOutput.

// Calls `access(arguments..., window)`, or in the nonblocking form `start`, which leaves a request.
template <typename Access, typename Start, typename... Arguments>
void accessWindow(MpiState& mpi, Command& c, Access access, Start start, CountedType counted,
                  Arguments... arguments) {
  if (c.integer(kMode) == kBlocking) return check(access(arguments..., window(mpi, c)));
  MPI_Request request;
  mpi.checkRoomForRequest();
  check(start(arguments..., window(mpi, c), &request));
  mpi.insertRequest(request, counted, false);
}

void winPut(MpiState& mpi, Command& c) {
  const Elements here(mpi, kSendCount, kSendType), there(mpi, kArgument1, kArgument2);
  accessWindow(mpi, c, MPI_Put, MPI_Rput, mpi.counted(kSendType), c.address(kSendAddress),
               here.count(), here.type(), c.integer(kDest), aint(c, kArgument0), there.count(),
               there.type());
}

void winGet(MpiState& mpi, Command& c) {
  const Elements here(mpi, kRecvCount, kRecvType), there(mpi, kArgument1, kArgument2);
  accessWindow(mpi, c, MPI_Get, MPI_Rget, mpi.counted(kRecvType), c.address(kRecvAddress),
               here.count(), here.type(), c.integer(kDest), aint(c, kArgument0), there.count(),
               there.type());
}

void winAccumulate(MpiState& mpi, Command& c) {
  const Elements here(mpi, kSendCount, kSendType), there(mpi, kArgument1, kArgument2);
  accessWindow(mpi, c, MPI_Accumulate, MPI_Raccumulate, mpi.counted(kSendType),
               c.address(kSendAddress), here.count(), here.type(), c.integer(kDest),
               aint(c, kArgument0), there.count(), there.type(), mpi.operation());
}

void winGetAccumulate(MpiState& mpi, Command& c) {
  const Elements here(mpi, kSendCount, kSendType), before(mpi, kRecvCount, kRecvType);
  const Elements there(mpi, kArgument1, kArgument2);
  accessWindow(mpi, c, MPI_Get_accumulate, MPI_Rget_accumulate, mpi.counted(kRecvType),
               c.address(kSendAddress), here.count(), here.type(), c.address(kRecvAddress),
               before.count(), before.type(), c.integer(kDest), aint(c, kArgument0), there.count(),
               there.type(), mpi.operation());
}

// One element of kSendType; kRecvAddress: what was there before.
void winFetchAndOp(MpiState& mpi, Command& c) {
  check(MPI_Fetch_and_op(c.address(kSendAddress), c.address(kRecvAddress), mpi.datatype(kSendType),
                         c.integer(kDest), aint(c, kArgument0), mpi.operation(), window(mpi, c)));
}

// The same; kArgument1: address of what it is compared with.
void winCompareAndSwap(MpiState& mpi, Command& c) {
  check(MPI_Compare_and_swap(c.address(kSendAddress), c.address(kArgument1),
                             c.address(kRecvAddress), mpi.datatype(kSendType), c.integer(kDest),
                             aint(c, kArgument0), window(mpi, c)));
}

// --- Synchronisation -----------------------------------------------------------------------------

// Bits of kArgument0, in the order of src/mpi/windowSync.ts, as MPI's assertions.
int assertions(Command& c) {
  constexpr int kValues[] = {MPI_MODE_NOCHECK, MPI_MODE_NOSTORE, MPI_MODE_NOPUT, MPI_MODE_NOPRECEDE,
                             MPI_MODE_NOSUCCEED};
  int result = 0;
  int bits = c.integer(kArgument0);
  for (const int value : kValues) {
    if (bits & 1) result |= value;
    bits >>= 1;
  }
  return result;
}

// The ranks of the window at kSendAddress (kSendCount of them), as a group.
class RankGroup {
 public:
  RankGroup(MPI_Win win, Command& c) {
    MPI_Group all;
    check(MPI_Win_get_group(win, &all));
    const int code =
        MPI_Group_incl(all, c.integer(kSendCount), c.address<int>(kSendAddress), &group_);
    MPI_Group_free(&all);
    check(code);
  }
  ~RankGroup() {
    if (group_ != MPI_GROUP_EMPTY) MPI_Group_free(&group_);
  }
  RankGroup(const RankGroup&) = delete;
  RankGroup& operator=(const RankGroup&) = delete;
  operator MPI_Group() const { return group_; }

 private:
  MPI_Group group_ = MPI_GROUP_EMPTY;
};

void winFence(MpiState& mpi, Command& c) { check(MPI_Win_fence(assertions(c), window(mpi, c))); }

void winPost(MpiState& mpi, Command& c) {
  MPI_Win win = window(mpi, c);
  check(MPI_Win_post(RankGroup(win, c), assertions(c), win));
}

void winStart(MpiState& mpi, Command& c) {
  MPI_Win win = window(mpi, c);
  check(MPI_Win_start(RankGroup(win, c), assertions(c), win));
}

void winComplete(MpiState& mpi, Command& c) { check(MPI_Win_complete(window(mpi, c))); }

// kOutput: whether all accesses have ended.
void winTest(MpiState& mpi, Command& c) {
  int done = 0;
  check(MPI_Win_test(window(mpi, c), &done));
  c[kOutput] = done;
}

void winWait(MpiState& mpi, Command& c) {
  if (!mpi.crowded) return check(MPI_Win_wait(window(mpi, c)));
  for (int done = 0; !done;) {
    check(MPI_Win_test(window(mpi, c), &done));
    if (!done) sched_yield();
  }
}

// kArgument1: whether it is exclusive, kDest: rank.
void winLock(MpiState& mpi, Command& c) {
  const int type = c.integer(kArgument1) != 0 ? MPI_LOCK_EXCLUSIVE : MPI_LOCK_SHARED;
  check(MPI_Win_lock(type, c.integer(kDest), assertions(c), window(mpi, c)));
}

void winUnlock(MpiState& mpi, Command& c) {
  check(MPI_Win_unlock(c.integer(kDest), window(mpi, c)));
}

void winLockAll(MpiState& mpi, Command& c) {
  check(MPI_Win_lock_all(assertions(c), window(mpi, c)));
}

void winUnlockAll(MpiState& mpi, Command& c) { check(MPI_Win_unlock_all(window(mpi, c))); }

void winFlush(MpiState& mpi, Command& c) { check(MPI_Win_flush(c.integer(kDest), window(mpi, c))); }

void winFlushLocal(MpiState& mpi, Command& c) {
  check(MPI_Win_flush_local(c.integer(kDest), window(mpi, c)));
}

void winFlushAll(MpiState& mpi, Command& c) { check(MPI_Win_flush_all(window(mpi, c))); }

void winFlushLocalAll(MpiState& mpi, Command& c) { check(MPI_Win_flush_local_all(window(mpi, c))); }

void winSync(MpiState& mpi, Command& c) { check(MPI_Win_sync(window(mpi, c))); }

}  // namespace

void exportWindow(Napi::Object exports, MpiState& state) {
  exportCommand<winCreate>(exports, state, "winCreate");
  exportCommand<winAllocate>(exports, state, "winAllocate");
  exportCommand<winCreateDynamic>(exports, state, "winCreateDynamic");
  exportCommand<winSharedQuery>(exports, state, "winSharedQuery");
  exportCommand<winAttach>(exports, state, "winAttach");
  exportCommand<winDetach>(exports, state, "winDetach");
  exportCommand<winSetName>(exports, state, "winSetName");
  exportCommand<winGetName>(exports, state, "winGetName");
  exportCommand<winSetInfo>(exports, state, "winSetInfo");
  exportCommand<winGetInfo>(exports, state, "winGetInfo");
  exportCommand<winGroup>(exports, state, "winGroup");
  exportCommand<winModel>(exports, state, "winModel");
  exportCommand<winToFortran>(exports, state, "winToFortran");
  exportCommand<winFree>(exports, state, "winFree");
  exportCommand<winPut>(exports, state, "winPut");
  exportCommand<winGet>(exports, state, "winGet");
  exportCommand<winAccumulate>(exports, state, "winAccumulate");
  exportCommand<winGetAccumulate>(exports, state, "winGetAccumulate");
  exportCommand<winFetchAndOp>(exports, state, "winFetchAndOp");
  exportCommand<winCompareAndSwap>(exports, state, "winCompareAndSwap");
  exportCommand<winFence>(exports, state, "winFence");
  exportCommand<winPost>(exports, state, "winPost");
  exportCommand<winStart>(exports, state, "winStart");
  exportCommand<winComplete>(exports, state, "winComplete");
  exportCommand<winTest>(exports, state, "winTest");
  exportCommand<winWait>(exports, state, "winWait");
  exportCommand<winLock>(exports, state, "winLock");
  exportCommand<winUnlock>(exports, state, "winUnlock");
  exportCommand<winLockAll>(exports, state, "winLockAll");
  exportCommand<winUnlockAll>(exports, state, "winUnlockAll");
  exportCommand<winFlush>(exports, state, "winFlush");
  exportCommand<winFlushLocal>(exports, state, "winFlushLocal");
  exportCommand<winFlushAll>(exports, state, "winFlushAll");
  exportCommand<winFlushLocalAll>(exports, state, "winFlushLocalAll");
  exportCommand<winSync>(exports, state, "winSync");
}

}  // namespace distarray

#include "mpi/info.h"
#include "mpi/job_exit.h"
#include "mpi/mpi_state.h"
#include "napi/texts.h"

namespace distarray {
namespace {

// What a communicator is, in kOutput of communicatorKind.
enum Kind : int { kIntra, kCart, kGraph, kDistGraph, kInter };

// kOutput: rank, kOutput2: size.
void rankAndSize(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  int rank = 0;
  int size = 0;
  check(MPI_Comm_rank(comm, &rank));
  check(MPI_Comm_size(comm, &size));
  c[kOutput] = rank;
  c[kOutput2] = size;
}

// kOutput: a Kind.
void communicatorKind(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  int inter = 0;
  check(MPI_Comm_test_inter(comm, &inter));
  int topology = MPI_UNDEFINED;
  if (!inter) check(MPI_Topo_test(comm, &topology));
  c[kOutput] = inter                        ? kInter
               : topology == MPI_CART       ? kCart
               : topology == MPI_GRAPH      ? kGraph
               : topology == MPI_DIST_GRAPH ? kDistGraph
                                            : kIntra;
}

// kOutput: handle of the duplicate.
void dup(MpiState& mpi, Command& c) {
  MPI_Comm result;
  mpi.perform(MPI_Comm_dup, MPI_Comm_idup, mpi.communicator(), &result);
  c[kOutput] = mpi.insertCommunicator(result);
}

// The same with hints.
void dupWithInfo(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Comm_dup_with_info(mpi.communicator(), infoArgument(c), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kRecvAddress: memory for an MPI_Comm that lasts until adoptCommunicator; kOutput: the request.
void idup(MpiState& mpi, Command& c) {
  static_assert(sizeof(MPI_Comm) <= sizeof(int64_t), "JavaScript keeps a BigInt64Array of one");
  MPI_Request request;
  mpi.checkRoomForRequest();
  check(MPI_Comm_idup(mpi.communicator(), c.address<MPI_Comm>(kRecvAddress), &request));
  mpi.insertRequest(request, kInBytes, false);
}

// kRecvAddress: the MPI_Comm that a completed idup left; kOutput: its handle.
void adoptCommunicator(MpiState& mpi, Command& c) {
  c[kOutput] = mpi.insertCommunicator(*c.address<MPI_Comm>(kRecvAddress));
}

// kArgument0: color, kArgument1: key; kOutput: handle, 0 for MPI_COMM_NULL.
void split(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Comm_split(mpi.communicator(), c.integer(kArgument0), c.integer(kArgument1), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: 1 for processes that share memory, 0 for MPI_UNDEFINED, kArgument1: key, and hints;
// kOutput: handle.
void splitType(MpiState& mpi, Command& c) {
  MPI_Comm result;
  const int type = c.integer(kArgument0) ? MPI_COMM_TYPE_SHARED : MPI_UNDEFINED;
  check(MPI_Comm_split_type(mpi.communicator(), type, c.integer(kArgument1), infoArgument(c),
                            &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: group; kOutput: handle, 0 outside of the group.
void createFromGroup(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Comm_create(mpi.communicator(), mpi.group(kArgument0), &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// The same, called by the group only; kArgument1: tag.
void createGroup(MpiState& mpi, Command& c) {
  MPI_Comm result;
  check(MPI_Comm_create_group(mpi.communicator(), mpi.group(kArgument0), c.integer(kArgument1),
                              &result));
  c[kOutput] = mpi.insertCommunicator(result);
}

// kArgument0: the other; kOutput: 0 identical, 1 congruent, 2 similar, 3 unequal.
void compareCommunicators(MpiState& mpi, Command& c) {
  int result = MPI_UNEQUAL;
  check(MPI_Comm_compare(mpi.communicator(), mpi.communicator(kArgument0), &result));
  c[kOutput] = result == MPI_IDENT       ? 0
               : result == MPI_CONGRUENT ? 1
               : result == MPI_SIMILAR   ? 2
                                         : 3;
}

// kOutput: handle of the (local) group.
void communicatorGroup(MpiState& mpi, Command& c) {
  MPI_Group group;
  check(MPI_Comm_group(mpi.communicator(), &group));
  c[kOutput] = mpi.insertGroup(group);
}

// kSendAddress: the name.
void setName(MpiState& mpi, Command& c) {
  check(MPI_Comm_set_name(mpi.communicator(), c.address<const char>(kSendAddress)));
}

// kRecvAddress: room for kRecvCount bytes; kOutput: bytes of the name and its NUL.
void getName(MpiState& mpi, Command& c) {
  char name[MPI_MAX_OBJECT_NAME] = "";
  int length = 0;
  check(MPI_Comm_get_name(mpi.communicator(), name, &length));
  TextWriter texts(c.address<char>(kRecvAddress), static_cast<size_t>(c.integer(kRecvCount)));
  texts.write(name);
  c[kOutput] = texts.needed();
}

void setInfo(MpiState& mpi, Command& c) {
  Info info = infoArgument(c);
  // MPI wants hints; none at all are an empty object.
  if (info == MPI_INFO_NULL) check(MPI_Info_create(info.receive()));
  check(MPI_Comm_set_info(mpi.communicator(), info));
}

void getInfo(MpiState& mpi, Command& c) {
  Info info;
  check(MPI_Comm_get_info(mpi.communicator(), info.receive()));
  writeInfo(c, info);
}

// kArgument0: 0 MPI_UNIVERSE_SIZE, 1 MPI_APPNUM, 2 MPI_WTIME_IS_GLOBAL, and so on as in kKeys; kOutput: 1 when MPI has it,
// kOutput2: its value.
void predefinedAttribute(MpiState& mpi, Command& c) {
  static constexpr int kKeys[] = {MPI_UNIVERSE_SIZE, MPI_APPNUM, MPI_WTIME_IS_GLOBAL,
                                  MPI_HOST,          MPI_IO,     MPI_LASTUSEDCODE};
  int* value = nullptr;
  int found = 0;
  check(MPI_Comm_get_attr(mpi.communicator(), kKeys[c.integer(kArgument0)], &value, &found));
  c[kOutput] = found && value ? 1 : 0;
  c[kOutput2] = found && value ? *value : 0;
}

bool isPredefined(MPI_Comm comm) { return comm == MPI_COMM_WORLD || comm == MPI_COMM_SELF; }

void freeCommunicator(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  if (isPredefined(comm)) throw MpiFailure{MPI_ERR_COMM};
  check(MPI_Comm_free(&comm));
  mpi.communicators.erase(c.integer(kComm));
}

void disconnect(MpiState& mpi, Command& c) {
  MPI_Comm comm = mpi.communicator();
  if (isPredefined(comm)) throw MpiFailure{MPI_ERR_COMM};
  int inter = 0;
  check(MPI_Comm_test_inter(comm, &inter));
  check(MPI_Comm_disconnect(&comm));
  if (inter) job_exit::markDisconnected();
  mpi.communicators.erase(c.integer(kComm));
}

// kOutput: the number that Fortran knows it by.
void toFortran(MpiState& mpi, Command& c) { c[kOutput] = MPI_Comm_c2f(mpi.communicator()); }

// kArgument0: Fortran's number; kOutput: handle, 0 for MPI_COMM_NULL, kOutput2: 1 when it was
// known.
void fromFortran(MpiState& mpi, Command& c) {
  MPI_Comm comm = MPI_Comm_f2c(static_cast<MPI_Fint>(c.integer(kArgument0)));
  // What Open MPI makes of a number that is none.
  if (comm == MPI_Comm{}) throw MpiFailure{MPI_ERR_COMM};
  int known = 0;
  if (comm != MPI_COMM_NULL) {
    int inter = 0;
    check(MPI_Comm_test_inter(comm, &inter));  // MPICH finds numbers that are none here
    known = mpi.communicators.handleOf(comm);
  }
  c[kOutput] = known ? known : mpi.insertCommunicator(comm);
  c[kOutput2] = known ? 1 : 0;
}

// kArgument0: exit code. Does not come back.
void abort(MpiState& mpi, Command& c) {
  check(MPI_Abort(mpi.communicator(), c.integer(kArgument0)));
}

}  // namespace

void exportCommunicator(Napi::Object exports, MpiState& state) {
  exportCommand<rankAndSize>(exports, state, "rankAndSize");
  exportCommand<communicatorKind>(exports, state, "communicatorKind");
  exportCommand<dup>(exports, state, "dup");
  exportCommand<dupWithInfo>(exports, state, "dupWithInfo");
  exportCommand<idup>(exports, state, "idup");
  exportCommand<adoptCommunicator>(exports, state, "adoptCommunicator");
  exportCommand<split>(exports, state, "split");
  exportCommand<splitType>(exports, state, "splitType");
  exportCommand<createFromGroup>(exports, state, "createFromGroup");
  exportCommand<createGroup>(exports, state, "createGroup");
  exportCommand<compareCommunicators>(exports, state, "compareCommunicators");
  exportCommand<communicatorGroup>(exports, state, "communicatorGroup");
  exportCommand<setName>(exports, state, "setName");
  exportCommand<getName>(exports, state, "getName");
  exportCommand<setInfo>(exports, state, "setInfo");
  exportCommand<getInfo>(exports, state, "getInfo");
  exportCommand<predefinedAttribute>(exports, state, "predefinedAttribute");
  exportCommand<freeCommunicator>(exports, state, "free");
  exportCommand<disconnect>(exports, state, "disconnect");
  exportCommand<toFortran>(exports, state, "toFortran");
  exportCommand<fromFortran>(exports, state, "fromFortran");
  exportCommand<abort>(exports, state, "abort");
}

}  // namespace distarray

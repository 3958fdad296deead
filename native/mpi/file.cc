// MPI-IO: files that the processes of a communicator read and write together.
//
// Everywhere kArgument0 is the file's handle, and kArgument1 an offset: in elementary types of the
// view, or in bytes where it is so in MPI.
#include <cstring>
#include <memory>
#include <string>

#include "mpi/large_count.h"
#include "mpi/mpi_state.h"

namespace distarray {
namespace {

MPI_File& file(MpiState& mpi, Command& c) {
  MPI_File* found = mpi.files.find(c.integer(kArgument0));
  if (!found) throw MpiFailure{MPI_ERR_FILE};
  return *found;
}

MPI_Offset offset(Command& c) { return static_cast<MPI_Offset>(c[kArgument1]); }

// Hints: kRecvCount bytes at kRecvAddress, a key and its value in turn, each ended by a zero byte.
class Hints {
 public:
  enum IfEmpty { kNull, kCreate };

  explicit Hints(Command& c, IfEmpty ifEmpty = kNull) {
    const char* text = c.address<const char>(kRecvAddress);
    const char* end = text + c.integer(kRecvCount);
    if (text == end && ifEmpty == kNull) return;
    check(MPI_Info_create(&info_));
    while (text < end) {
      const char* value = text + std::strlen(text) + 1;
      const int code = MPI_Info_set(info_, text, value);
      if (code != MPI_SUCCESS) {
        MPI_Info_free(&info_);
        throw MpiFailure{code};
      }
      text = value + std::strlen(value) + 1;
    }
  }
  ~Hints() {
    if (info_ != MPI_INFO_NULL) MPI_Info_free(&info_);
  }
  Hints(const Hints&) = delete;
  Hints& operator=(const Hints&) = delete;

  MPI_Info get() const { return info_; }

 private:
  MPI_Info info_ = MPI_INFO_NULL;
};

// kSendAddress: name, ended by a zero byte, kArgument1: access mode, and hints; kOutput: handle.
void fileOpen(MpiState& mpi, Command& c) {
  const Hints hints(c);
  MPI_File result;
  check(MPI_File_open(mpi.communicator(), c.address<const char>(kSendAddress),
                      c.integer(kArgument1), hints.get(), &result));
  const int handle = mpi.files.insert(result);
  if (handle == 0) {
    MPI_File_close(&result);
    throw MpiFailure{MPI_ERR_NO_MEM};
  }
  c[kOutput] = handle;
}

// kSendAddress: name, ended by a zero byte, and hints.
void fileDelete(MpiState&, Command& c) {
  const Hints hints(c);
  check(MPI_File_delete(c.address<const char>(kSendAddress), hints.get()));
}

void fileClose(MpiState& mpi, Command& c) {
  check(MPI_File_close(&file(mpi, c)));
  mpi.files.erase(c.integer(kArgument0));
}

// kOutput: bytes.
void fileSize(MpiState& mpi, Command& c) {
  MPI_Offset bytes = 0;
  check(MPI_File_get_size(file(mpi, c), &bytes));
  c[kOutput] = static_cast<double>(bytes);
}

void fileSetSize(MpiState& mpi, Command& c) { check(MPI_File_set_size(file(mpi, c), offset(c))); }

void filePreallocate(MpiState& mpi, Command& c) {
  check(MPI_File_preallocate(file(mpi, c), offset(c)));
}

void fileSync(MpiState& mpi, Command& c) { check(MPI_File_sync(file(mpi, c))); }

// kOutput: 0 or 1.
void fileAtomicity(MpiState& mpi, Command& c) {
  int flag = 0;
  check(MPI_File_get_atomicity(file(mpi, c), &flag));
  c[kOutput] = flag;
}

// kArgument1: 0 or 1.
void fileSetAtomicity(MpiState& mpi, Command& c) {
  check(MPI_File_set_atomicity(file(mpi, c), c.integer(kArgument1)));
}

// kOutput: the access mode.
void fileMode(MpiState& mpi, Command& c) {
  int mode = 0;
  check(MPI_File_get_amode(file(mpi, c), &mode));
  c[kOutput] = mode;
}

// The hints in use as text in the form of Hints, into the kRecvCount bytes at kRecvAddress if they
// suffice; kOutput: bytes that are needed.
void fileInfo(MpiState& mpi, Command& c) {
  struct Info {
    MPI_Info value = MPI_INFO_NULL;
    ~Info() {
      if (value != MPI_INFO_NULL) MPI_Info_free(&value);
    }
  } info;
  check(MPI_File_get_info(file(mpi, c), &info.value));
  std::string text;
  int keys = 0;
  if (info.value != MPI_INFO_NULL) check(MPI_Info_get_nkeys(info.value, &keys));
  for (int k = 0; k < keys; k++) {
    char key[MPI_MAX_INFO_KEY + 1];
    check(MPI_Info_get_nthkey(info.value, k, key));
    int length = 0;
    int found = 0;
    check(MPI_Info_get_valuelen(info.value, key, &length, &found));
    std::string value(static_cast<size_t>(length) + 1, '\0');
    if (found) check(MPI_Info_get(info.value, key, length, value.data(), &found));
    text.append(key).push_back('\0');
    text.append(value.c_str()).push_back('\0');
  }
  if (text.size() <= static_cast<size_t>(c.integer(kRecvCount))) {
    std::memcpy(c.address(kRecvAddress), text.data(), text.size());
  }
  c[kOutput] = static_cast<double>(text.size());
}

// Hints. Open MPI takes no MPI_INFO_NULL here.
void fileSetInfo(MpiState& mpi, Command& c) {
  const Hints hints(c, Hints::kCreate);
  check(MPI_File_set_info(file(mpi, c), hints.get()));
}

// kArgument1: displacement in bytes, kSendType: etype, kRecvType: filetype, kSendAddress: data
// representation, ended by a zero byte, and hints.
void fileSetView(MpiState& mpi, Command& c) {
  const Hints hints(c);
  check(MPI_File_set_view(file(mpi, c), offset(c), mpi.datatype(kSendType), mpi.datatype(kRecvType),
                          c.address<const char>(kSendAddress), hints.get()));
}

// kOutput: handle of the group of the processes that have opened it.
void fileGroup(MpiState& mpi, Command& c) {
  MPI_Group group;
  check(MPI_File_get_group(file(mpi, c), &group));
  c[kOutput] = mpi.insertGroup(group);
}

// kOutput: the number that Fortran knows it by.
void fileToFortran(MpiState& mpi, Command& c) { c[kOutput] = MPI_File_c2f(file(mpi, c)); }

// kSendType: a datatype; kOutput: its extent in the file, in bytes.
void fileTypeExtent(MpiState& mpi, Command& c) {
  MPI_Aint extent = 0;
  check(MPI_File_get_type_extent(file(mpi, c), mpi.datatype(kSendType), &extent));
  c[kOutput] = static_cast<double>(extent);
}

// kOutput: where the view's element at the offset lies in the file, in bytes.
void fileByteOffset(MpiState& mpi, Command& c) {
  MPI_Offset bytes = 0;
  check(MPI_File_get_byte_offset(file(mpi, c), offset(c), &bytes));
  c[kOutput] = static_cast<double>(bytes);
}

// What kArgument2 says: 0 from the view's beginning, 1 from where it is, 2 from the file's end.
int whence(Command& c) {
  constexpr int kWhence[] = {MPI_SEEK_SET, MPI_SEEK_CUR, MPI_SEEK_END};
  return kWhence[c.integer(kArgument2)];
}

void fileSeek(MpiState& mpi, Command& c) {
  check(MPI_File_seek(file(mpi, c), offset(c), whence(c)));
}

void fileSeekShared(MpiState& mpi, Command& c) {
  check(MPI_File_seek_shared(file(mpi, c), offset(c), whence(c)));
}

// kOutput: in elementary types.
void filePosition(MpiState& mpi, Command& c) {
  MPI_Offset position = 0;
  check(MPI_File_get_position(file(mpi, c), &position));
  c[kOutput] = static_cast<double>(position);
}

void filePositionShared(MpiState& mpi, Command& c) {
  MPI_Offset position = 0;
  check(MPI_File_get_position_shared(file(mpi, c), &position));
  c[kOutput] = static_cast<double>(position);
}

// Leaves the handle of a file's request in kOutput.
void insertFileRequest(MpiState& mpi, Command& c, MPI_Request request, CountedType type) {
  mpi.insertRequest(request, type, false);
  mpi.requests.find(c.integer(kOutput))->file = true;
}

// Transfers the send buffer in the form that kMode asks for: by `block`, which leaves a status, or
// by `start`, which leaves a request in kOutput.
template <typename Block, typename Start, typename... Where>
void transfer(MpiState& mpi, Command& c, Block block, Start start, Where... where) {
  void* buffer = c.address(kSendAddress);
  const Elements elements(mpi, kSendCount, kSendType);
  if (c.integer(kMode) == kBlocking) {
    MPI_Status status{};
    check(block(where..., buffer, elements.count(), elements.type(), &status));
    mpi.setStatus(status, mpi.counted(kSendType));
  } else {
    MPI_Request request;
    mpi.checkRoomForRequest();
    check(start(where..., buffer, elements.count(), elements.type(), &request));
    insertFileRequest(mpi, c, request, mpi.counted(kSendType));
  }
}

#ifdef OPEN_MPI
// A request that is complete already, of so many bytes.
MPI_Request completeRequest(MPI_Count bytes) {
  const auto query = [](void* state, MPI_Status* status) {
    MPI_Status_set_elements_x(status, MPI_BYTE, *static_cast<MPI_Count*>(state));
    return MPI_Status_set_cancelled(status, 0);
  };
  const auto release = [](void* state) {
    delete static_cast<MPI_Count*>(state);
    return MPI_SUCCESS;
  };
  const auto cancel = [](void*, int) { return MPI_SUCCESS; };
  MPI_Request request;
  auto state = std::make_unique<MPI_Count>(bytes);
  check(MPI_Grequest_start(query, release, cancel, state.get(), &request));
  state.release();
  check(MPI_Grequest_complete(request));
  return request;
}

// Open MPI 4.1 never completes a nonblocking read that meets the file's end: there the read is done
// by `alone`, which waits for no other rank, when it is started.
template <typename Block, typename Start, typename Alone, typename... Where>
void transferIn(MpiState& mpi, Command& c, Block block, Start start, Alone alone, Where... where) {
  if (c.integer(kMode) == kBlocking) return transfer(mpi, c, block, start, where...);
  const Elements elements(mpi, kSendCount, kSendType);
  MPI_Status status{};
  mpi.checkRoomForRequest();
  check(alone(where..., c.address(kSendAddress), elements.count(), elements.type(), &status));
  MPI_Count bytes = 0;
  check(MPI_Get_elements_x(&status, MPI_BYTE, &bytes));
  insertFileRequest(mpi, c, completeRequest(bytes), mpi.counted(kSendType));
}
#else
template <typename Block, typename Start, typename Alone, typename... Where>
void transferIn(MpiState& mpi, Command& c, Block block, Start start, Alone, Where... where) {
  transfer(mpi, c, block, start, where...);
}
#endif

void fileRead(MpiState& mpi, Command& c) {
  transferIn(mpi, c, MPI_File_read, MPI_File_iread, MPI_File_read, file(mpi, c));
}

void fileReadAll(MpiState& mpi, Command& c) {
  transferIn(mpi, c, MPI_File_read_all, MPI_File_iread_all, MPI_File_read, file(mpi, c));
}

void fileReadAt(MpiState& mpi, Command& c) {
  transferIn(mpi, c, MPI_File_read_at, MPI_File_iread_at, MPI_File_read_at, file(mpi, c),
             offset(c));
}

void fileReadAtAll(MpiState& mpi, Command& c) {
  transferIn(mpi, c, MPI_File_read_at_all, MPI_File_iread_at_all, MPI_File_read_at, file(mpi, c),
             offset(c));
}

void fileReadShared(MpiState& mpi, Command& c) {
  transferIn(mpi, c, MPI_File_read_shared, MPI_File_iread_shared, MPI_File_read_shared,
             file(mpi, c));
}

// MPI has no nonblocking form of it.
void fileReadOrdered(MpiState& mpi, Command& c) {
  MPI_Status status{};
  const Elements elements(mpi, kSendCount, kSendType);
  check(MPI_File_read_ordered(file(mpi, c), c.address(kSendAddress), elements.count(),
                              elements.type(), &status));
  mpi.setStatus(status, mpi.counted(kSendType));
}

void fileWrite(MpiState& mpi, Command& c) {
  transfer(mpi, c, MPI_File_write, MPI_File_iwrite, file(mpi, c));
}

void fileWriteAll(MpiState& mpi, Command& c) {
  transfer(mpi, c, MPI_File_write_all, MPI_File_iwrite_all, file(mpi, c));
}

void fileWriteAt(MpiState& mpi, Command& c) {
  transfer(mpi, c, MPI_File_write_at, MPI_File_iwrite_at, file(mpi, c), offset(c));
}

void fileWriteAtAll(MpiState& mpi, Command& c) {
  transfer(mpi, c, MPI_File_write_at_all, MPI_File_iwrite_at_all, file(mpi, c), offset(c));
}

void fileWriteShared(MpiState& mpi, Command& c) {
  transfer(mpi, c, MPI_File_write_shared, MPI_File_iwrite_shared, file(mpi, c));
}

void fileWriteOrdered(MpiState& mpi, Command& c) {
  MPI_Status status{};
  const Elements elements(mpi, kSendCount, kSendType);
  check(MPI_File_write_ordered(file(mpi, c), c.address(kSendAddress), elements.count(),
                               elements.type(), &status));
  mpi.setStatus(status, mpi.counted(kSendType));
}

}  // namespace

void exportFile(Napi::Object exports, MpiState& state) {
  exportCommand<fileOpen>(exports, state, "fileOpen");
  exportCommand<fileDelete>(exports, state, "fileDelete");
  exportCommand<fileClose>(exports, state, "fileClose");
  exportCommand<fileGroup>(exports, state, "fileGroup");
  exportCommand<fileToFortran>(exports, state, "fileToFortran");
  exportCommand<fileSize>(exports, state, "fileSize");
  exportCommand<fileSetSize>(exports, state, "fileSetSize");
  exportCommand<filePreallocate>(exports, state, "filePreallocate");
  exportCommand<fileSync>(exports, state, "fileSync");
  exportCommand<fileAtomicity>(exports, state, "fileAtomicity");
  exportCommand<fileSetAtomicity>(exports, state, "fileSetAtomicity");
  exportCommand<fileMode>(exports, state, "fileMode");
  exportCommand<fileInfo>(exports, state, "fileInfo");
  exportCommand<fileSetInfo>(exports, state, "fileSetInfo");
  exportCommand<fileSetView>(exports, state, "fileSetView");
  exportCommand<fileTypeExtent>(exports, state, "fileTypeExtent");
  exportCommand<fileByteOffset>(exports, state, "fileByteOffset");
  exportCommand<fileSeek>(exports, state, "fileSeek");
  exportCommand<fileSeekShared>(exports, state, "fileSeekShared");
  exportCommand<filePosition>(exports, state, "filePosition");
  exportCommand<filePositionShared>(exports, state, "filePositionShared");
  exportCommand<fileRead>(exports, state, "fileRead");
  exportCommand<fileReadAll>(exports, state, "fileReadAll");
  exportCommand<fileReadAt>(exports, state, "fileReadAt");
  exportCommand<fileReadAtAll>(exports, state, "fileReadAtAll");
  exportCommand<fileReadShared>(exports, state, "fileReadShared");
  exportCommand<fileReadOrdered>(exports, state, "fileReadOrdered");
  exportCommand<fileWrite>(exports, state, "fileWrite");
  exportCommand<fileWriteAll>(exports, state, "fileWriteAll");
  exportCommand<fileWriteAt>(exports, state, "fileWriteAt");
  exportCommand<fileWriteAtAll>(exports, state, "fileWriteAtAll");
  exportCommand<fileWriteShared>(exports, state, "fileWriteShared");
  exportCommand<fileWriteOrdered>(exports, state, "fileWriteOrdered");
}

}  // namespace distarray

// Files: created, opened, flushed and closed by all processes of a communicator.
#include <mpi.h>

#include "hdf5/hdf5_arguments.h"
#include "mpi/mpi_state.h"

namespace distarray::hdf5 {
namespace {

// Hints to MPI-IO; freed with their owner.
class Hints {
 public:
  // Texts: key, value, key, value, …
  explicit Hints(Napi::Array texts) {
    if (texts.Length() == 0) return;
    MPI_Info_create(&info_);
    for (uint32_t k = 0; k + 1 < texts.Length(); k += 2) {
      const std::string key = texts.Get(k).As<Napi::String>();
      const std::string value = texts.Get(k + 1).As<Napi::String>();
      MPI_Info_set(info_, key.c_str(), value.c_str());
    }
  }
  Hints(const Hints&) = delete;
  Hints& operator=(const Hints&) = delete;
  ~Hints() {
    if (info_ != MPI_INFO_NULL) MPI_Info_free(&info_);
  }

  MPI_Info get() const { return info_; }

 private:
  MPI_Info info_ = MPI_INFO_NULL;
};

// MPI-IO locks no files either, and some file systems cannot.
void unlocked(hid_t access) {
#if H5_VERSION_GE(1, 10, 7)
  check(H5Pset_file_locking(access, false, true), "H5Pset_file_locking");
#else
  (void)access;
#endif
}

// How a file is opened: by these processes, with these hints, and objects of at least `threshold` bytes at multiples of
// `alignment`.
Object fileAccess(Napi::Env env, Napi::Value comm, Napi::Value hintTexts, Napi::Value alignment,
                  Napi::Value threshold) {
  auto& mpi = MpiState::of(env);
  MPI_Comm* processes = mpi.communicators.find(comm.As<Napi::Number>().Int32Value());
  if (!processes || !MpiState::active) throw std::runtime_error("the communicator is freed");
  startLibrary();
  const Hints hints(hintTexts.As<Napi::Array>());
  Object access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  int size = 0;
  MPI_Comm_size(*processes, &size);
  // A process alone needs no MPI-IO, and may write what HDF5 cannot write in parallel.
  if (size > 1) {
    check(H5Pset_fapl_mpio(access.id(), *processes, hints.get()), "H5Pset_fapl_mpio");
  } else {
    unlocked(access.id());
  }
  check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  const auto multiple = static_cast<hsize_t>(alignment.As<Napi::Number>().Int64Value());
  const auto least = static_cast<hsize_t>(threshold.As<Napi::Number>().Int64Value());
  if (multiple > 1) check(H5Pset_alignment(access.id(), least, multiple), "H5Pset_alignment");
  return access;
}

Napi::Value opened(Info info, hid_t file, const char* call) {
  return Napi::Number::New(info.Env(), files().insert(Object(file, H5Fclose, call)));
}

// createFile(path, comm, hints, alignment, threshold) → file. Collective; truncates.
Napi::Value createFile(Info info) {
  Object access = fileAccess(info.Env(), info[1], info[2], info[3], info[4]);
  return opened(info,
                H5Fcreate(textArgument(info, 0).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()),
                "H5Fcreate");
}

// openFile(path, comm, hints, alignment, threshold, readOnly) → file. Collective.
Napi::Value openFile(Info info) {
  Object access = fileAccess(info.Env(), info[1], info[2], info[3], info[4]);
  const unsigned mode = info[5].As<Napi::Boolean>() ? H5F_ACC_RDONLY : H5F_ACC_RDWR;
  return opened(info, H5Fopen(textArgument(info, 0).c_str(), mode, access.id()), "H5Fopen");
}

// probeFile(path): opens a file on this process alone, and closes it. A damaged one makes the library fail, where opening
// it together may leave processes waiting for each other.
void probeFile(Info info) {
  startLibrary();
  Object access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  unlocked(access.id());
  check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  Object file(H5Fopen(textArgument(info, 0).c_str(), H5F_ACC_RDONLY, access.id()), H5Fclose,
              "H5Fopen");
  H5O_info_t about;
  check(H5Oget_info_by_name2(file.id(), "/", &about, H5O_INFO_BASIC, H5P_DEFAULT),
        "H5Oget_info_by_name");
  hsize_t index = 0;
  check(H5Literate_by_name(
            file.id(), "/", H5_INDEX_NAME, H5_ITER_INC, &index,
            [](hid_t, const char*, const H5L_info_t*, void*) -> herr_t { return 0; }, nullptr,
            H5P_DEFAULT),
        "H5Literate_by_name");
  file.close("H5Fclose");
}

// flushFile(file). Collective.
void flushFile(Info info) { check(H5Fflush(fileArgument(info, 0), H5F_SCOPE_GLOBAL), "H5Fflush"); }

// closeFile(file). Collective. The handle is gone also when the library complains.
void closeFile(Info info) {
  const int32_t handle = info[0].As<Napi::Number>().Int32Value();
  Object* found = files().find(handle);
  if (!found) return;
  Object file = std::move(*found);
  files().erase(handle);
  file.close("H5Fclose");
}

Napi::Value libraryVersion(Info info) {
  unsigned major = 0;
  unsigned minor = 0;
  unsigned release = 0;
  H5get_libversion(&major, &minor, &release);
  return Napi::String::New(info.Env(), std::to_string(major) + "." + std::to_string(minor) + "." +
                                           std::to_string(release));
}

}  // namespace

void exportFiles(Exports& exports) {
  exports.add<createFile>("createFile");
  exports.add<openFile>("openFile");
  exports.add<probeFile>("probeFile");
  exports.add<flushFile>("flushFile");
  exports.add<closeFile>("closeFile");
  exports.add<libraryVersion>("libraryVersion");
}

}  // namespace distarray::hdf5

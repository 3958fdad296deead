#include "hdf5/hdf5_exports.h"

#include <mpi.h>

#include <string>
#include <vector>

#include "hdf5/hdf5_object.h"
#include "hdf5/hdf5_selection.h"
#include "hdf5/hdf5_types.h"
#include "mpi/job_exit.h"
#include "mpi/mpi_state.h"
#include "napi/view_memory.h"

namespace distarray {
namespace {

using hdf5::Object;
using Handles = HandleTable<Object, HandleType::kHdf5>;
using Info = const Napi::CallbackInfo&;

// Open files and datasets. HDF5 identifiers are the library's, one table a process.
Handles& handles() {
  static auto* table = new Handles;  // never destroyed: used while the process exits
  return *table;
}

// HDF5 must have closed its files before MPI is finalized, or it aborts the process at exit.
void closeLibrary() {
  handles().clear();
  H5close();
}

void startLibrary() {
  static const bool started = [] {
    H5open();
    hdf5::silence();
    job_exit::beforeFinalize(closeLibrary);
    return true;
  }();
  (void)started;
}

Object& object(Info info, size_t position) {
  Object* found = handles().find(info[position].As<Napi::Number>().Int32Value());
  if (!found) throw Napi::Error::New(info.Env(), "the HDF5 object is closed");
  return *found;
}

Napi::Number insert(Info info, Object value) {
  return Napi::Number::New(info.Env(), handles().insert(std::move(value)));
}

std::string text(Info info, size_t position) { return info[position].As<Napi::String>(); }

std::vector<hsize_t> extents(Napi::Value value) {
  auto array = value.As<Napi::Array>();
  std::vector<hsize_t> out;
  for (uint32_t i = 0; i < array.Length(); i++) {
    out.push_back(static_cast<hsize_t>(array.Get(i).As<Napi::Number>().Int64Value()));
  }
  return out;
}

// One Float64Array a dimension, four numbers a run: start, stride, count, block.
hdf5::Selection selectionOf(Napi::Value value) {
  auto dimensions = value.As<Napi::Array>();
  hdf5::Selection out;
  for (uint32_t d = 0; d < dimensions.Length(); d++) {
    auto numbers = dimensions.Get(d).As<Napi::Float64Array>();
    auto& runs = out.emplace_back();
    const auto at = [&](size_t i) { return static_cast<hsize_t>(numbers[i]); };
    for (size_t i = 0; i + 3 < numbers.ElementLength(); i += 4) {
      runs.push_back({at(i), at(i + 1), at(i + 2), at(i + 3)});
    }
  }
  return out;
}

Object fileAccess(Info info, size_t position) {
  auto& mpi = MpiState::of(info.Env());
  MPI_Comm* comm = mpi.communicators.find(info[position].As<Napi::Number>().Int32Value());
  if (!comm || !MpiState::active) throw Napi::Error::New(info.Env(), "the communicator is freed");
  startLibrary();
  Object access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  hdf5::check(H5Pset_fapl_mpio(access.id(), *comm, MPI_INFO_NULL), "H5Pset_fapl_mpio");
  hdf5::check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  return access;
}

Object transferList() {
  Object list(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "H5Pcreate");
  hdf5::check(H5Pset_dxpl_mpio(list.id(), H5FD_MPIO_COLLECTIVE), "H5Pset_dxpl_mpio");
  return list;
}

// createFile(path, comm) → handle. Collective; truncates.
Napi::Value createFile(Info info) {
  Object access = fileAccess(info, 1);
  return insert(info,
                Object(H5Fcreate(text(info, 0).c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.id()),
                       H5Fclose, "H5Fcreate"));
}

// openFile(path, comm, readOnly) → handle. Collective.
Napi::Value openFile(Info info) {
  Object access = fileAccess(info, 1);
  const unsigned mode = info[2].As<Napi::Boolean>() ? H5F_ACC_RDONLY : H5F_ACC_RDWR;
  return insert(info,
                Object(H5Fopen(text(info, 0).c_str(), mode, access.id()), H5Fclose, "H5Fopen"));
}

// close(handle): of a file or dataset.
void close(Info info) {
  object(info, 0).close("H5Fclose or H5Dclose");
  handles().erase(info[0].As<Napi::Number>().Int32Value());
}

// linkExists(file, key): every group on the way must exist for the library not to complain.
Napi::Value linkExists(Info info) {
  const std::string key = text(info, 1);
  const hid_t file = object(info, 0).id();
  for (size_t end = key.find('/', 1);; end = key.find('/', end + 1)) {
    const htri_t found = H5Lexists(file, key.substr(0, end).c_str(), H5P_DEFAULT);
    hdf5::check(found, "H5Lexists");
    if (!found) return Napi::Boolean::New(info.Env(), false);
    if (end == std::string::npos) return Napi::Boolean::New(info.Env(), true);
  }
}

// createDataset(file, key, dtype, shape) → handle. Collective. The caller writes all of it, so HDF5
// need not fill it with zeros first.
Napi::Value createDataset(Info info) {
  const std::vector<hsize_t> shape = extents(info[3]);
  Object space(shape.empty()
                   ? H5Screate(H5S_SCALAR)
                   : H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
               H5Sclose, "H5Screate");
  Object type = hdf5::datatypeOf(text(info, 2));
  Object links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "H5Pcreate");
  hdf5::check(H5Pset_create_intermediate_group(links.id(), 1), "H5Pset_create_intermediate_group");
  Object creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  hdf5::check(H5Pset_fill_time(creation.id(), H5D_FILL_TIME_NEVER), "H5Pset_fill_time");
  return insert(info, Object(H5Dcreate2(object(info, 0).id(), text(info, 1).c_str(), type.id(),
                                        space.id(), links.id(), creation.id(), H5P_DEFAULT),
                             H5Dclose, "H5Dcreate"));
}

// openDataset(file, key) → handle. Collective.
Napi::Value openDataset(Info info) {
  return insert(info, Object(H5Dopen2(object(info, 0).id(), text(info, 1).c_str(), H5P_DEFAULT),
                             H5Dclose, "H5Dopen"));
}

// describeDataset(dataset) → { shape, dtype }; dtype is '' when it is none of ours.
Napi::Value describeDataset(Info info) {
  const hid_t dataset = object(info, 0).id();
  Object space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  Object type(H5Dget_type(dataset), H5Tclose, "H5Dget_type");
  const int ndim = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> shape(static_cast<size_t>(ndim < 0 ? 0 : ndim));
  H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr);
  auto out = Napi::Object::New(info.Env());
  auto extents = Napi::Array::New(info.Env(), shape.size());
  for (uint32_t d = 0; d < shape.size(); d++) extents.Set(d, static_cast<double>(shape[d]));
  out.Set("shape", extents);
  out.Set("dtype", hdf5::dtypeOf(type.id()));
  return out;
}

using Transfer = herr_t (*)(hid_t, hid_t, hid_t, hid_t, hid_t, void*);

herr_t writeTransfer(hid_t dataset, hid_t type, hid_t memory, hid_t file, hid_t list, void* data) {
  return H5Dwrite(dataset, type, memory, file, list, data);
}

// writeDataset(dataset, buffer, dtype, selection) and
// readDataset(dataset, buffer, dtype, selection): `buffer` holds the selected elements in C order.
// Collective: a rank without elements takes part with an empty selection.
template <Transfer Move>
void transfer(Info info) {
  const hid_t dataset = object(info, 0).id();
  const ViewMemory buffer = viewMemory(info[1]);
  Object type = hdf5::datatypeOf(text(info, 2));
  Object fileSpace(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  hdf5::select(fileSpace.id(), selectionOf(info[3]));
  const auto elements = static_cast<hsize_t>(H5Sget_select_npoints(fileSpace.id()));
  if (elements * H5Tget_size(type.id()) > buffer.bytes) {
    throw Napi::Error::New(info.Env(), "the buffer is shorter than the selection");
  }
  Object memorySpace(H5Screate_simple(1, &elements, nullptr), H5Sclose, "H5Screate_simple");
  if (elements == 0) hdf5::check(H5Sselect_none(memorySpace.id()), "H5Sselect_none");
  Object list = transferList();
  // HDF5 refuses a null pointer even where nothing is selected.
  char nothing = 0;
  hdf5::check(Move(dataset, type.id(), memorySpace.id(), fileSpace.id(), list.id(),
                   elements == 0 ? &nothing : buffer.data),
              "collective transfer");
}

// Turns what C++ throws into JavaScript errors with a code.
template <typename Function>
auto guarded(Info info, Function function) {
  try {
    return function(info);
  } catch (const std::exception& failure) {
    auto error = Napi::Error::New(info.Env(), failure.what());
    error.Set("code", "ERR_HDF5");
    throw error;
  }
}

template <Napi::Value (*Function)(Info)>
Napi::Value returning(Info info) {
  return guarded(info, Function);
}

template <void (*Function)(Info)>
void performing(Info info) {
  guarded(info, Function);
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

void exportHdf5(Napi::Object exports) {
  Napi::Env env = exports.Env();
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("createFile", returning<createFile>);
  add("openFile", returning<openFile>);
  add("close", performing<close>);
  add("linkExists", returning<linkExists>);
  add("createDataset", returning<createDataset>);
  add("openDataset", returning<openDataset>);
  add("describeDataset", returning<describeDataset>);
  add("writeDataset", performing<transfer<writeTransfer>>);
  add("readDataset", performing<transfer<H5Dread>>);
  add("libraryVersion", returning<libraryVersion>);
}

}  // namespace distarray

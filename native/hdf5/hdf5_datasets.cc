// Datasets: made, described, resized, and transferred.
#include <cstring>

#include "hdf5/hdf5_arguments.h"
#include "hdf5/hdf5_types.h"
#include "napi/view_memory.h"

namespace distarray::hdf5 {
namespace {

Object openDataset(hid_t file, const std::string& path) {
  return Object(H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "H5Dopen");
}

// createDataset(file, path, spec): collective, with { dtype, shape, maxshape, chunks, deflate, shuffle, fillValue, filled }.
// Empty `maxshape` and `chunks` stand for none, as does a negative `deflate`. `fillValue` is one element in memory, or
// null; what is not `filled` the caller writes all of, so that HDF5 need not write it first.
void createDataset(Info info) {
  const auto spec = info[2].As<Napi::Object>();
  Object type = datatypeOf(spec.Get("dtype").As<Napi::String>());
  const auto shape = extentsOf(spec.Get("shape"));
  Object space = spaceOf(shape, extentsOf(spec.Get("maxshape")));
  Object creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  const auto chunks = extentsOf(spec.Get("chunks"));
  if (!chunks.empty()) {
    check(H5Pset_chunk(creation.id(), static_cast<int>(chunks.size()), chunks.data()),
          "H5Pset_chunk");
  }
  if (spec.Get("shuffle").As<Napi::Boolean>()) check(H5Pset_shuffle(creation.id()), "H5Pset_shuffle");
  const int deflate = spec.Get("deflate").As<Napi::Number>().Int32Value();
  if (deflate >= 0) {
    check(H5Pset_deflate(creation.id(), static_cast<unsigned>(deflate)), "H5Pset_deflate");
  }
  if (const auto value = spec.Get("fillValue"); !value.IsNull()) {
    check(H5Pset_fill_value(creation.id(), type.id(), viewMemory(value).data),
          "H5Pset_fill_value");
  }
  const bool filled = spec.Get("filled").As<Napi::Boolean>();
  check(H5Pset_fill_time(creation.id(), filled ? H5D_FILL_TIME_ALLOC : H5D_FILL_TIME_NEVER),
        "H5Pset_fill_time");
  // In parallel all chunks have to have their place before they are written; also when one process makes the dataset.
  check(H5Pset_alloc_time(creation.id(), H5D_ALLOC_TIME_EARLY), "H5Pset_alloc_time");
  Object links = linkCreation();
  Object dataset(H5Dcreate2(fileArgument(info, 0), textArgument(info, 1).c_str(), type.id(),
                            space.id(), links.id(), creation.id(), H5P_DEFAULT),
                 H5Dclose, "H5Dcreate");
}

// Whether new chunks get their place in the file at once.
bool allocatesEarly(hid_t creation) {
  H5D_alloc_time_t time;
  check(H5Pget_alloc_time(creation, &time), "H5Pget_alloc_time");
  return time == H5D_ALLOC_TIME_EARLY;
}

// Whether every chunk has its place in the file.
bool isAllocated(hid_t dataset, hid_t creation, const std::vector<hsize_t>& shape,
                 const std::vector<hsize_t>& chunks) {
  if (chunks.empty() || allocatesEarly(creation)) return true;
#if H5_VERSION_GE(1, 10, 5)
  hsize_t wanted = 1;
  for (size_t d = 0; d < shape.size(); d++) wanted *= (shape[d] + chunks[d] - 1) / chunks[d];
  if (wanted == 0) return true;
  hsize_t found = 0;
  Object space(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  check(H5Dget_num_chunks(dataset, space.id(), &found), "H5Dget_num_chunks");
  return found == wanted;
#else
  return false;
#endif
}

struct Filters {
  int deflate = -1;
  bool shuffle = false;
  // Name of one that this libhdf5 does not have.
  std::string missing;
};

Filters filtersOf(hid_t creation) {
  Filters out;
  const int count = H5Pget_nfilters(creation);
  for (int k = 0; k < count; k++) {
    unsigned flags = 0;
    unsigned values[8] = {};
    size_t length = 8;
    char name[64] = {};
    const H5Z_filter_t filter = H5Pget_filter2(creation, static_cast<unsigned>(k), &flags, &length,
                                               values, sizeof name, name, nullptr);
    if (filter == H5Z_FILTER_DEFLATE) {
      out.deflate = length > 0 ? static_cast<int>(values[0]) : 0;
    } else if (filter == H5Z_FILTER_SHUFFLE) {
      out.shuffle = true;
    }
    // Plugins count; that there is none is no error here.
    if (H5Zfilter_avail(filter) <= 0) {
      out.missing = name[0] == '\0' ? "number " + std::to_string(static_cast<int>(filter)) : name;
    }
  }
  return out;
}

// Whether an external link has led to a dataset in another file than the one that is open.
bool isElsewhere(hid_t file, hid_t dataset) {
  H5O_info_t root, found;
  check(H5Oget_info_by_name2(file, "/", &root, H5O_INFO_BASIC, H5P_DEFAULT), "H5Oget_info_by_name");
  check(H5Oget_info2(dataset, &found, H5O_INFO_BASIC), "H5Oget_info");
  return root.fileno != found.fileno;
}

// describeDataset(file, path) → { shape, maxshape, dtype, itemsize, chunks, deflate, shuffle, missingFilter, filters,
// offset, storageSize, isNative, isAllocated, allocatesEarly }: dtype is '' when it is none of ours, chunks empty when there are none, deflate -1 when there is none;
// `offset` is where the elements begin in the file, -1 when they do not lie in it in one piece;
// `isNative` whether they are byte by byte those in memory.
Napi::Value describeDataset(Info info) {
  const hid_t file = fileArgument(info, 0);
  Object dataset = openDataset(file, textArgument(info, 1));
  Object space(H5Dget_space(dataset.id()), H5Sclose, "H5Dget_space");
  Object type(H5Dget_type(dataset.id()), H5Tclose, "H5Dget_type");
  Object creation(H5Dget_create_plist(dataset.id()), H5Pclose, "H5Dget_create_plist");
  const bool isNull = H5Sget_simple_extent_type(space.id()) == H5S_NULL;
  const int found = H5Sget_simple_extent_ndims(space.id());
  const auto ndim = static_cast<size_t>(found < 0 ? 0 : found);
  std::vector<hsize_t> shape(ndim), limits(ndim), chunks;
  H5Sget_simple_extent_dims(space.id(), shape.data(), limits.data());
  if (H5Pget_layout(creation.id()) == H5D_CHUNKED) {
    chunks.resize(ndim);
    check(H5Pget_chunk(creation.id(), static_cast<int>(ndim), chunks.data()), "H5Pget_chunk");
  }
  const Filters filters = filtersOf(creation.id());
  // Not an error for a dataset in chunks or without elements, but there is no such place.
  const haddr_t offset =
      isElsewhere(file, dataset.id()) ? HADDR_UNDEF : H5Dget_offset(dataset.id());
  const Napi::Env env = info.Env();
  auto out = Napi::Object::New(env);
  out.Set("shape", numbersOf(env, shape));
  out.Set("maxshape", numbersOf(env, limits));
  out.Set("chunks", numbersOf(env, chunks));
  out.Set("dtype", isNull ? "" : dtypeOf(type.id()));
  out.Set("itemsize", static_cast<double>(H5Tget_size(type.id())));
  out.Set("deflate", filters.deflate);
  out.Set("shuffle", filters.shuffle);
  out.Set("missingFilter", filters.missing);
  out.Set("filters", H5Pget_nfilters(creation.id()));
  out.Set("offset", offset == HADDR_UNDEF ? -1.0 : static_cast<double>(offset));
  out.Set("storageSize", static_cast<double>(H5Dget_storage_size(dataset.id())));
  out.Set("isAllocated", isAllocated(dataset.id(), creation.id(), shape, chunks));
  out.Set("allocatesEarly", allocatesEarly(creation.id()));
  out.Set("isNative", isNative(type.id()));
  H5Eclear2(H5E_DEFAULT);
  return out;
}

// fillValueOf(file, path, dtype, buffer): writes the fill value into the buffer.
void fillValueOf(Info info) {
  Object dataset = openDataset(fileArgument(info, 0), textArgument(info, 1));
  Object creation(H5Dget_create_plist(dataset.id()), H5Pclose, "H5Dget_create_plist");
  Object type = datatypeOf(textArgument(info, 2));
  const ViewMemory buffer = viewMemory(info[3]);
  H5D_fill_value_t status;
  check(H5Pfill_value_defined(creation.id(), &status), "H5Pfill_value_defined");
  std::memset(buffer.data, 0, buffer.bytes);
  if (status == H5D_FILL_VALUE_UNDEFINED) return;
  check(H5Pget_fill_value(creation.id(), type.id(), buffer.data), "H5Pget_fill_value");
}

// resizeDataset(file, path, shape). Collective.
void resizeDataset(Info info) {
  Object dataset = openDataset(fileArgument(info, 0), textArgument(info, 1));
  check(H5Dset_extent(dataset.id(), extentsOf(info[2]).data()), "H5Dset_extent");
}

// Whether several processes have the dataset's file open together.
bool isParallel(hid_t dataset) {
  Object file(H5Iget_file_id(dataset), H5Fclose, "H5Iget_file_id");
  Object access(H5Fget_access_plist(file.id()), H5Pclose, "H5Fget_access_plist");
  return H5Pget_driver(access.id()) == H5FD_MPIO;
}

using Transfer = herr_t (*)(hid_t, hid_t, hid_t, hid_t, hid_t, void*);

herr_t writeElements(hid_t dataset, hid_t type, hid_t memory, hid_t file, hid_t list, void* data) {
  return H5Dwrite(dataset, type, memory, file, list, data);
}

// writeDataset(file, path, buffer, dtype, selection, collective)
// readDataset(file, path, buffer, dtype, selection, collective): `buffer` holds the selected elements in C order. In a
// collective transfer a rank without elements takes part with an empty selection.
template <Transfer Move>
void transfer(Info info) {
  Object dataset = openDataset(fileArgument(info, 0), textArgument(info, 1));
  const ViewMemory buffer = viewMemory(info[2]);
  Object type = datatypeOf(textArgument(info, 3));
  Object fileSpace(H5Dget_space(dataset.id()), H5Sclose, "H5Dget_space");
  select(fileSpace.id(), selectionOf(info[4]));
  const auto elements = static_cast<hsize_t>(H5Sget_select_npoints(fileSpace.id()));
  if (elements * H5Tget_size(type.id()) > buffer.bytes) {
    throw std::runtime_error("the buffer is shorter than the selection");
  }
  Object memorySpace(H5Screate_simple(1, &elements, nullptr), H5Sclose, "H5Screate_simple");
  if (elements == 0) check(H5Sselect_none(memorySpace.id()), "H5Sselect_none");
  Object list(H5Pcreate(H5P_DATASET_XFER), H5Pclose, "H5Pcreate");
  if (info[5].As<Napi::Boolean>() && isParallel(dataset.id())) {
    check(H5Pset_dxpl_mpio(list.id(), H5FD_MPIO_COLLECTIVE), "H5Pset_dxpl_mpio");
  }
  // HDF5 refuses a null pointer even where nothing is selected.
  char nothing = 0;
  check(Move(dataset.id(), type.id(), memorySpace.id(), fileSpace.id(), list.id(),
             elements == 0 ? &nothing : buffer.data),
        "transfer");
}

}  // namespace

void exportDatasets(Exports& exports) {
  exports.add<createDataset>("createDataset");
  exports.add<describeDataset>("describeDataset");
  exports.add<fillValueOf>("fillValueOf");
  exports.add<resizeDataset>("resizeDataset");
  exports.add<transfer<writeElements>>("writeDataset");
  exports.add<transfer<H5Dread>>("readDataset");
}

}  // namespace distarray::hdf5

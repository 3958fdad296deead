#include "hdf5/hdf5_arguments.h"

#include "mpi/job_exit.h"

namespace distarray::hdf5 {
namespace {

// HDF5 must have closed its files before MPI is finalized, or it aborts the process at exit.
void closeLibrary() {
  files().clear();
  H5close();
}

}  // namespace

Files& files() {
  static auto* table = new Files;  // never destroyed: used while the process exits
  return *table;
}

void startLibrary() {
  static const bool started = [] {
    // closeLibrary does it: at exit the library would go before the files here are closed, and complain on the terminal.
    H5dont_atexit();
    H5open();
    silence();
    job_exit::beforeFinalize(closeLibrary);
    return true;
  }();
  (void)started;
}

hid_t fileArgument(Info info, size_t position) {
  Object* found = files().find(info[position].As<Napi::Number>().Int32Value());
  if (!found) throw std::runtime_error("the HDF5 file is closed");
  return found->id();
}

std::string textArgument(Info info, size_t position) { return info[position].As<Napi::String>(); }

std::vector<hsize_t> extentsOf(Napi::Value value) {
  auto array = value.As<Napi::Array>();
  std::vector<hsize_t> out;
  for (uint32_t i = 0; i < array.Length(); i++) {
    const int64_t extent = array.Get(i).As<Napi::Number>().Int64Value();
    out.push_back(extent < 0 ? H5S_UNLIMITED : static_cast<hsize_t>(extent));
  }
  return out;
}

Napi::Array numbersOf(Napi::Env env, const std::vector<hsize_t>& extents) {
  auto out = Napi::Array::New(env, extents.size());
  for (uint32_t d = 0; d < extents.size(); d++) {
    out.Set(d, extents[d] == H5S_UNLIMITED ? -1.0 : static_cast<double>(extents[d]));
  }
  return out;
}

Selection selectionOf(Napi::Value value) {
  auto dimensions = value.As<Napi::Array>();
  Selection out;
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

Object spaceOf(const std::vector<hsize_t>& shape, const std::vector<hsize_t>& limits) {
  if (shape.empty()) return Object(H5Screate(H5S_SCALAR), H5Sclose, "H5Screate");
  return Object(H5Screate_simple(static_cast<int>(shape.size()), shape.data(),
                                 limits.empty() ? nullptr : limits.data()),
                H5Sclose, "H5Screate_simple");
}

Object linkCreation() {
  Object links(H5Pcreate(H5P_LINK_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_create_intermediate_group(links.id(), 1), "H5Pset_create_intermediate_group");
  check(H5Pset_char_encoding(links.id(), H5T_CSET_UTF8), "H5Pset_char_encoding");
  return links;
}

}  // namespace distarray::hdf5

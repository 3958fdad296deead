// What the addon's HDF5 functions share: open files, arguments, and errors that JavaScript can read.
#pragma once

#include <napi.h>

#include <string>
#include <vector>

#include "hdf5/hdf5_object.h"
#include "hdf5/hdf5_selection.h"
#include "napi/handles.h"

namespace distarray::hdf5 {

using Info = const Napi::CallbackInfo&;
using Files = HandleTable<Object, HandleType::kHdf5>;

// Open files. HDF5 identifiers are the library's, one table a process.
Files& files();

// Initialises the library at the first call.
void startLibrary();

// The open file that an argument names.
hid_t fileArgument(Info info, size_t position);

std::string textArgument(Info info, size_t position);

// Numbers of an array; negative ones are H5S_UNLIMITED.
std::vector<hsize_t> extentsOf(Napi::Value value);

Napi::Array numbersOf(Napi::Env env, const std::vector<hsize_t>& extents);

// One Float64Array a dimension, four numbers a run: start, stride, count, block.
Selection selectionOf(Napi::Value value);

// A dataspace of this shape: a single element where there are no dimensions. `limits` may be empty.
Object spaceOf(const std::vector<hsize_t>& shape, const std::vector<hsize_t>& limits = {});

// How links are made: with the groups on the way, their names in UTF-8.
Object linkCreation();

// Calls a function, and turns what C++ throws into a JavaScript error with the code ERR_HDF5.
template <auto Function>
auto guarded(Info info) {
  try {
    return Function(info);
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& failure) {
    auto error = Napi::Error::New(info.Env(), failure.what());
    error.Set("code", "ERR_HDF5");
    throw error;
  }
}

// Makes functions properties of an object.
class Exports {
 public:
  explicit Exports(Napi::Object target) : target_(target) {}

  template <auto Function>
  void add(const char* name) {
    target_.Set(name, Napi::Function::New(target_.Env(), guarded<Function>, name));
  }

 private:
  Napi::Object target_;
};

void exportFiles(Exports& exports);
void exportLinks(Exports& exports);
void exportDatasets(Exports& exports);
void exportAttributes(Exports& exports);

}  // namespace distarray::hdf5

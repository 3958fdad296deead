// The parallel HDF5 functions of the addon. All of them are cold: plain arguments, exceptions.
#pragma once

#include <napi.h>

namespace distarray {

void exportHdf5(Napi::Object exports);

}  // namespace distarray

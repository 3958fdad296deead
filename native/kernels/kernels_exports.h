// The kernels as functions of the addon.
#pragma once

#include <napi.h>

namespace distarray {

void exportKernels(Napi::Object exports);

}  // namespace distarray

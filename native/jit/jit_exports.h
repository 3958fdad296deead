// Functions that are compiled at run time: loading their libraries, calling them.
#pragma once

#include <napi.h>

namespace distarray {

void exportJit(Napi::Object exports);

}  // namespace distarray

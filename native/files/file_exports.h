// Reading of files beside the JavaScript thread, and files as memory.
#pragma once

#include <napi.h>

namespace distarray {

void exportFiles(Napi::Object exports);

}  // namespace distarray

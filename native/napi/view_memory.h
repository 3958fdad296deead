// The memory behind a typed array or DataView, over an ArrayBuffer or a SharedArrayBuffer.
#pragma once

#include <napi.h>

#include <cstddef>

namespace distarray {

struct ViewMemory {
  void* data;
  size_t bytes;
};

// Throws a TypeError when `view` is no view of an array buffer.
ViewMemory viewMemory(Napi::Value view);

}  // namespace distarray

// Functions of the kernels as functions of JavaScript: without arguments, since those are in the
// block.
#pragma once

#include <napi.h>

#include <new>

#include "kernels/kernel_block.h"

namespace distarray::kernels {

// Leaves the KernelResult that the kernel returns.
template <int (*Kernel)(KernelBlock&)>
napi_value invokeKernel(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  auto& block = *static_cast<KernelBlock*>(data);
  try {
    block[kKernelResult] = Kernel(block);
  } catch (const std::bad_alloc&) {
    block[kKernelResult] = kNoMemory;
  }
  return nullptr;
}

template <int (*Kernel)(KernelBlock&)>
void addKernel(Napi::Object exports, const char* name, KernelBlock* block) {
  napi_value function;
  if (napi_create_function(exports.Env(), name, NAPI_AUTO_LENGTH, invokeKernel<Kernel>, block,
                           &function) != napi_ok) {
    throw Napi::Error::New(exports.Env(), "could not create a function");
  }
  exports.Set(name, Napi::Value(exports.Env(), function));
}

}  // namespace distarray::kernels

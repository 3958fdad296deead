#include "jit/jit_exports.h"

#include <string>

#include "jit/jit_block.h"
#include "jit/shared_library.h"

namespace distarray {
namespace {

using namespace jit;

// The block of an environment, and the text of what its last call threw.
struct JitState {
  JitBlock block;
  std::string message;
};

double numberOf(const void* address) {
  return static_cast<double>(reinterpret_cast<uintptr_t>(address));
}

void* addressIn(Napi::Value number) {
  return reinterpret_cast<void*>(static_cast<uintptr_t>(number.ToNumber().DoubleValue()));
}

// open(path) → the library's handle
Napi::Value open(const Napi::CallbackInfo& info) {
  try {
    const SharedLibrary library(info[0].ToString().Utf8Value());
    return Napi::Number::New(info.Env(), numberOf(library.handle()));
  } catch (const LoadError& error) {
    throw Napi::Error::New(info.Env(), error.what());
  }
}

// find(library, name) → the address, 0 when there is nothing of that name
Napi::Value find(const Napi::CallbackInfo& info) {
  const SharedLibrary library(addressIn(info[0]));
  return Napi::Number::New(info.Env(), numberOf(library.find(info[1].ToString().Utf8Value())));
}

// Without arguments, since those are in the block.
napi_value call(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  auto& state = *static_cast<JitState*>(data);
  JitBlock& block = state.block;
  void* arguments[kMaxArguments + 1];
  const int count = block.count();
  for (int k = 0; k < count; k++) arguments[k] = block.argument(k);
  const char* thrown = block.function()(arguments);
  block[kJitResult] = thrown == nullptr ? kDone : kThrown;
  if (thrown != nullptr) state.message = thrown;
  return nullptr;
}

Napi::Value message(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), static_cast<JitState*>(info.Data())->message);
}

}  // namespace

void exportJit(Napi::Object exports) {
  Napi::Env env = exports.Env();
  auto* state = new JitState;
  env.AddCleanupHook([](JitState* old) { delete old; }, state);
  auto memory = Napi::ArrayBuffer::New(env, state->block.data(), kJitSlotCount * sizeof(double));
  exports.Set("block", Napi::Float64Array::New(env, kJitSlotCount, memory, 0));
  napi_value function;
  if (napi_create_function(env, "call", NAPI_AUTO_LENGTH, call, state, &function) != napi_ok) {
    throw Napi::Error::New(env, "could not create a function");
  }
  exports.Set("call", Napi::Value(env, function));
  exports.Set("open", Napi::Function::New(env, open, "open"));
  exports.Set("find", Napi::Function::New(env, find, "find"));
  exports.Set("message", Napi::Function::New(env, message, "message", state));
}

}  // namespace distarray

#include "kernels/program_exports.h"

#include <stdexcept>

#include "kernels/elementwise.h"
#include "kernels/kernel_function.h"
#include "kernels/program.h"

namespace distarray::kernels {
namespace {

// createProgram(code) → its address, for the block and for freeProgram
Napi::Value createProgram(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (info.Length() < 1 || !info[0].IsTypedArray() ||
      info[0].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    throw Napi::TypeError::New(env, "createProgram() takes an Int32Array");
  }
  const auto code = info[0].As<Napi::Int32Array>();
  try {
    auto* program = new Program(code.Data(), code.ElementLength());
    return Napi::Number::New(env, static_cast<double>(reinterpret_cast<uintptr_t>(program)));
  } catch (const std::invalid_argument& error) {
    throw Napi::Error::New(env, error.what());
  }
}

// freeProgram(address)
void freeProgram(const Napi::CallbackInfo& info) {
  const double address = info.Length() < 1 ? 0 : info[0].ToNumber().DoubleValue();
  delete reinterpret_cast<Program*>(static_cast<uintptr_t>(address));
}

// setProgramLoop(program, loop, numbers): addresses, and which inputs are numbers, as bits
void setProgramLoop(const Napi::CallbackInfo& info) {
  const auto address = [&](size_t k) {
    return static_cast<uintptr_t>(info[k].ToNumber().DoubleValue());
  };
  if (info.Length() < 3 || address(0) == 0) {
    throw Napi::TypeError::New(info.Env(), "setProgramLoop() takes three numbers");
  }
  reinterpret_cast<Program*>(address(0))
      ->setLoop(reinterpret_cast<CompiledLoop>(address(1)), info[2].ToNumber().Uint32Value());
}

int run(KernelBlock& block) {
  const auto* program = block.pointerAt<const Program>(kOperation);
  if (block.integer(kOperands) != program->inputs() + 1) return kNoSuchLoop;
  Nest nest = block.nest();
  runProgram(*program, nest);
  return kDone;
}

}  // namespace

void exportPrograms(Napi::Object exports, KernelBlock* block) {
  Napi::Env env = exports.Env();
  exports.Set("createProgram", Napi::Function::New(env, createProgram, "createProgram"));
  exports.Set("freeProgram", Napi::Function::New(env, freeProgram, "freeProgram"));
  exports.Set("setProgramLoop", Napi::Function::New(env, setProgramLoop, "setProgramLoop"));
  addKernel<run>(exports, "runProgram", block);
}

}  // namespace distarray::kernels

#include "session/session_exports.h"

#include <sched.h>
#include <time.h>

#include "session/interrupts.h"

namespace distarray {
namespace {

// One int32, which grows by one with each interrupt.
Napi::Value watchInterrupts(const Napi::CallbackInfo& info) {
  // Static memory: it outlives every environment.
  auto memory = Napi::ArrayBuffer::New(info.Env(), countInterrupts(), sizeof(std::int32_t));
  return Napi::Int32Array::New(info.Env(), 1, memory, 0);
}

void unwatchInterrupts(const Napi::CallbackInfo&) { stopCountingInterrupts(); }

// Lets another process have the core; with microseconds, sleeps.
void pauseFor(const Napi::CallbackInfo& info) {
  const auto micros = info[0].As<Napi::Number>().Int64Value();
  if (micros <= 0) {
    sched_yield();
    return;
  }
  const timespec time = {micros / 1000000, (micros % 1000000) * 1000};
  nanosleep(&time, nullptr);
}

}  // namespace

void exportSession(Napi::Object exports) {
  auto env = exports.Env();
  exports.Set("watchInterrupts", Napi::Function::New(env, watchInterrupts));
  exports.Set("unwatchInterrupts", Napi::Function::New(env, unwatchInterrupts));
  exports.Set("pauseFor", Napi::Function::New(env, pauseFor));
}

}  // namespace distarray

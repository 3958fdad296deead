#include "session/session_exports.h"

#include <sched.h>
#include <sys/wait.h>
#include <time.h>

#include "napi/view_memory.h"
#include "session/interrupts.h"
#include "session/unix_socket.h"
#include "session/weak_objects.h"

namespace distarray {
namespace {

int intAt(const Napi::CallbackInfo& info, size_t at) {
  return info[at].As<Napi::Number>().Int32Value();
}

std::string textAt(const Napi::CallbackInfo& info, size_t at) {
  return info[at].As<Napi::String>().Utf8Value();
}

// Two int32: interrupts that there were, and those that were looked at.
Napi::Value watchInterrupts(const Napi::CallbackInfo& info) {
  // Static memory: it outlives every environment.
  auto memory = Napi::ArrayBuffer::New(info.Env(), countInterrupts(), 2 * sizeof(std::int32_t));
  return Napi::Int32Array::New(info.Env(), 2, memory, 0);
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

WeakObjects& weakObjects(const Napi::CallbackInfo& info) {
  return *static_cast<WeakObjects*>(info.Data());
}

void watchObject(const Napi::CallbackInfo& info) {
  weakObjects(info).watch(info[0].As<Napi::Object>(), info[1].As<Napi::Number>().Int64Value());
}

void forgetObject(const Napi::CallbackInfo& info) {
  weakObjects(info).forget(info[0].As<Napi::Number>().Int64Value());
}

Napi::Value takeGoneObjects(const Napi::CallbackInfo& info) {
  const auto gone = weakObjects(info).takeGone(info.Env());
  auto numbers = Napi::Array::New(info.Env(), gone.size());
  for (size_t k = 0; k < gone.size(); k++) {
    numbers.Set(static_cast<uint32_t>(k), static_cast<double>(gone[k]));
  }
  return numbers;
}

// An object that refers to another one without keeping it.
Napi::Value weakReference(const Napi::CallbackInfo& info) {
  auto* reference = new Napi::ObjectReference(Napi::Weak(info[0].As<Napi::Object>()));
  return Napi::External<Napi::ObjectReference>::New(
      info.Env(), reference, [](Napi::Env, Napi::ObjectReference* gone) { delete gone; });
}

Napi::Value weakTarget(const Napi::CallbackInfo& info) {
  const auto target = info[0].As<Napi::External<Napi::ObjectReference>>().Data()->Value();
  return target.IsEmpty() ? info.Env().Undefined() : target.As<Napi::Value>();
}

// The memory from an offset on, of so many bytes: (descriptor, view, offset, bytes).
char* memoryAt(const Napi::CallbackInfo& info, size_t& bytes) {
  const ViewMemory memory = viewMemory(info[1]);
  const auto offset = static_cast<size_t>(info[2].As<Napi::Number>().Int64Value());
  bytes = static_cast<size_t>(info[3].As<Napi::Number>().Int64Value());
  if (offset > memory.bytes || bytes > memory.bytes - offset) {
    throw Napi::RangeError::New(info.Env(), "The bytes are not in the memory");
  }
  return static_cast<char*>(memory.data) + offset;
}

Napi::Value socketListen(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), unix_socket::listenAt(textAt(info, 0)));
}

Napi::Value socketAccept(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), unix_socket::acceptOne(intAt(info, 0)));
}

Napi::Value socketConnect(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), unix_socket::connectTo(textAt(info, 0)));
}

// Error, pid and user of the other end.
Napi::Value socketPeer(const Napi::CallbackInfo& info) {
  unix_socket::Peer peer = {0, 0};
  const int error = unix_socket::peerOf(intAt(info, 0), peer);
  auto result = Napi::Array::New(info.Env(), 3);
  result[0u] = Napi::Number::New(info.Env(), error);
  result[1u] = Napi::Number::New(info.Env(), static_cast<double>(peer.pid));
  result[2u] = Napi::Number::New(info.Env(), static_cast<double>(peer.uid));
  return result;
}

Napi::Value socketRead(const Napi::CallbackInfo& info) {
  size_t bytes = 0;
  char* memory = memoryAt(info, bytes);
  const long count = unix_socket::readSome(intAt(info, 0), memory, bytes);
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Value socketWrite(const Napi::CallbackInfo& info) {
  size_t bytes = 0;
  const char* memory = memoryAt(info, bytes);
  const long count = unix_socket::writeSome(intAt(info, 0), memory, bytes);
  return Napi::Number::New(info.Env(), static_cast<double>(count));
}

Napi::Value socketWait(const Napi::CallbackInfo& info) {
  const bool writable = info[1].As<Napi::Boolean>().Value();
  return Napi::Number::New(info.Env(),
                           unix_socket::waitFor(intAt(info, 0), writable, intAt(info, 2)));
}

Napi::Value socketClose(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), unix_socket::closeSocket(intAt(info, 0)));
}

// The exit code of a child process that has ended, 128 + n after signal n; -1 while it runs, -2 when there is none. It
// stays to be collected by who has started it, who needs a turn of the event loop for it.
Napi::Value childState(const Napi::CallbackInfo& info) {
  siginfo_t state = {};
  const auto pid = static_cast<id_t>(intAt(info, 0));
  int code = -2;
  if (waitid(P_PID, pid, &state, WEXITED | WNOHANG | WNOWAIT) == 0) {
    if (state.si_pid == 0) {
      code = -1;
    } else {
      code = state.si_code == CLD_EXITED ? state.si_status : 128 + state.si_status;
    }
  }
  return Napi::Number::New(info.Env(), code);
}

}  // namespace

void exportSession(Napi::Object exports) {
  auto env = exports.Env();
  exports.Set("watchInterrupts", Napi::Function::New(env, watchInterrupts));
  exports.Set("unwatchInterrupts", Napi::Function::New(env, unwatchInterrupts));
  auto* objects = new WeakObjects;
  env.AddCleanupHook([objects] { delete objects; });
  exports.Set("watchObject", Napi::Function::New(env, watchObject, "watchObject", objects));
  exports.Set("forgetObject", Napi::Function::New(env, forgetObject, "forgetObject", objects));
  exports.Set("takeGoneObjects",
              Napi::Function::New(env, takeGoneObjects, "takeGoneObjects", objects));
  exports.Set("weakReference", Napi::Function::New(env, weakReference));
  exports.Set("weakTarget", Napi::Function::New(env, weakTarget));
  exports.Set("pauseFor", Napi::Function::New(env, pauseFor));
  exports.Set("socketListen", Napi::Function::New(env, socketListen));
  exports.Set("socketAccept", Napi::Function::New(env, socketAccept));
  exports.Set("socketConnect", Napi::Function::New(env, socketConnect));
  exports.Set("socketPeer", Napi::Function::New(env, socketPeer));
  exports.Set("socketRead", Napi::Function::New(env, socketRead));
  exports.Set("socketWrite", Napi::Function::New(env, socketWrite));
  exports.Set("socketWait", Napi::Function::New(env, socketWait));
  exports.Set("socketClose", Napi::Function::New(env, socketClose));
  exports.Set("childState", Napi::Function::New(env, childState));
}

}  // namespace distarray

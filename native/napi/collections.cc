#include "napi/collections.h"

#include <time.h>

#include <algorithm>
#include <cstdint>

namespace distarray {
namespace {

// Seconds that this thread has computed: a busy machine makes a collection no more expensive.
double threadSeconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

}  // namespace

void YoungCollections::use(Napi::Function scavenge) { scavenge_ = Napi::Persistent(scavenge); }

bool YoungCollections::collect() {
  Napi::Env env = scavenge_.Env();
  Napi::HandleScope scope(env);
  inUse_ = 0;
  napi_value result;
  return napi_call_function(env, env.Global(), scavenge_.Value(), 0, nullptr, &result) == napi_ok;
}

void FullCollections::collect(Napi::Env env) {
  // Where external memory seems to have grown beyond half of the largest heap, V8 collects before it goes on.
  constexpr int64_t kBeyond = int64_t{1} << 40;
  const double start = threadSeconds();
  Napi::MemoryManagement::AdjustExternalMemory(env, kBeyond);
  Napi::MemoryManagement::AdjustExternalMemory(env, -kBeyond);
  seconds_ = threadSeconds() - start;
}

void FullCollections::note(double left) {
  // A large heap takes long: less often then, so that it takes no longer than filling the memory does.
  constexpr double kBytesPerSecond = 16e9;
  left_ = left;
  growth_ = std::max(kLeastGrowth, seconds_ * kBytesPerSecond);
}

bool CollectionSign::hasChanged(Napi::Env env) {
  Napi::HandleScope scope(env);
  if (!young_.IsEmpty() && !young_.Value().IsEmpty()) return false;
  young_ = Napi::Weak(Napi::Object::New(env));
  return true;
}

}  // namespace distarray

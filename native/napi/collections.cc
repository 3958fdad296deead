#include "napi/collections.h"

#include <algorithm>
#include <cstdint>

namespace distarray {

void YoungCollections::use(Napi::Function scavenge) { scavenge_ = Napi::Persistent(scavenge); }

bool YoungCollections::collect() {
  Napi::Env env = scavenge_.Env();
  Napi::HandleScope scope(env);
  before_ = inUse_;
  napi_value result;
  return napi_call_function(env, env.Global(), scavenge_.Value(), 0, nullptr, &result) == napi_ok;
}

void YoungCollections::note() {
  interval_ = inUse_ * 4 <= before_ * 3 ? kLeast : std::min(2 * interval_, kMost);
  inUse_ = 0;
}

void FullCollections::collect(Napi::Env env) {
  // Where external memory seems to have grown beyond half of the largest heap, V8 collects before it goes on.
  constexpr int64_t kBeyond = int64_t{1} << 40;
  const auto start = std::chrono::steady_clock::now();
  Napi::MemoryManagement::AdjustExternalMemory(env, kBeyond);
  Napi::MemoryManagement::AdjustExternalMemory(env, -kBeyond);
  time_ = std::chrono::steady_clock::now() - start;
}

void FullCollections::note(double left) {
  // A large heap takes long: less often then, so that it takes no longer than filling the memory does.
  constexpr double kBytesPerSecond = 16e9;
  left_ = left;
  growth_ = std::max(kLeastGrowth, time_.count() * kBytesPerSecond);
}

bool CollectionSign::hasChanged(Napi::Env env) {
  Napi::HandleScope scope(env);
  if (!young_.IsEmpty() && !young_.Value().IsEmpty()) return false;
  young_ = Napi::Weak(Napi::Object::New(env));
  return true;
}

}  // namespace distarray

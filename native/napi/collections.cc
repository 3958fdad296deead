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

bool YoungCollections::isDue(double bytes) const {
  // A result that is there at two scavenges is old, and garbage for long then.
  constexpr int kLeastCount = 8;
  constexpr double kLeastBytes = 8.0 * (1 << 20);
  constexpr double kMostBytes = 128.0 * (1 << 20);
  // A scavenge takes a tenth of the time that writing the memory does, or less.
  constexpr double kBytesPerSecond = 80e9;
  if (scavenge_.IsEmpty()) return false;
  const double all = bytes_ + bytes;
  if (all > kMostBytes) return true;
  return count_ >= kLeastCount && all > std::max(kLeastBytes, seconds_ * kBytesPerSecond);
}

bool YoungCollections::collect() {
  Napi::Env env = scavenge_.Env();
  Napi::HandleScope scope(env);
  bytes_ = 0;
  count_ = 0;
  napi_value result;
  const double start = threadSeconds();
  const napi_status status =
      napi_call_function(env, env.Global(), scavenge_.Value(), 0, nullptr, &result);
  seconds_ = threadSeconds() - start;
  return status == napi_ok;
}

void YoungCollections::handOut(double bytes) {
  bytes_ += bytes;
  count_++;
}

void YoungCollections::takeBack(double bytes) {
  bytes_ = std::max(0.0, bytes_ - bytes);
  count_ = std::max(0, count_ - 1);
}

// V8's count of external memory is kept near this: it is high enough to take off what is hidden for hours, and must
// not become negative. No statistics show it.
constexpr int64_t kCount = int64_t{1} << 50;

void FullCollections::collect(Napi::Env env) {
  // Where external memory seems to have grown beyond half of the largest heap, V8 collects before it goes on.
  const double start = threadSeconds();
  const int64_t count = Napi::MemoryManagement::AdjustExternalMemory(env, kCount);
  seconds_ = threadSeconds() - start;
  Napi::MemoryManagement::AdjustExternalMemory(env, kCount - count);
}

void FullCollections::hide(Napi::Env env, size_t bytes) {
  const auto change = static_cast<int64_t>(bytes);
  if (Napi::MemoryManagement::AdjustExternalMemory(env, 0) < change) collect(env);
  // It collects where the count has grown by 64 MB from its lowest: not if what is added was taken off before.
  Napi::MemoryManagement::AdjustExternalMemory(env, -change);
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

// Objects that are watched without being kept, and which of them are gone.
#pragma once

#include <napi.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace distarray {

// Unlike WeakRef and FinalizationRegistry it tells within a turn of the event loop what has been collected, and to look at
// an object does not keep it until the turn is over.
class WeakObjects {
 public:
  void watch(Napi::Object object, int64_t number) { objects_[number] = Napi::Weak(object); }
  void forget(int64_t number) { objects_.erase(number); }
  // Returns, once, the numbers of objects that are gone.
  std::vector<int64_t> takeGone(Napi::Env env);

 private:
  std::unordered_map<int64_t, Napi::ObjectReference> objects_;
};

}  // namespace distarray

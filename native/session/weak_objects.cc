#include "session/weak_objects.h"

namespace distarray {

std::vector<int64_t> WeakObjects::takeGone(Napi::Env env) {
  std::vector<int64_t> gone;
  for (auto at = objects_.begin(); at != objects_.end();) {
    Napi::HandleScope scope(env);
    if (at->second.Value().IsEmpty()) {
      gone.push_back(at->first);
      at = objects_.erase(at);
    } else {
      ++at;
    }
  }
  return gone;
}

}  // namespace distarray

// When garbage is collected to make memory of array buffers free.
//
// V8 marks its whole heap when array buffers over memory of others have grown by 64 MB, which is two results of a
// program; they are young garbage before, which a scavenge finds in 0.03 to 0.2 ms. So V8 is told nothing of this memory,
// and has to collect when we want: young objects often, so that results go to memory that the caches may know, and all
// of them when much is in use that no scavenge has freed.
#pragma once

#include <napi.h>

#include <cstddef>

namespace distarray {

// Has V8 scavenge young objects.
class YoungCollections {
 public:
  // The function that scavenges; without one that is not done.
  void use(Napi::Function scavenge);
  // Whether that is worth it before so many bytes more are handed out.
  bool isDue(double bytes) const;
  // Scavenges. False when JavaScript has thrown.
  bool collect();
  void handOut(double bytes);
  void takeBack(double bytes);
  // Whether anything was handed out since the last time.
  bool hasAny() const { return count_ > 0; }

 private:
  Napi::FunctionReference scavenge_;
  // Of what was handed out since the last time, and not given back.
  double bytes_ = 0;
  int count_ = 0;
  double seconds_ = 0;  // that the last one took
};

// Has V8 collect all garbage: when so many bytes more are in use than were left the last time.
class FullCollections {
 public:
  bool isDue(double inUse) const { return inUse > left_ + growth_; }
  // Whether a program that has nothing to do should.
  bool isWorthIdling(double inUse) const { return inUse > left_ + growth_ / 4; }
  void collect(Napi::Env env);
  // Takes note of what is left in use after it.
  void note(double left);
  // Takes the bytes of an array buffer that is about to be made off V8's count of external memory.
  void hide(Napi::Env env, size_t bytes);

 private:
  static constexpr double kLeastGrowth = 256.0 * (1 << 20);
  double left_ = 0;
  double growth_ = kLeastGrowth;
  double seconds_ = 0;  // that the last one took
};

// Whether objects have been collected since this was asked for the last time: an object that nothing refers to shows it.
class CollectionSign {
 public:
  bool hasChanged(Napi::Env env);

 private:
  Napi::ObjectReference young_;
};

}  // namespace distarray

// When garbage is collected to make memory of array buffers free.
//
// Array buffers over memory of ours are garbage long before V8 looks: it scavenges the young ones for every 32 MB of
// array buffers that it has allocated itself, but not for those of others, of which it marks the whole heap after 64 MB.
// A scavenge takes 0.1 ms, and marking several, while every result goes to memory that is not in use otherwise.
#pragma once

#include <napi.h>

namespace distarray {

// Has V8 scavenge young objects: when so many bytes were handed out since the last time that most of it may be garbage,
// and before they are so many that V8 begins to mark.
class YoungCollections {
 public:
  // The function that scavenges; without one that is not done.
  void use(Napi::Function scavenge);
  bool isDue(double bytes) const { return !scavenge_.IsEmpty() && inUse_ + bytes > kMost; }
  // Scavenges. False when JavaScript has thrown.
  bool collect();
  void handOut(double bytes) { inUse_ += bytes; }
  void takeBack(double bytes) { inUse_ = inUse_ > bytes ? inUse_ - bytes : 0; }

 private:
  // Less than what makes V8 mark. It is the same where arrays live longer: V8 would mark for them.
  static constexpr double kMost = 48.0 * (1 << 20);
  Napi::FunctionReference scavenge_;
  double inUse_ = 0;  // of what was handed out since the last time
};

// Has V8 collect all garbage: when so many bytes more are in use than were left the last time.
class FullCollections {
 public:
  bool isDue(double inUse) const { return inUse > left_ + growth_; }
  // By itself V8 starts to mark when array buffers have grown by 64 MB, but in a loop that never lets the event loop turn
  // it may come to an end late, and every array goes to new memory meanwhile.
  void collect(Napi::Env env);
  // Takes note of what is left in use after it.
  void note(double left);

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

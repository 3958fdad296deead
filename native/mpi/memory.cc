// Memory as array buffers: our own on huge pages, and the one of windows.
#include <algorithm>
#include <memory>
#include <unordered_map>
#include <utility>

#include "mpi/mpi_state.h"
#include "napi/collections.h"
#include "napi/huge_memory.h"
#include "napi/view_memory.h"

namespace distarray {
namespace {

struct Allocation {
  HugeMemory memory;
  // Whether it goes to the cache afterwards: where memory was wanted without zeros, it will be
  // wanted again.
  bool kept;
  // The array buffer over memory that is kept, weakly: empty once it was collected.
  Napi::Reference<Napi::Value> buffer;
};

using Owner = std::shared_ptr<Allocation>;

// Allocations that have not been given back, by address. Of the process, as addresses are.
std::unordered_map<void*, Owner>& allocations() {
  // Never destroyed: the process ends with whatever is left.
  static auto& map = *new std::unordered_map<void*, Owner>;
  return map;
}

HugeMemoryCache& cache() {
  static auto& kept = *new HugeMemoryCache;
  return kept;
}

// Bytes of these allocations, and of those whose memory goes to the cache.
double outstanding = 0;
double outstandingKept = 0;

YoungCollections& youngCollections() {
  static auto& young = *new YoungCollections;
  return young;
}

FullCollections fullCollections;

// Nobody can reach the memory any more.
void giveBack(const Owner& owner) {
  const auto found = allocations().find(owner->memory.data());
  if (found == allocations().end() || found->second != owner) return;
  const auto bytes = static_cast<double>(owner->memory.bytes());
  outstanding -= bytes;
  allocations().erase(found);
  if (owner->kept) {
    outstandingKept -= bytes;
    youngCollections().takeBack(bytes);
    cache().keep(std::move(owner->memory));
  } else {
    owner->memory.release();
  }
}

// The array buffer was collected, or freeMem has detached it.
void finalize(napi_env, void*, void* hint) {
  std::unique_ptr<Owner> owner(static_cast<Owner*>(hint));
  giveBack(*owner);
}

// Takes back memory whose array buffer was collected: the collector has seen that already in a loop that
// never lets the event loop turn, which the finalizers wait for.
void takeCollected(Napi::Env env) {
  // The handles must be gone before the next collection: they keep what they show.
  Napi::HandleScope scope(env);
  auto& all = allocations();
  for (auto it = all.begin(); it != all.end();) {
    const Owner owner = (it++)->second;
    if (owner->kept && owner->buffer.Value().IsEmpty()) giveBack(owner);
  }
}

void collectAll(Napi::Env env) {
  fullCollections.collect(env);
  takeCollected(env);
  fullCollections.note(outstandingKept);
}

// Makes memory that nobody can reach any more ready to be used again, when so much is wanted.
void makeRoom(Napi::Env env, double bytes) {
  static auto& sign = *new CollectionSign;
  if (sign.hasChanged(env)) takeCollected(env);
  auto& young = youngCollections();
  if (young.isDue(bytes)) {
    if (!young.collect()) return;
    takeCollected(env);
  }
  if (fullCollections.isDue(outstandingKept + bytes)) collectAll(env);
}

// allocMem(bytes, limit, zeroed) → ArrayBuffer; null when there is no memory, or when more than
// `limit` bytes would be outstanding. Its length counts as external memory of V8's, which therefore
// collects in time; Node may put the finalizer off to the next turn of the event loop.
Napi::Value allocMem(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  const double wanted = info[0].As<Napi::Number>().DoubleValue();
  const auto bytes = static_cast<size_t>(wanted);
  const bool zeroed = info[2].As<Napi::Boolean>().Value();
  if (!zeroed) makeRoom(env, wanted);
  if (outstanding + wanted > info[1].As<Napi::Number>().DoubleValue()) return env.Null();
  auto allocation = std::make_shared<Allocation>(
      Allocation{zeroed ? HugeMemory(bytes, true) : cache().take(bytes), !zeroed, {}});
  if (allocation->memory.data() == nullptr) {
    cache().clear();
    allocation->memory = HugeMemory(bytes, zeroed);
  }
  void* data = allocation->memory.data();
  if (data == nullptr) return env.Null();
  auto owner = std::make_unique<Owner>(allocation);
  if (!zeroed) fullCollections.hide(env, bytes);
  napi_value buffer;
  if (napi_create_external_arraybuffer(env, data, bytes, finalize, owner.get(), &buffer) !=
      napi_ok) {
    return env.Null();
  }
  owner.release();
  if (allocation->kept) allocation->buffer = Napi::Reference<Napi::Value>::New({env, buffer}, 0);
  allocations()[data] = allocation;
  outstanding += wanted;
  if (allocation->kept) {
    outstandingKept += wanted;
    youngCollections().handOut(wanted);
  }
  return {env, buffer};
}

// freeMem(buffer) → whether it was one of allocMem's.
Napi::Value freeMem(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  const auto found = allocations().find(buffer.Data());
  if (found == allocations().end()) return Napi::Boolean::New(env, false);
  const Owner owner = found->second;
  // Nobody must reach the memory any more when it goes.
  buffer.Detach();
  giveBack(owner);
  return Napi::Boolean::New(env, true);
}

// collectYoungBy(scavenge): the function that has V8 collect young garbage.
void collectYoungBy(const Napi::CallbackInfo& info) {
  youngCollections().use(info[0].As<Napi::Function>());
}

// offerKeptMemory(): to the system, what is kept for the next array → whether more will be given back. For programs
// that have nothing to do: garbage of theirs is collected.
Napi::Value offerKeptMemory(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  auto& young = youngCollections();
  if (young.hasAny() && !young.collect()) return env.Null();
  takeCollected(env);
  if (fullCollections.isWorthIdling(outstandingKept)) collectAll(env);
  cache().offer();
  const auto& all = allocations();
  const bool more = std::any_of(all.begin(), all.end(), [](const auto& entry) {
    return entry.second->kept;
  });
  return Napi::Boolean::New(env, more);
}

// adviseHugePages(view) → whether the view holds whole huge pages and the system knows them.
Napi::Value adviseView(const Napi::CallbackInfo& info) {
  const ViewMemory memory = viewMemory(info[0]);
  return Napi::Boolean::New(info.Env(), adviseHugePages(memory.data, memory.bytes));
}

// bufferOver(address, bytes) → ArrayBuffer over memory that somebody else owns, and that must be
// there until detachMemory.
Napi::Value bufferOver(const Napi::CallbackInfo& info) {
  const auto address = static_cast<uintptr_t>(info[0].As<Napi::Number>().DoubleValue());
  const auto bytes = static_cast<size_t>(info[1].As<Napi::Number>().DoubleValue());
  return Napi::ArrayBuffer::New(info.Env(), reinterpret_cast<void*>(address), bytes);
}

// detachMemory(buffer): its length is 0 from now on.
void detachMemory(const Napi::CallbackInfo& info) {
  auto buffer = info[0].As<Napi::ArrayBuffer>();
  if (!buffer.IsDetached()) buffer.Detach();
}

}  // namespace

void exportMemory(Napi::Object exports) {
  Napi::Env env = exports.Env();
  const auto add = [&](const char* name, auto function) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("allocMem", allocMem);
  add("freeMem", freeMem);
  add("collectYoungBy", collectYoungBy);
  add("offerKeptMemory", offerKeptMemory);
  add("adviseHugePages", adviseView);
  add("bufferOver", bufferOver);
  add("detachMemory", detachMemory);
}

}  // namespace distarray

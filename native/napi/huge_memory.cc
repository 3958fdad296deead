#include "napi/huge_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace distarray {
namespace {

size_t roundUp(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

HugeMemory::HugeMemory(size_t bytes, bool zeroed) : bytes_(bytes) {
  if (bytes < kThreshold) {
    const size_t some = bytes == 0 ? 1 : bytes;
    data_ = zeroed ? std::calloc(some, 1) : std::malloc(some);
    room_ = data_ == nullptr ? 0 : some;
    return;
  }
  // mmap aligns to small pages: map one huge page more, and give back what is too much.
  const size_t wanted = roundUp(bytes, kPageBytes);
  void* mapped = mmap(nullptr, wanted + kPageBytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return;
  const auto start = reinterpret_cast<uintptr_t>(mapped);
  const uintptr_t aligned = roundUp(start, kPageBytes);
  const size_t before = aligned - start;
  if (before > 0) munmap(mapped, before);
  munmap(reinterpret_cast<void*>(aligned + wanted), kPageBytes - before);
  data_ = reinterpret_cast<void*>(aligned);
  room_ = wanted;
  isMapped_ = true;
  adviseHugePages(data_, room_);
}

HugeMemory::HugeMemory(HugeMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      room_(std::exchange(other.room_, 0)),
      isMapped_(std::exchange(other.isMapped_, false)) {}

HugeMemory& HugeMemory::operator=(HugeMemory&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  room_ = std::exchange(other.room_, 0);
  isMapped_ = std::exchange(other.isMapped_, false);
  return *this;
}

void HugeMemory::release() {
  if (isMapped_) {
    munmap(data_, room_);
  } else {
    std::free(data_);
  }
  data_ = nullptr;
  room_ = 0;
  isMapped_ = false;
}

HugeMemory HugeMemoryCache::take(size_t bytes) {
  // The youngest first: it is most likely to be in the processor's cache still.
  for (size_t place = kept_.size(); place-- > 0;) {
    if (!kept_[place].fits(bytes)) continue;
    HugeMemory found = takeOut(place);
    found.resize(bytes);
    return found;
  }
  return HugeMemory(bytes, false);
}

HugeMemory HugeMemoryCache::takeOut(size_t place) {
  HugeMemory found = std::move(kept_[place]);
  kept_.erase(kept_.begin() + static_cast<ptrdiff_t>(place));
  total_ -= found.room();
  if (place < offered_) offered_--;
  return found;
}

void HugeMemoryCache::keep(HugeMemory memory) {
  const size_t room = memory.room();
  if (room == 0 || room > kCapacity) return;
  while (total_ + room > kCapacity) takeOut(0);
  total_ += room;
  kept_.push_back(std::move(memory));
}

void HugeMemoryCache::offer() {
#ifdef MADV_FREE
  while (offered_ < kept_.size()) {
    if (kept_[offered_].isMapped()) {
      madvise(kept_[offered_].data(), kept_[offered_].room(), MADV_FREE);
      offered_++;
    } else {
      takeOut(offered_);
    }
  }
#endif
}

void HugeMemoryCache::clear() {
  kept_.clear();
  total_ = 0;
  offered_ = 0;
}

bool adviseHugePages(void* data, size_t bytes) {
#ifdef MADV_HUGEPAGE
  const auto start = reinterpret_cast<uintptr_t>(data);
  const uintptr_t first = roundUp(start, HugeMemory::kPageBytes);
  const uintptr_t last = (start + bytes) / HugeMemory::kPageBytes * HugeMemory::kPageBytes;
  if (last <= first) return false;
  return madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE) == 0;
#else
  (void)data;
  (void)bytes;
  return false;
#endif
}

}  // namespace distarray

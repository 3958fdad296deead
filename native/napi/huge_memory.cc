#include "napi/huge_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <utility>

namespace distarray {
namespace {

size_t roundUp(size_t value, size_t step) { return (value + step - 1) / step * step; }

}  // namespace

HugeMemory::HugeMemory(size_t bytes) : bytes_(bytes) {
  if (bytes < kThreshold) {
    data_ = std::calloc(bytes == 0 ? 1 : bytes, 1);
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
  mapped_ = wanted;
  adviseHugePages(data_, mapped_);
}

HugeMemory::HugeMemory(HugeMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      bytes_(std::exchange(other.bytes_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

HugeMemory& HugeMemory::operator=(HugeMemory&& other) noexcept {
  if (this == &other) return *this;
  release();
  data_ = std::exchange(other.data_, nullptr);
  bytes_ = std::exchange(other.bytes_, 0);
  mapped_ = std::exchange(other.mapped_, 0);
  return *this;
}

void HugeMemory::release() {
  if (mapped_ > 0) {
    munmap(data_, mapped_);
  } else {
    std::free(data_);
  }
  data_ = nullptr;
  mapped_ = 0;
}

HugeMemory HugeMemoryCache::take(size_t bytes) {
  // The youngest first: it is most likely to be in the processor's cache still.
  for (auto it = kept_.rbegin(); it != kept_.rend(); ++it) {
    if (!it->fits(bytes)) continue;
    const size_t mapped = it->mapped();
    HugeMemory found = std::move(*it);
    const auto place = std::next(it).base();
    if (static_cast<size_t>(place - kept_.begin()) < offered_) offered_--;
    kept_.erase(place);
    total_ -= mapped;
    found.resize(bytes);
    return found;
  }
  return HugeMemory(bytes);
}

void HugeMemoryCache::keep(HugeMemory memory) {
  const size_t mapped = memory.mapped();
  if (mapped == 0 || mapped > kCapacity) return;
  while (total_ + mapped > kCapacity) {
    total_ -= kept_.front().mapped();
    kept_.erase(kept_.begin());
    if (offered_ > 0) offered_--;
  }
  total_ += mapped;
  kept_.push_back(std::move(memory));
}

void HugeMemoryCache::offer() {
#ifdef MADV_FREE
  for (; offered_ < kept_.size(); offered_++) {
    madvise(kept_[offered_].data(), kept_[offered_].mapped(), MADV_FREE);
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

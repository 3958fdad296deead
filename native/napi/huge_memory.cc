#include "napi/huge_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>

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

void HugeMemory::release() {
  if (mapped_ > 0) {
    munmap(data_, mapped_);
  } else {
    std::free(data_);
  }
  data_ = nullptr;
  mapped_ = 0;
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

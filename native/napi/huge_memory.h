// Memory on huge pages.
//
// A 4 MiB message between processes of a host is copied page by page: on 4 KiB pages the kernel
// spends half of the time looking pages up. malloc and V8 ask for no huge pages, so we do.
#pragma once

#include <cstddef>

namespace distarray {

// Memory that large messages like: on huge pages where the size is worth it. Zeroed.
class HugeMemory {
 public:
  // Below this size pages are 4 KiB and the memory comes from malloc.
  static constexpr size_t kThreshold = size_t{4} << 20;
  static constexpr size_t kPageBytes = size_t{2} << 20;

  // `data()` is null when there is no memory.
  explicit HugeMemory(size_t bytes);
  ~HugeMemory() { release(); }
  HugeMemory(const HugeMemory&) = delete;
  HugeMemory& operator=(const HugeMemory&) = delete;

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  // Gives the memory back now.
  void release();

 private:
  void* data_ = nullptr;
  size_t bytes_;
  size_t mapped_ = 0;  // bytes from mmap; 0 when the memory is malloc's
};

// Asks for huge pages where the memory holds whole ones. They appear when it is first touched, so
// that only new memory gains. Whether the system has understood.
bool adviseHugePages(void* data, size_t bytes);

}  // namespace distarray

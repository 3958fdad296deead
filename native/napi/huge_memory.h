// Memory on huge pages.
//
// A 4 MiB message between processes of a host is copied page by page: on 4 KiB pages the kernel
// spends half of the time looking pages up. malloc and V8 ask for no huge pages, so we do.
#pragma once

#include <cstddef>
#include <vector>

namespace distarray {

// Memory that large messages like: on huge pages where the size is worth it. These are zeroed when they are new.
class HugeMemory {
 public:
  // Below this size pages are 4 KiB and the memory comes from malloc.
  static constexpr size_t kThreshold = size_t{4} << 20;
  static constexpr size_t kPageBytes = size_t{2} << 20;

  // `data()` is null when there is no memory. Where it need not be zeroed there may be anything in it.
  HugeMemory(size_t bytes, bool zeroed);
  ~HugeMemory() { release(); }
  HugeMemory(HugeMemory&& other) noexcept;
  HugeMemory& operator=(HugeMemory&& other) noexcept;

  void* data() const { return data_; }
  size_t bytes() const { return bytes_; }
  // Bytes that it may have; 0 when it was released.
  size_t room() const { return room_; }
  // Whether it has pages of its own, and is not malloc's.
  bool isMapped() const { return isMapped_; }
  // Whether so many bytes fit into it, and it is not much larger: what lies behind the end is lost.
  bool fits(size_t bytes) const { return room_ >= bytes && room_ - bytes <= room_ / 4; }
  // Becomes memory of another size within its room.
  void resize(size_t bytes) { bytes_ = bytes; }
  // Gives the memory back now.
  void release();

 private:
  void* data_ = nullptr;
  size_t bytes_;
  size_t room_ = 0;
  bool isMapped_ = false;
};

// Memory that was given back, for the next that needs no zeros: the kernel clears each page before
// it is touched for the first time, which takes as long as the message that goes there. What nobody
// has wanted for a while is offered to the kernel, which may then take the pages at any time.
class HugeMemoryCache {
 public:
  // Most bytes that are kept.
  static constexpr size_t kCapacity = size_t{512} << 20;

  // Memory of `bytes` with anything in it, used before where something fits; else new.
  HugeMemory take(size_t bytes);
  // Keeps memory, and releases what has been here longest when that is too much.
  void keep(HugeMemory memory);
  // Offers what is kept to the kernel (MADV_FREE): it takes the pages when it is short of memory. What is malloc's is
  // released.
  void offer();
  // Releases everything.
  void clear();

 private:
  // Takes out the one at a place.
  HugeMemory takeOut(size_t place);

  std::vector<HugeMemory> kept_;  // the longest here first
  size_t total_ = 0;
  size_t offered_ = 0;  // how many of the first of them were offered already
};

// Asks for huge pages where the memory holds whole ones. They appear when it is first touched, so
// that only new memory gains. Whether the system has understood.
bool adviseHugePages(void* data, size_t bytes);

}  // namespace distarray

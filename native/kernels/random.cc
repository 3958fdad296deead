#include "kernels/random.h"

#include <algorithm>

#include "kernels/loop_table.h"
#include "kernels/walker.h"

namespace distarray::kernels {
namespace {

constexpr size_t kBlock = 512;
// Fewer draws in a row than this are made one by one.
constexpr size_t kFew = 8;

struct alignas(64) Scratch {
  uint64_t words[kBlock];
  uint64_t numbers[kBlock];
  uint64_t values[kBlock];
  char converted[kBlock * kMaxItemsize];
};
thread_local Scratch scratch;

// Collects draws in the order of the elements, and writes elements whenever a block is full.
class Filler {
 public:
  Filler(const DistributionEntry& entry, const RandomSource& source, const Nest& nest)
      : entry_(entry), source_(source), dtype_(nest.operands[0].dtype) {
    walker_.start(nest, 0, 0, nest.operands[0].data);
  }

  // The draws number first, first + 1, …
  void add(uint64_t first, size_t count) {
    while (count > 0) {
      const size_t size = std::min(count, kBlock - filled_);
      for (size_t i = 0; i < size; i++) scratch.numbers[filled_ + i] = first + i;
      if (size < kFew) {
        for (size_t i = 0; i < size; i++) scratch.words[filled_ + i] = wordOf(first + i);
      } else {
        philoxLoops().draw(source_.key, first, size, scratch.words + filled_);
      }
      filled_ += size;
      first += size;
      count -= size;
      if (filled_ == kBlock) flush();
    }
  }

  void flush() {
    if (filled_ == 0) return;
    char* target = walker_.inPlace(filled_);
    const bool direct = target != nullptr && entry_.output == dtype_;
    void* values = direct ? static_cast<void*>(target) : scratch.values;
    entry_.fill(source_, scratch.words, scratch.numbers, filled_, values);
    if (!direct) {
      const void* row = values;
      if (entry_.output != dtype_) {
        void* room = target != nullptr ? static_cast<void*>(target) : scratch.converted;
        loopTable().cast(entry_.output, dtype_)(&row, room, filled_);
        row = room;
      }
      if (target == nullptr) walker_.write(static_cast<const char*>(row), nullptr, filled_);
    }
    filled_ = 0;
  }

 private:
  uint64_t wordOf(uint64_t draw) {
    const uint64_t counter = draw / 4 + 1;
    if (counter != counter_) {
      counter_ = counter;
      block_ = philox({{counter, 0, 0, 0}}, source_.key);
    }
    return block_.word[draw % 4];
  }

  const DistributionEntry& entry_;
  const RandomSource& source_;
  const Dtype dtype_;
  Walker walker_;
  size_t filled_ = 0;
  uint64_t counter_ = 0;  // of block_; 0 is that of none
  PhiloxBlock block_{};
};

// Adds the elements of the innermost axis, as runs of neighbouring draws.
void addRow(Filler& filler, const AxisPlaces& places, int64_t extent, uint64_t base) {
  for (int64_t l = 0; l < extent;) {
    const uint64_t first = places(l);
    int64_t end = l + 1;
    if (places.table == nullptr && places.factor == 1) {
      const auto left = places.blockSize - static_cast<uint64_t>(l) % places.blockSize;
      end = static_cast<int64_t>(
          std::min<uint64_t>(static_cast<uint64_t>(extent), static_cast<uint64_t>(l) + left));
    } else {
      while (end < extent && places(end) == first + static_cast<uint64_t>(end - l)) end++;
    }
    filler.add(base + first, static_cast<size_t>(end - l));
    l = end;
  }
}

}  // namespace

void runRandom(const DistributionEntry& entry, const RandomSource& source, const Nest& nest,
               const AxisPlaces* places, uint64_t offset) {
  if (nest.isEmpty()) return;
  Filler filler(entry, source, nest);
  const int inner = nest.ndim - 1;
  int64_t index[kMaxDims] = {};
  for (;;) {
    uint64_t base = offset;
    for (int dim = 0; dim < inner; dim++) base += places[dim](index[dim]);
    if (inner < 0) {
      filler.add(base, 1);
    } else {
      addRow(filler, places[inner], nest.shape[inner], base);
    }
    int dim = inner - 1;
    while (dim >= 0 && ++index[dim] == nest.shape[dim]) index[dim--] = 0;
    if (dim < 0) break;
  }
  filler.flush();
}

}  // namespace distarray::kernels

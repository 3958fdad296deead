#include "kernels/reduce.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include "kernels/loop_table.h"

namespace distarray::kernels {
namespace {

// Elements of a row that are staged at a time, and rows that are added to their columns at once.
constexpr size_t kBlock = 512;
constexpr size_t kRows = 32;
constexpr size_t kStagedRows = 16;
// Innermost loops shorter than this are left to a longer dimension, if there is one.
constexpr int64_t kShortLoop = 16;

struct alignas(64) Scratch {
  char rows[kStagedRows][kBlock * kMaxItemsize];
  char raw[kBlock * kMaxItemsize];
  char mask[kBlock];
};
thread_local Scratch scratch;

enum OperandNumber : int { kInput, kStates, kPlaces, kMask };

void swapDims(Nest& nest, int a, int b) {
  std::swap(nest.shape[a], nest.shape[b]);
  for (int k = 0; k < nest.count; k++) {
    std::swap(nest.operands[k].strides[a], nest.operands[k].strides[b]);
  }
}

// Where a walk through some dimensions of a nest has got to.
struct Position {
  char* data[kMaxOperands];
  int64_t index[kMaxDims] = {};

  explicit Position(const Nest& nest) {
    for (int k = 0; k < nest.count; k++) data[k] = nest.operands[k].data;
  }

  // Steps through the dimensions for which `walks`; false when they have all been seen, and then
  // the position is at the beginning again.
  template <typename Walks>
  bool step(const Nest& nest, int dims, Walks walks) {
    for (int dim = dims - 1; dim >= 0; dim--) {
      if (!walks(dim)) continue;
      const bool wraps = ++index[dim] == nest.shape[dim];
      if (wraps) index[dim] = 0;
      for (int k = 0; k < nest.count; k++) {
        const int64_t stride = nest.operands[k].strides[dim];
        data[k] += wraps ? -stride * (nest.shape[dim] - 1) : stride;
      }
      if (!wraps) return true;
    }
    return false;
  }
};

int64_t placeOf(const char* address) {
  return static_cast<int64_t>(reinterpret_cast<intptr_t>(address));
}

class Reduction {
 public:
  Reduction(const ReductionEntry& entry, Dtype compute, Nest& nest, bool masked)
      : entry_(entry), compute_(compute), nest_(nest), masked_(masked) {
    inner_ = chooseInner();
    const Operand& input = nest.operands[kInput];
    count_ = inner_ < 0 ? 1 : static_cast<size_t>(nest.shape[inner_]);
    stride_ = inner_ < 0 ? 0 : input.strides[inner_];
    direct_ = !masked && input.dtype == compute && nest.isAligned(kInput) &&
              (count_ == 1 || stride_ == static_cast<int64_t>(input.itemsize()));
  }

  void run() {
    if (inner_ >= 0 && !isReduced(inner_)) {
      addColumns();
    } else {
      addRows();
    }
  }

 private:
  bool isReduced(int dim) const { return nest_.operands[kStates].strides[dim] == 0; }

  // Moves the dimension of the innermost loop to the end: the one with the shortest steps, unless
  // it is short and another one is much longer. Masked elements are left out of rows, so that those
  // must be reduced.
  int chooseInner() {
    int chosen = nest_.ndim - 1;
    if (masked_) {
      while (chosen >= 0 && !isReduced(chosen)) chosen--;
      if (chosen < 0) return -1;
    } else if (chosen >= 0 && nest_.shape[chosen] < kShortLoop) {
      const auto longest = std::max_element(nest_.shape, nest_.shape + nest_.ndim);
      if (*longest > 4 * nest_.shape[chosen]) chosen = static_cast<int>(longest - nest_.shape);
    }
    if (chosen >= 0) swapDims(nest_, chosen, nest_.ndim - 1);
    return chosen < 0 ? -1 : nest_.ndim - 1;
  }

  int outerDims() const { return inner_ < 0 ? nest_.ndim : inner_; }

  void addRows() {
    const int64_t step = inner_ < 0 ? 0 : nest_.operands[kPlaces].strides[inner_];
    const int64_t maskStep = masked_ && inner_ >= 0 ? nest_.operands[kMask].strides[inner_] : 0;
    const auto itemsize = static_cast<int64_t>(nest_.operands[kInput].itemsize());
    Position at(nest_);
    do {
      const int64_t place = placeOf(at.data[kPlaces]);
      if (direct_) {
        entry_.addRow(at.data[kInput], count_, place, step, at.data[kStates]);
        continue;
      }
      for (size_t done = 0; done < count_; done += kBlock) {
        size_t size = std::min(kBlock, count_ - done);
        const auto first = static_cast<int64_t>(done);
        const char* from = at.data[kInput] + first * stride_;
        const void* row;
        if (masked_) {
          size = compress(from, at.data[kMask] + first * maskStep, maskStep, size);
          row = loadRow(scratch.raw, itemsize, size, scratch.rows[0]);
        } else {
          row = loadRow(from, stride_, size, scratch.rows[0]);
        }
        entry_.addRow(row, size, place + first * step, step, at.data[kStates]);
      }
    } while (at.step(nest_, outerDims(), [](int) { return true; }));
  }

  void addColumns() {
    const int64_t stateStride = nest_.operands[kStates].strides[inner_];
    const auto stateSize = static_cast<int64_t>(entry_.stateSize);
    const size_t width = direct_ ? count_ : std::min(kBlock, count_);
    // States that are not neighbours are brought together.
    std::unique_ptr<char[]> own;
    if (stateStride != stateSize && count_ > 1) {
      own = std::make_unique<char[]>(width * entry_.stateSize);
    }
    Position at(nest_);
    do {
      for (size_t done = 0; done < count_; done += width) {
        const size_t size = std::min(width, count_ - done);
        char* states = at.data[kStates] + static_cast<int64_t>(done) * stateStride;
        if (own == nullptr) {
          addTile(at, done, size, states);
          continue;
        }
        for (size_t i = 0; i < size; i++) {
          std::memcpy(own.get() + i * entry_.stateSize,
                      states + static_cast<int64_t>(i) * stateStride, entry_.stateSize);
        }
        addTile(at, done, size, own.get());
        for (size_t i = 0; i < size; i++) {
          std::memcpy(states + static_cast<int64_t>(i) * stateStride,
                      own.get() + i * entry_.stateSize, entry_.stateSize);
        }
      }
    } while (at.step(nest_, outerDims(), [this](int dim) { return !isReduced(dim); }));
  }

  // Adds the rows of all reduced dimensions to the states of a tile of columns.
  void addTile(Position& at, size_t done, size_t size, char* states) {
    const void* rows[kRows];
    int64_t places[kRows];
    const size_t limit = direct_ ? kRows : kStagedRows;
    size_t count = 0;
    bool more = true;
    while (more) {
      const char* from = at.data[kInput] + static_cast<int64_t>(done) * stride_;
      rows[count] = direct_ ? from : loadRow(from, stride_, size, scratch.rows[count]);
      places[count] = placeOf(at.data[kPlaces]);
      count++;
      more = at.step(nest_, outerDims(), [this](int dim) { return isReduced(dim); });
      if (count == limit || !more) {
        entry_.addRows(rows, places, count, size, states);
        count = 0;
      }
    }
  }

  // The elements as a row of the loop's dtype: where they are, or in `room`.
  const void* loadRow(const char* from, int64_t stride, size_t size, char* room) {
    const Operand& input = nest_.operands[kInput];
    const auto itemsize = static_cast<int64_t>(input.itemsize());
    const bool ready = stride == itemsize && nest_.isAligned(kInput);
    if (input.dtype == compute_) {
      if (ready) return from;
      copyRun(room, itemsize, from, stride, size, input.itemsize());
      return room;
    }
    const void* raw = from;
    if (!ready && from != scratch.raw) {
      copyRun(scratch.raw, itemsize, from, stride, size, input.itemsize());
      raw = scratch.raw;
    }
    loopTable().cast(input.dtype, compute_)(&raw, room, size);
    return room;
  }

  // Copies the elements that the mask lets through to scratch.raw; returns how many there are.
  size_t compress(const char* from, const char* mask, int64_t maskStep, size_t size) {
    const size_t itemsize = nest_.operands[kInput].itemsize();
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
      const auto k = static_cast<int64_t>(i);
      if (mask[k * maskStep] == 0) continue;
      std::memcpy(scratch.raw + kept * itemsize, from + k * stride_, itemsize);
      kept++;
    }
    return kept;
  }

  const ReductionEntry& entry_;
  const Dtype compute_;
  Nest& nest_;
  const bool masked_;
  int inner_;  // the dimension of the innermost loop, the last one; -1 when there is none
  size_t count_;
  int64_t stride_;
  bool direct_;
};

}  // namespace

void runReduction(const ReductionEntry& entry, Dtype compute, Nest& nest, bool masked) {
  if (nest.isEmpty()) return;
  nest.simplify(kInput);
  Reduction(entry, compute, nest, masked).run();
}

}  // namespace distarray::kernels

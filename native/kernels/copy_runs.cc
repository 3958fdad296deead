#include "kernels/copy_runs.h"

#include <algorithm>
#include <vector>

#include "kernels/nest.h"

namespace distarray::kernels {
namespace {

// Places that are equally far apart on both sides, in bytes.
struct Segment {
  int64_t from, to, stepFrom, stepTo, count;
};

// A position in the places of one axis.
class AxisCursor {
 public:
  void start(const RunAxis& axis, int64_t place) {
    axis_ = &axis;
    seek(place);
  }

  void seek(int64_t place) {
    place_ = place;
    run_ = 0;
    block_ = 0;
    offset_ = 0;
    if (axis_->runs == nullptr) return;
    int64_t rest = place;
    for (; run_ < axis_->runCount; run_++) {
      const PlaceRun& run = axis_->runs[run_];
      const auto size = static_cast<int64_t>(run.blockSize * run.count);
      if (rest < size) {
        block_ = rest / static_cast<int64_t>(run.blockSize);
        offset_ = rest % static_cast<int64_t>(run.blockSize);
        return;
      }
      rest -= size;
    }
  }

  bool atEnd() const { return place_ == axis_->extent; }
  int64_t left() const { return axis_->extent - place_; }

  // The next places, at most `limit`; the cursor goes behind them.
  Segment take(int64_t limit) {
    const RunAxis& axis = *axis_;
    if (axis.runs == nullptr) {
      const bool listed = axis.placesFrom != nullptr || axis.placesTo != nullptr;
      const int64_t from = axis.placesFrom == nullptr ? place_ : axis.placesFrom[place_];
      const int64_t to = axis.placesTo == nullptr ? place_ : axis.placesTo[place_];
      const int64_t count = listed ? 1 : std::min(limit, left());
      place_ += count;
      return {from * axis.strideFrom, to * axis.strideTo, axis.strideFrom, axis.strideTo, count};
    }
    const PlaceRun& run = axis.runs[run_];
    const auto blockSize = static_cast<int64_t>(run.blockSize);
    const auto blocks = static_cast<int64_t>(run.count);
    const auto runFrom = static_cast<int64_t>(run.strideFrom);
    const auto runTo = static_cast<int64_t>(run.strideTo);
    const int64_t from = static_cast<int64_t>(run.startFrom) + block_ * runFrom + offset_;
    const int64_t to = static_cast<int64_t>(run.startTo) + block_ * runTo + offset_;
    Segment segment{from * axis.strideFrom, to * axis.strideTo, axis.strideFrom, axis.strideTo, 0};
    if (blockSize == 1) {  // all blocks are one segment
      segment.count = std::min(limit, blocks - block_);
      segment.stepFrom *= runFrom;
      segment.stepTo *= runTo;
      block_ += segment.count;
    } else {
      segment.count = std::min(limit, blockSize - offset_);
      offset_ += segment.count;
      if (offset_ == blockSize) {
        offset_ = 0;
        block_++;
      }
    }
    place_ += segment.count;
    if (block_ == blocks) {
      block_ = 0;
      run_++;
    }
    return segment;
  }

  // Blocks of the current run that lie ahead as a whole, if the cursor is at the start of one; they
  // are `blockSize` places each, equally far apart.
  const PlaceRun* wholeBlocks(int64_t limit, int64_t& block, int64_t& count) const {
    if (axis_->runs == nullptr || run_ >= axis_->runCount || offset_ != 0) return nullptr;
    const PlaceRun& run = axis_->runs[run_];
    const auto blockSize = static_cast<int64_t>(run.blockSize);
    if (blockSize == 1) return nullptr;
    block = block_;
    count = std::min(static_cast<int64_t>(run.count) - block_, limit / blockSize);
    return count > 1 ? &run : nullptr;
  }

  void skipBlocks(const PlaceRun& run, int64_t count) {
    place_ += count * static_cast<int64_t>(run.blockSize);
    block_ += count;
    if (block_ == static_cast<int64_t>(run.count)) {
      block_ = 0;
      run_++;
    }
  }

 private:
  // Not initialised: there is one for each dimension that there could be.
  const RunAxis* axis_;
  int64_t place_;
  int64_t run_;
  int64_t block_;
  int64_t offset_;
};

// Whether the places of an axis follow one another on both sides.
bool isDense(const RunAxis& axis, int64_t& startFrom, int64_t& startTo) {
  if (axis.runs == nullptr) {
    startFrom = startTo = 0;
    return axis.placesFrom == nullptr && axis.placesTo == nullptr;
  }
  if (axis.runCount != 1 || axis.runs[0].count != 1) return false;
  startFrom = static_cast<int64_t>(axis.runs[0].startFrom);
  startTo = static_cast<int64_t>(axis.runs[0].startTo);
  return true;
}

// The axes with the last ones joined where they are one: rows that follow one another.
class JoinedAxes {
 public:
  explicit JoinedAxes(RunCopy& copy) : count(static_cast<size_t>(copy.ndim)) {
    std::copy_n(copy.axes, count, axes);
    while (count > 1 && joinLast(copy)) {
    }
  }

  RunAxis axes[kMaxDims];  // the first `count` of them
  size_t count;

 private:
  bool joinLast(RunCopy& copy) {
    const RunAxis& inner = axes[count - 1];
    RunAxis& outer = axes[count - 2];
    int64_t startFrom = 0;
    int64_t startTo = 0;
    if (!isDense(inner, startFrom, startTo)) return false;
    if (outer.placesFrom != nullptr || outer.placesTo != nullptr) return false;
    const int64_t length = inner.extent;
    if (outer.strideFrom != inner.strideFrom * length) return false;
    if (outer.strideTo != inner.strideTo * length) return false;
    copy.from += startFrom * inner.strideFrom;
    copy.to += startTo * inner.strideTo;
    if (outer.runs != nullptr) scale(outer, static_cast<double>(length));
    outer.extent *= length;
    outer.strideFrom = inner.strideFrom;
    outer.strideTo = inner.strideTo;
    count--;
    return true;
  }

  void scale(RunAxis& axis, double length) {
    std::vector<PlaceRun> runs(axis.runs, axis.runs + axis.runCount);
    for (PlaceRun& run : runs) {
      run.startFrom *= length;
      run.strideFrom *= length;
      run.startTo *= length;
      run.strideTo *= length;
      run.blockSize *= length;
    }
    scaled_ = std::move(runs);
    axis.runs = scaled_.data();
  }

  std::vector<PlaceRun> scaled_;
};

template <size_t Size>
void copyBlocks(char* to, int64_t toStride, const char* from, int64_t fromStride, int64_t count,
                int64_t blockSize) {
  const size_t bytes = static_cast<size_t>(blockSize) * Size;
  for (int64_t block = 0; block < count; block++, to += toStride, from += fromStride) {
    if (blockSize > 16) {
      std::copy_n(from, bytes, to);
    } else {
      for (size_t at = 0; at < bytes; at += Size) std::copy_n(from + at, Size, to + at);
    }
  }
}

using CopyBlocks = void (*)(char*, int64_t, const char*, int64_t, int64_t, int64_t);

CopyBlocks copyBlocksFor(size_t itemsize) {
  switch (itemsize) {
    case 1:
      return copyBlocks<1>;
    case 2:
      return copyBlocks<2>;
    case 4:
      return copyBlocks<4>;
    case 8:
      return copyBlocks<8>;
    default:
      return copyBlocks<16>;
  }
}

// Copies the next `count` places of the innermost axis.
void copyRow(const char* from, char* to, size_t itemsize, const RunAxis& axis, AxisCursor& cursor,
             int64_t count) {
  const auto size = static_cast<int64_t>(itemsize);
  const bool adjacent = axis.strideFrom == size && axis.strideTo == size;
  while (count > 0) {
    int64_t block = 0;
    int64_t blocks = 0;
    const PlaceRun* run = adjacent ? cursor.wholeBlocks(count, block, blocks) : nullptr;
    if (run != nullptr) {
      const auto strideFrom = static_cast<int64_t>(run->strideFrom) * size;
      const auto strideTo = static_cast<int64_t>(run->strideTo) * size;
      const auto blockSize = static_cast<int64_t>(run->blockSize);
      copyBlocksFor(itemsize)(to + static_cast<int64_t>(run->startTo) * size + block * strideTo,
                              strideTo,
                              from + static_cast<int64_t>(run->startFrom) * size + block * strideFrom,
                              strideFrom, blocks, blockSize);
      cursor.skipBlocks(*run, blocks);
      count -= blocks * blockSize;
      continue;
    }
    const Segment segment = cursor.take(count);
    copyRun(to + segment.to, segment.stepTo, from + segment.from, segment.stepFrom,
            static_cast<size_t>(segment.count), itemsize);
    count -= segment.count;
  }
}

}  // namespace

void copyRuns(const RunCopy& original, int64_t first, int64_t count) {
  if (count <= 0) return;
  RunCopy copy = original;
  if (copy.ndim == 0) {
    copyRun(copy.to, 0, copy.from, 0, 1, copy.itemsize);
    return;
  }
  const JoinedAxes joined(copy);
  const RunAxis* axes = joined.axes;
  const size_t inner = joined.count - 1;
  AxisCursor cursors[kMaxDims];
  Segment at[kMaxDims];  // how far the outer axes have moved the row
  int64_t rest = first;
  for (size_t dim = joined.count; dim-- > 0;) {
    cursors[dim].start(axes[dim], rest % axes[dim].extent);
    rest /= axes[dim].extent;
  }
  for (size_t dim = 0; dim < inner; dim++) at[dim] = cursors[dim].take(1);
  while (count > 0) {
    const char* from = copy.from;
    char* to = copy.to;
    for (size_t dim = 0; dim < inner; dim++) {
      from += at[dim].from;
      to += at[dim].to;
    }
    const int64_t row = std::min(count, cursors[inner].left());
    copyRow(from, to, copy.itemsize, axes[inner], cursors[inner], row);
    count -= row;
    if (count == 0) return;
    cursors[inner].seek(0);
    size_t dim = inner;
    while (dim-- > 0) {
      if (!cursors[dim].atEnd()) {
        at[dim] = cursors[dim].take(1);
        break;
      }
      cursors[dim].seek(0);
      at[dim] = cursors[dim].take(1);
    }
  }
}

}  // namespace distarray::kernels

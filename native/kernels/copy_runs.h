// Copies between two views along runs: of each axis any strided runs, or any places one by one, in one
// order on both sides. It packs messages, unpacks them, and copies what stays on a process.
#pragma once

#include <cstddef>
#include <cstdint>

namespace distarray::kernels {

// `count` blocks of `blockSize` consecutive places, whose first places are `stride` apart. Doubles,
// because they come from a Float64Array.
struct PlaceRun {
  double startFrom, strideFrom, startTo, strideTo, blockSize, count;
};

// What is copied of one axis, and how far apart in memory its neighbouring places are, in bytes.
struct RunAxis {
  const PlaceRun* runs;  // null when places are listed or consecutive on both sides
  int64_t runCount;
  const int32_t* placesFrom;  // one by one; null for 0, 1, 2, …
  const int32_t* placesTo;
  int64_t extent;  // number of places
  int64_t strideFrom;
  int64_t strideTo;
};

struct RunCopy {
  const char* from;
  char* to;
  size_t itemsize;  // 1, 2, 4, 8 or 16
  int ndim;
  const RunAxis* axes;
};

// Copies the elements `first` … `first + count - 1` of the product of all axes, in C order. The memory
// of both sides does not overlap.
void copyRuns(const RunCopy& copy, int64_t first, int64_t count);

}  // namespace distarray::kernels

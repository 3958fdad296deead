// Packing by index vectors: of an axis any elements in any order, instead of every k-th one.
#pragma once

#include <cstdint>

#include "kernels/nest.h"

namespace distarray::kernels {

// Which elements of an axis are meant: where each lies, in elements of the axis. Null for all.
struct AxisIndex {
  const char* data = nullptr;
  Dtype dtype = Dtype::kInt32;  // an integer dtype, or float64 with whole numbers
  int64_t length = 0;           // of the axis that is indexed
};

enum class Direction { kGather, kScatter };

// Copies between operand 0 of `nest`, whose axes are indexed, and operand 1, whose axes are not. Both
// have one dtype and do not overlap. Where an index occurs twice, scattering leaves the last value.
// Returns the axis of an index that is out of range, before anything is copied; -1 when there is none.
int runGather(const Nest& nest, const AxisIndex* indices, Direction direction);

}  // namespace distarray::kernels

// Filling views with random numbers.
#pragma once

#include "kernels/distributions.h"
#include "kernels/nest.h"

namespace distarray::kernels {

// Where the elements along an axis stand in the whole array: element l at
// (start + l / blockSize * stride + l % blockSize) * factor, or at table[l] * factor.
struct AxisPlaces {
  const double* table = nullptr;
  uint64_t start = 0, blockSize = 1, stride = 1, factor = 1;

  uint64_t operator()(int64_t l) const {
    if (table != nullptr) return static_cast<uint64_t>(table[l]) * factor;
    const auto at = static_cast<uint64_t>(l);
    return (start + at / blockSize * stride + at % blockSize) * factor;
  }
};

// Gives each element of operand 0 the value of the draw whose number is `offset` plus its place, the
// sum of those along the axes.
void runRandom(const DistributionEntry& entry, const RandomSource& source, const Nest& nest,
               const AxisPlaces* places, uint64_t offset);

}  // namespace distarray::kernels

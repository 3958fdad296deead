#include "kernels/owners.h"

namespace distarray::kernels {

void addOwners(const BlockOwners& owners, const double* indices, size_t count, int32_t stride,
               int32_t* ranks) {
  const auto [start, step, block, grid] = owners;
  const auto add = [&](size_t k, int64_t number) {
    ranks[k] += stride * static_cast<int32_t>(number);
  };
  const auto numberOf = [&](size_t k) {
    return static_cast<int64_t>((start + step * indices[k]) / block);
  };
  if (grid == 0) {
    for (size_t k = 0; k < count; k++) add(k, numberOf(k));
  } else {
    for (size_t k = 0; k < count; k++) add(k, numberOf(k) % grid);
  }
}

void sortByRank(const double* indices, const int32_t* ranks, size_t count, double* places,
                double* sorted, uint32_t* order) {
  for (size_t k = 0; k < count; k++) {
    double& place = places[ranks[k]];
    const auto at = static_cast<size_t>(place);
    place += 1;
    sorted[at] = indices[k];
    order[at] = static_cast<uint32_t>(k);
  }
}

}  // namespace distarray::kernels

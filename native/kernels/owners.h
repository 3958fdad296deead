// Owners of lists of indices, and lists sorted by them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace distarray::kernels {

// How an index i has its owner: place start + i · step lies in block number place / block, which belongs to
// the process of that number, modulo `grid` unless that is 0. Places are not negative.
struct BlockOwners {
  double start;
  double step;
  double block;
  int64_t grid;
};

// Adds `stride` times the owner of each index to `ranks`.
void addOwners(const BlockOwners& owners, const double* indices, size_t count, int32_t stride,
               int32_t* ranks);

// Sorts indices by rank, those of one rank in the order in which they come. `places` has where those
// of each rank begin, and gets where they end; `order` gets the number that each index had.
void sortByRank(const double* indices, const int32_t* ranks, size_t count, double* places,
                double* sorted, uint32_t* order);

}  // namespace distarray::kernels

// The part of a dataset that one rank owns, as an HDF5 selection.
#pragma once

#include <vector>

#include "hdf5/hdf5_object.h"

namespace distarray::hdf5 {

// `count` blocks of `block` consecutive indices, `stride` apart.
struct Run {
  hsize_t start;
  hsize_t stride;
  hsize_t count;
  hsize_t block;
};

// Per dimension the runs of indices that belong to the rank, ascending.
using Selection = std::vector<std::vector<Run>>;

// Selects the product of the dimensions' runs in `space`; nothing when a dimension has none.
// HDF5 visits a selection in C order, and so does a local array over ascending indices: the memory
// side is simply contiguous.
void select(hid_t space, const Selection& selection);

}  // namespace distarray::hdf5

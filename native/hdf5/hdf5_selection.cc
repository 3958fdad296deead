#include "hdf5/hdf5_selection.h"

namespace distarray::hdf5 {
namespace {

// Goes on to the next combination of one run a dimension; false after the last.
bool advance(std::vector<size_t>& choice, const Selection& selection) {
  for (size_t d = choice.size(); d-- > 0;) {
    if (++choice[d] < selection[d].size()) return true;
    choice[d] = 0;
  }
  return false;
}

}  // namespace

void select(hid_t space, const Selection& selection) {
  const size_t ndim = selection.size();
  if (ndim == 0) return check(H5Sselect_all(space), "H5Sselect_all");
  check(H5Sselect_none(space), "H5Sselect_none");
  for (const auto& runs : selection) {
    if (runs.empty()) return;
  }
  std::vector<size_t> choice(ndim, 0);
  std::vector<hsize_t> start(ndim), stride(ndim), count(ndim), block(ndim);
  do {
    for (size_t d = 0; d < ndim; d++) {
      const Run& run = selection[d][choice[d]];
      start[d] = run.start;
      stride[d] = run.stride;
      count[d] = run.count;
      block[d] = run.block;
    }
    check(H5Sselect_hyperslab(space, H5S_SELECT_OR, start.data(), stride.data(), count.data(),
                              block.data()),
          "H5Sselect_hyperslab");
  } while (advance(choice, selection));
}

}  // namespace distarray::hdf5

// Walks through the elements of one operand of a nest, in the order of its dimensions from some
// dimension on, however they lie in memory.
#pragma once

#include <algorithm>
#include <cstring>

#include "kernels/nest.h"

namespace distarray::kernels {

class Walker {
 public:
  void start(const Nest& nest, int operand, int first, char* data) {
    nest_ = &nest;
    operand_ = &nest.operands[operand];
    first_ = first;
    inner_ = nest.ndim - 1;
    at_ = data;
    contiguous_ = nest.isContiguous(operand, first) && nest.isAligned(operand);
    std::fill(index_ + first, index_ + nest.ndim, 0);
  }

  // The next `count` elements where they are, if they can be used there; null otherwise, and then
  // the walker has not moved.
  char* inPlace(size_t count) {
    if (!contiguous_) return nullptr;
    char* here = at_;
    at_ += count * operand_->itemsize();
    return here;
  }

  // Copies the next elements to a row.
  void read(char* to, size_t count) {
    const size_t itemsize = operand_->itemsize();
    forRuns(count, [&](char* at, int64_t stride, size_t run) {
      copyRun(to, static_cast<int64_t>(itemsize), at, stride, run, itemsize);
      to += run * itemsize;
    });
  }

  // Writes a row to the next elements; with a mask, only where that is not 0.
  void write(const char* from, const char* mask, size_t count) {
    const size_t itemsize = operand_->itemsize();
    forRuns(count, [&](char* at, int64_t stride, size_t run) {
      if (mask == nullptr) {
        copyRun(at, stride, from, static_cast<int64_t>(itemsize), run, itemsize);
      } else {
        for (size_t i = 0; i < run; i++) {
          if (mask[i] != 0) {
            std::memcpy(at + static_cast<int64_t>(i) * stride, from + i * itemsize, itemsize);
          }
        }
        mask += run;
      }
      from += run * itemsize;
    });
  }

 private:
  template <typename Visit>
  void forRuns(size_t count, Visit visit) {
    if (inner_ < 0) {  // a single element
      if (count > 0) visit(at_, 0, count);
      return;
    }
    const int64_t stride = operand_->strides[inner_];
    while (count > 0) {
      const auto left = static_cast<size_t>(nest_->shape[inner_] - index_[inner_]);
      const size_t run = std::min(count, left);
      visit(at_, stride, run);
      count -= run;
      at_ += static_cast<int64_t>(run) * stride;
      index_[inner_] += static_cast<int64_t>(run);
      for (int dim = inner_; index_[dim] == nest_->shape[dim]; dim--) {
        index_[dim] = 0;
        at_ -= operand_->strides[dim] * nest_->shape[dim];
        if (dim == first_) return;
        at_ += operand_->strides[dim - 1];
        index_[dim - 1]++;
      }
    }
  }

  const Nest* nest_;
  const Operand* operand_;
  int first_;
  int inner_;
  char* at_;
  bool contiguous_;
  int64_t index_[kMaxDims];
};

}  // namespace distarray::kernels

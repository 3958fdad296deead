// A step of a stencil that is made again and again: a program over the same memory, with the edges that it needs of
// neighbours. All of it is one call.
#pragma once

#include <mpi.h>

#include <vector>

#include "kernels/copy_runs.h"
#include "kernels/prepared_program.h"

namespace distarray {

class MpiState;

// Elements of a view that are copied to another one.
struct PreparedCopy {
  kernels::RunCopy copy;
  std::vector<kernels::RunAxis> axes;
  int64_t count = 0;

  void run() const {
    kernels::RunCopy whole = copy;
    whole.axes = axes.data();
    if (count > 0) kernels::copyRuns(whole, 0, count);
  }
};

// A message; elements that do not lie side by side are packed, or unpacked, by its copy.
struct PreparedMessage {
  int peer;
  int tag;
  int bytes;
  void* place;
  PreparedCopy copy;
};

class PreparedStep {
 public:
  // From numbers, as src/ops/halo/preparedStep.ts writes them; throws std::invalid_argument for what is none.
  PreparedStep(const double* code, size_t length);

  // Whether all of it can be done again and again without temporary memory.
  bool isPossible() const { return isPossible_; }
  // Gives the inputs that are numbers their values: one after the other, all inputs counted.
  void setNumbers(const kernels::Number* values);
  // Exchanges the edges, and computes meanwhile what needs none. Throws MpiFailure, when nothing is under way any more.
  void run(MpiState& mpi);

 private:
  void start(MPI_Comm comm);
  int wait(bool yields);

  kernels::PreparedProgram program_;
  int comm_;
  size_t inner_ = 0;
  bool isPossible_ = true;
  std::vector<PreparedMessage> receives_;
  std::vector<PreparedMessage> sends_;
  // What the process sends to itself, around a periodic dimension.
  std::vector<PreparedCopy> copies_;
  std::vector<MPI_Request> requests_;
  size_t started_ = 0;
};

}  // namespace distarray

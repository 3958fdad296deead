#include "kernels/elementwise.h"

#include <memory>
#include <utility>

#include "kernels/element_loops.h"

namespace distarray::kernels {
namespace {

// Copies an operand to memory of its own where it overlaps the output other than element by element.
std::unique_ptr<char[]> separate(Nest& nest, int k, int output) {
  if (!nest.range(k).meets(nest.range(output)) || nest.isSame(k, output)) return nullptr;
  Operand& operand = nest.operands[k];
  Nest copy;
  copy.ndim = nest.ndim;
  copy.count = 2;
  copy.operands[1] = operand;
  Operand& own = copy.operands[0];
  own.dtype = operand.dtype;
  auto step = static_cast<int64_t>(operand.itemsize());
  for (int dim = nest.ndim - 1; dim >= 0; dim--) {
    const bool broadcast = operand.strides[dim] == 0;
    copy.shape[dim] = broadcast ? 1 : nest.shape[dim];
    own.strides[dim] = broadcast ? 0 : step;
    step *= copy.shape[dim];
  }
  auto memory = std::make_unique<char[]>(static_cast<size_t>(step));
  own.data = memory.get();
  operand = own;
  runCopy(copy);
  return memory;
}

// Rows are copied as they are: the operands have one dtype and do not overlap.
void copyRows(const Nest& nest) {
  const Operand& to = nest.operands[0];
  const Operand& from = nest.operands[1];
  const int inner = nest.ndim - 1;
  const auto count = static_cast<size_t>(inner < 0 ? 1 : nest.shape[inner]);
  char* target = to.data;
  const char* source = from.data;
  int64_t index[kMaxDims] = {};
  for (;;) {
    copyRun(target, inner < 0 ? 0 : to.strides[inner], source, inner < 0 ? 0 : from.strides[inner],
            count, to.itemsize());
    int dim = inner - 1;
    for (; dim >= 0; dim--) {
      target += to.strides[dim];
      source += from.strides[dim];
      if (++index[dim] < nest.shape[dim]) break;
      index[dim] = 0;
      target -= to.strides[dim] * nest.shape[dim];
      source -= from.strides[dim] * nest.shape[dim];
    }
    if (dim < 0) return;
  }
}

template <typename Body>
void runBody(const Body& body, Nest& nest, bool masked) {
  if (nest.isEmpty()) return;
  const int output = body.inputs();
  nest.simplify(output);
  std::unique_ptr<char[]> copies[kMaxOperands];
  for (int k = 0; k < nest.count; k++) {
    if (k != output) copies[k] = separate(nest, k, output);
  }
  Elementwise<Body>(body, nest, masked).run();
}

}  // namespace

void runElementwise(const LoopEntry& entry, Nest& nest, bool masked) {
  runBody(OneLoop{entry}, nest, masked);
}

void runProgram(const Program& program, Nest& nest) { runBody(Fused{program}, nest, false); }

void runCopy(Nest& nest) {
  if (nest.isEmpty()) return;
  const Dtype to = nest.operands[0].dtype;
  const Dtype from = nest.operands[1].dtype;
  if (to != from) {
    std::swap(nest.operands[0], nest.operands[1]);
    const LoopEntry cast{loopTable().cast(from, to), 1, {from}, to};
    return runElementwise(cast, nest, false);
  }
  nest.simplify(0);
  if (nest.isSame(1, 0)) return;
  const auto copied = separate(nest, 1, 0);
  copyRows(nest);
}

}  // namespace distarray::kernels

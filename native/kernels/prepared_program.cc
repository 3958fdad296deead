#include "kernels/prepared_program.h"

#include <optional>

#include "kernels/element_loops.h"

namespace distarray::kernels {

struct PreparedProgram::Box {
  explicit Box(const Nest& operands) : nest(operands) {}

  Nest nest;
  // Made anew when the program has got a compiled loop, which takes its operands in another way.
  std::optional<Elementwise<Fused>> loops;
  bool isUnlimited = false;
};

PreparedProgram::PreparedProgram(const Program& program) : program_(program) {}
PreparedProgram::~PreparedProgram() = default;

bool PreparedProgram::add(const Nest& nest) {
  if (nest.isEmpty()) return true;
  auto box = std::make_unique<Box>(nest);
  const int output = program_.inputs();
  box->nest.simplify(output);
  const ByteRange written = box->nest.range(output);
  for (int k = 0; k < output; k++) {
    if (box->nest.range(k).meets(written) && !box->nest.isSame(k, output)) return false;
  }
  boxes_.push_back(std::move(box));
  return true;
}

void PreparedProgram::run(size_t begin, size_t end) {
  for (size_t at = begin; at < end; at++) {
    Box& box = *boxes_[at];
    if (!box.loops || box.isUnlimited != program_.isUnlimited()) {
      box.isUnlimited = program_.isUnlimited();
      box.loops.emplace(Fused{program_}, box.nest, false);
    }
    box.loops->run();
  }
}

}  // namespace distarray::kernels

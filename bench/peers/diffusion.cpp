/*
 * Diffusion in two dimensions by one process in plain C++: two grids and two loops.
 *
 *   diffusion diffusion SIZE WARMUP ITERATIONS BATCHES
 *
 * SIZE points along each axis between walls. Output as of grids.c.
 */
#include "measure.h"

#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

namespace {

class Diffusion {
 public:
  explicit Diffusion(long size) : row_(size + 2), density_(row_ * row_), next_(row_ * row_) {
    const double width = 20.0;
    const double dx = width / size;
    const double dt = 0.25 * dx * dx / kCoefficient;
    factor_ = kCoefficient / (dx * dx) * dt;
    std::vector<double> tents(row_);
    for (long i = 1; i <= size; i++) {
      const double x = -10 - dx + (width + 2 * dx) * i / (size + 1);
      tents[i] = 1 - std::abs(1 - 4 * std::abs(x / width));
    }
    for (long i = 1; i <= size; i++) {
      for (long j = 1; j <= size; j++) density_[i * row_ + j] = tents[i] * tents[j];
    }
  }

  void step() {
    for (long i = 1; i < row_ - 1; i++) {
      for (long j = 1; j < row_ - 1; j++) {
        const double *here = &density_[i * row_ + j];
        const double around = here[row_] + here[-row_] + here[1] + here[-1];
        next_[i * row_ + j] = *here + factor_ * (around - 4 * *here);
      }
    }
    std::swap(density_, next_);
  }

  double sum() const {
    double total = 0;
    for (double value : density_) total += value;
    return total;
  }

 private:
  static constexpr double kCoefficient = 1;
  long row_;
  double factor_;
  std::vector<double> density_, next_;
};

}  // namespace

int main(int argc, char **argv) {
  const task task = task_of(argc, argv);
  Diffusion diffusion(task.size);
  for (long i = 0; i < task.warmup; i++) diffusion.step();
  const memory memory = memory_before();
  std::printf("{\"seconds\":[");
  for (long batch = 0; batch < task.batches; batch++) {
    const double start = now();
    for (long i = 0; i < task.iterations; i++) diffusion.step();
    std::printf("%s%.6g", batch > 0 ? "," : "", (now() - start) / task.iterations);
  }
  std::printf("],\"sum\":%.17g,\"extraBytes\":%.0f}\n", diffusion.sum(), growth_since(memory));
}

// What random draws become: of every distribution a function from draws to elements, without
// sequential rejection. Element i of an array always comes from draw i, and from what the counter's
// other words give for the same draw.
#pragma once

#include <string>
#include <vector>

#include "kernels/dtype.h"
#include "kernels/philox.h"

namespace distarray::kernels {

const PhiloxLoops& philoxLoops();

// A stream's key and a distribution's parameters.
class RandomSource {
 public:
  RandomSource(PhiloxKey key, double a, double b, uint64_t first, uint64_t second)
      : key(key), a(a), b(b), first(first), second(second) {}

  // One more random word for a draw: any number of them are had by `attempt`, which counts
  // rejections, and `purpose`. (0, 0) gives the draw itself.
  uint64_t word(uint64_t draw, uint64_t attempt, uint64_t purpose) const {
    return philox({{draw / 4 + 1, attempt, purpose, 0}}, key).word[draw % 4];
  }

  const PhiloxKey key;
  const double a, b;
  const uint64_t first, second;
  // Of permutations: the whole of a small one, the round keys of a large one.
  mutable std::vector<uint64_t> table;
};

struct DistributionEntry {
  const char* name;
  // What `fill` writes: float64, or uint64 whose low bits are those of any integer dtype.
  Dtype output;
  // words[i] is that of draw numbers[i].
  void (*fill)(const RandomSource& source, const uint64_t* words, const uint64_t* numbers,
               size_t count, void* out);
};

const std::vector<DistributionEntry>& distributions();

}  // namespace distarray::kernels

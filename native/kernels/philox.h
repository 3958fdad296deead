// Philox4x64-10, a random number generator that is a function of a counter (Salmon, Moraes, Dror,
// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): any number of a stream can be had
// without those before it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace distarray::kernels {

struct PhiloxKey {
  uint64_t low, high;
};

struct PhiloxBlock {
  uint64_t word[4];
};

namespace {

constexpr uint64_t kPhiloxFactors[2] = {0xD2E7470EE14C6C93, 0xCA5A826395121157};
constexpr uint64_t kPhiloxSteps[2] = {0x9E3779B97F4A7C15, 0xBB67AE8584CAA73B};
constexpr int kPhiloxRounds = 10;

// The block of a counter.
inline PhiloxBlock philox(PhiloxBlock counter, PhiloxKey key) {
  uint64_t* c = counter.word;
  for (int round = 0; round < kPhiloxRounds; round++) {
    const auto a = static_cast<unsigned __int128>(kPhiloxFactors[0]) * c[0];
    const auto b = static_cast<unsigned __int128>(kPhiloxFactors[1]) * c[2];
    c[0] = static_cast<uint64_t>(b >> 64) ^ c[1] ^ key.low;
    c[2] = static_cast<uint64_t>(a >> 64) ^ c[3] ^ key.high;
    c[1] = static_cast<uint64_t>(b);
    c[3] = static_cast<uint64_t>(a);
    key.low += kPhiloxSteps[0];
    key.high += kPhiloxSteps[1];
  }
  return counter;
}

}  // namespace

// The inner loops, for every instruction set.
struct PhiloxLoops {
  // Draws number first, first + 1, …: draw d is word d % 4 of the block with counter d / 4 + 1, as
  // in NumPy, which counts up before it makes a block.
  void (*draw)(PhiloxKey key, uint64_t first, size_t count, uint64_t* out);
  // low + range * u, u in [0, 1) with 53 bits.
  void (*uniform)(const uint64_t* draws, size_t count, double low, double range, double* out);
};

namespace baseline {
extern const PhiloxLoops kPhilox;
}
namespace avx2 {
extern const PhiloxLoops kPhilox;
}
namespace avx512 {
extern const PhiloxLoops kPhilox;
}

}  // namespace distarray::kernels

#include "kernels/distributions.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "kernels/loop_table.h"
#include "kernels/normal_quantile.h"

namespace distarray::kernels {
namespace {

constexpr double kUnit = 0x1p-53;

// In [0, 1), as NumPy's.
double unitOf(uint64_t word) { return static_cast<double>(word >> 11) * kUnit; }
// In (0, 1).
double openUnitOf(uint64_t word) { return (static_cast<double>(word >> 12) + 0.5) * 0x1p-52; }

// Grows with the word: an increasing function of `unitOf` up to rounding.
double normalOf(uint64_t word) {
  const bool upper = (word >> 63) != 0;
  const double p = (static_cast<double>((upper ? ~word : word) >> 11) + 0.5) * kUnit;
  const double z = lowerNormalQuantile(p);
  return upper ? -z : z;
}

template <typename Of>
void fillDoubles(const uint64_t* words, size_t count, void* out, Of of) {
  for (size_t i = 0; i < count; i++) static_cast<double*>(out)[i] = of(words[i], i);
}

// low + range * u
void uniform(const RandomSource& s, const uint64_t* words, const uint64_t*, size_t count,
             void* out) {
  philoxLoops().uniform(words, count, s.a, s.b, static_cast<double*>(out));
}

// The same with the 24 bits of a float32.
void uniform24(const RandomSource& s, const uint64_t* words, const uint64_t*, size_t count,
               void* out) {
  fillDoubles(words, count, out, [&](uint64_t word, size_t) {
    return s.a + s.b * (static_cast<double>(word >> 40) * 0x1p-24);
  });
}

// mean + deviation * z
void normal(const RandomSource& s, const uint64_t* words, const uint64_t*, size_t count,
            void* out) {
  fillDoubles(words, count, out,
              [&](uint64_t word, size_t) { return s.a + s.b * normalOf(word); });
}

void lognormal(const RandomSource& s, const uint64_t* words, const uint64_t*, size_t count,
               void* out) {
  fillDoubles(words, count, out,
              [&](uint64_t word, size_t) { return std::exp(s.a + s.b * normalOf(word)); });
}

void exponential(const RandomSource& s, const uint64_t* words, const uint64_t*, size_t count,
                 void* out) {
  fillDoubles(words, count, out,
              [&](uint64_t word, size_t) { return -s.a * std::log1p(-unitOf(word)); });
}

// An integer below `span` (2^64 when that is 0), each with the same probability: Lemire, "Fast random
// integer generation in an interval", ACM TOMACS 29 (2019).
uint64_t below(const RandomSource& s, uint64_t span, uint64_t word, uint64_t draw,
               uint64_t purpose = 0) {
  if (span == 0) return word;
  const uint64_t threshold = (0 - span) % span;
  for (uint64_t attempt = 1;; attempt++) {
    const auto product = static_cast<unsigned __int128>(word) * span;
    if (static_cast<uint64_t>(product) >= threshold) return static_cast<uint64_t>(product >> 64);
    word = s.word(draw, attempt, purpose);
  }
}

// first + an integer below second
void integers(const RandomSource& s, const uint64_t* words, const uint64_t* numbers, size_t count,
              void* out) {
  for (size_t i = 0; i < count; i++) {
    static_cast<uint64_t*>(out)[i] = s.first + below(s, s.second, words[i], numbers[i]);
  }
}

// The logarithm of a gamma variate of scale 1: Marsaglia and Tsang, "A simple method for generating
// gamma variables", ACM TOMS 26 (2000). Uses the purposes from `purpose` to `purpose` + 2.
double logGamma(const RandomSource& s, double shape, uint64_t draw, uint64_t purpose) {
  double boost = 0;
  if (shape < 1) {
    boost = std::log(openUnitOf(s.word(draw, 0, purpose + 2))) / shape;
    shape += 1;
  }
  const double d = shape - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  for (uint64_t attempt = 0;; attempt++) {
    const double z = normalOf(s.word(draw, attempt, purpose));
    const double root = 1 + c * z;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = openUnitOf(s.word(draw, attempt, purpose + 1));
    if (std::log(u) < 0.5 * z * z + d - d * v + d * std::log(v)) return std::log(d * v) + boost;
  }
}

void gamma(const RandomSource& s, const uint64_t*, const uint64_t* numbers, size_t count,
           void* out) {
  for (size_t i = 0; i < count; i++) {
    static_cast<double*>(out)[i] = s.a == 0 ? 0 : s.b * std::exp(logGamma(s, s.a, numbers[i], 0));
  }
}

void beta(const RandomSource& s, const uint64_t*, const uint64_t* numbers, size_t count,
          void* out) {
  for (size_t i = 0; i < count; i++) {
    const double x = logGamma(s, s.a, numbers[i], 0);
    const double y = logGamma(s, s.b, numbers[i], 3);
    static_cast<double*>(out)[i] = 1 / (1 + std::exp(y - x));
  }
}

// Small means by inversion of the distribution function; large ones by transformed rejection:
// Hörmann, "The transformed rejection method for generating Poisson random variables" (1993).
uint64_t poissonOf(const RandomSource& s, double mean, uint64_t word, uint64_t draw) {
  if (mean < 10) {
    const double u = unitOf(word);
    double term = std::exp(-mean);
    double sum = term;
    uint64_t k = 0;
    while (u >= sum && term > 0) {
      term *= mean / static_cast<double>(++k);
      sum += term;
    }
    return k;
  }
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const double edge = 0.9277 - 3.6224 / (b - 2);
  for (uint64_t attempt = 0;; attempt++) {
    const double u = openUnitOf(s.word(draw, attempt, 0)) - 0.5;
    const double v = openUnitOf(s.word(draw, attempt, 1));
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= edge) return static_cast<uint64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const double left = std::log(v) + std::log(inverseAlpha) - std::log(a / (us * us) + b);
    if (left <= -mean + k * std::log(mean) - std::lgamma(k + 1)) return static_cast<uint64_t>(k);
  }
}

void poisson(const RandomSource& s, const uint64_t* words, const uint64_t* numbers, size_t count,
             void* out) {
  for (size_t i = 0; i < count; i++) {
    static_cast<uint64_t*>(out)[i] = poissonOf(s, s.a, words[i], numbers[i]);
  }
}

// Permutations of `first` numbers, made from the draws that begin with `second`. Small ones are
// shuffled as a whole: all orders are equally likely.
constexpr uint64_t kShuffled = 4096;
constexpr int kRounds = 24;

void shuffle(const RandomSource& s) {
  s.table.resize(s.first);
  std::iota(s.table.begin(), s.table.end(), 0);
  for (uint64_t k = s.first; k-- > 1;) {
    const uint64_t draw = s.second + k;
    std::swap(s.table[k], s.table[below(s, k + 1, s.word(draw, 0, 0), draw)]);
  }
}

// Large ones are a bijection of the numbers below a power of two, repeated until it ends below
// `first`: Mitchell, Stokes, Frank, Holmes, "Bandwidth-optimal random shuffling for GPUs", ACM TOPC 9
// (2022), whose rounds are those of Philox with halves of any number of bits.
struct Halves {
  int left, right;  // bits

  explicit Halves(uint64_t count) {
    int bits = 2;
    while (count > (uint64_t{1} << bits)) bits++;
    left = bits / 2;
    right = bits - left;
  }
};

uint64_t scramble(const std::vector<uint64_t>& keys, Halves halves, uint64_t value) {
  const uint64_t leftMask = (uint64_t{1} << halves.left) - 1;
  const uint64_t rightMask = (uint64_t{1} << halves.right) - 1;
  uint64_t left = value >> halves.right;
  uint64_t right = value & rightMask;
  for (int round = 0; round < kRounds; round++) {
    const auto product = static_cast<unsigned __int128>(kPhiloxFactors[0]) * left;
    left = (static_cast<uint64_t>(product >> 64) ^ keys[round] ^ right) & leftMask;
    right = ((static_cast<uint64_t>(product) << (halves.right - halves.left)) |
             (right >> halves.left)) &
            rightMask;
  }
  return left << halves.right | right;
}

void permutation(const RandomSource& s, const uint64_t*, const uint64_t* numbers, size_t count,
                 void* out) {
  const bool small = s.first <= kShuffled;
  if (s.table.empty()) {
    if (small) {
      shuffle(s);
    } else {
      for (uint64_t k = 0; k < kRounds; k++) s.table.push_back(s.word(s.second + k, 0, 1));
    }
  }
  const Halves halves(s.first);
  for (size_t i = 0; i < count; i++) {
    uint64_t value = numbers[i] - s.second;
    if (small) {
      value = s.table[value];
    } else {
      do {
        value = scramble(s.table, halves, value);
      } while (value >= s.first);
    }
    static_cast<uint64_t*>(out)[i] = value;
  }
}

}  // namespace

const PhiloxLoops& philoxLoops() {
#ifdef DISTARRAY_X86_KERNELS
  static const PhiloxLoops& loops = !std::strcmp(instructionSet(), "avx512") ? avx512::kPhilox
                                    : !std::strcmp(instructionSet(), "avx2") ? avx2::kPhilox
                                                                            : baseline::kPhilox;
  return loops;
#else
  return baseline::kPhilox;
#endif
}

const std::vector<DistributionEntry>& distributions() {
  static const auto* all = new std::vector<DistributionEntry>{
      {"uniform", Dtype::kFloat64, uniform},         {"uniform24", Dtype::kFloat64, uniform24},
      {"normal", Dtype::kFloat64, normal},           {"lognormal", Dtype::kFloat64, lognormal},
      {"exponential", Dtype::kFloat64, exponential}, {"integers", Dtype::kUint64, integers},
      {"gamma", Dtype::kFloat64, gamma},             {"beta", Dtype::kFloat64, beta},
      {"poisson", Dtype::kUint64, poisson},          {"permutation", Dtype::kUint64, permutation},
  };
  return *all;
}

}  // namespace distarray::kernels

// Draws of Philox4x64-10 in a row. With AVX-512 sixteen blocks are made side by side; the smaller
// instruction sets multiply 64-bit numbers faster one by one.
#include "kernels/philox.h"

#ifdef __AVX512DQ__
#include <immintrin.h>
#endif

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

void drawBlocks(PhiloxKey key, uint64_t counter, size_t blocks, uint64_t* out) {
  for (size_t i = 0; i < blocks; i++) {
    const PhiloxBlock block = philox({{counter + i, 0, 0, 0}}, key);
    for (int lane = 0; lane < 4; lane++) out[4 * i + lane] = block.word[lane];
  }
}

#ifdef __AVX512DQ__

constexpr size_t kWide = 8;     // blocks in a vector
constexpr size_t kVectors = 2;  // whose instructions take turns

struct Wide {
  __m512i high, low;
};

// Products of 64-bit numbers, 128 bits long, from those of their halves.
inline Wide multiply(__m512i a, uint64_t factor) {
  const __m512i whole = _mm512_set1_epi64(static_cast<int64_t>(factor));
  const __m512i upper = _mm512_set1_epi64(static_cast<int64_t>(factor >> 32));
  const __m512i mask = _mm512_set1_epi64(0xffffffff);
  const __m512i aUpper = _mm512_srli_epi64(a, 32);
  const __m512i lowLow = _mm512_mul_epu32(a, whole);
  const __m512i highLow = _mm512_mul_epu32(aUpper, whole);
  const __m512i lowHigh = _mm512_mul_epu32(a, upper);
  const __m512i highHigh = _mm512_mul_epu32(aUpper, upper);
  const __m512i middle = _mm512_add_epi64(highLow, _mm512_srli_epi64(lowLow, 32));
  const __m512i carried = _mm512_add_epi64(lowHigh, _mm512_and_si512(middle, mask));
  const __m512i carry =
      _mm512_add_epi64(_mm512_srli_epi64(middle, 32), _mm512_srli_epi64(carried, 32));
  return {_mm512_add_epi64(highHigh, carry), _mm512_mullo_epi64(a, whole)};
}

// Writes words 0 to 3 of eight blocks, block by block.
inline void storeBlocks(const __m512i* c, uint64_t* out) {
  const __m512i even01 = _mm512_unpacklo_epi64(c[0], c[1]);
  const __m512i odd01 = _mm512_unpackhi_epi64(c[0], c[1]);
  const __m512i even23 = _mm512_unpacklo_epi64(c[2], c[3]);
  const __m512i odd23 = _mm512_unpackhi_epi64(c[2], c[3]);
  const __m512i lower = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
  const __m512i upper = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  const __m512i blocks02 = _mm512_permutex2var_epi64(even01, lower, even23);
  const __m512i blocks46 = _mm512_permutex2var_epi64(even01, upper, even23);
  const __m512i blocks13 = _mm512_permutex2var_epi64(odd01, lower, odd23);
  const __m512i blocks57 = _mm512_permutex2var_epi64(odd01, upper, odd23);
  _mm512_storeu_si512(out, _mm512_shuffle_i64x2(blocks02, blocks13, 0x44));
  _mm512_storeu_si512(out + 8, _mm512_shuffle_i64x2(blocks02, blocks13, 0xee));
  _mm512_storeu_si512(out + 16, _mm512_shuffle_i64x2(blocks46, blocks57, 0x44));
  _mm512_storeu_si512(out + 24, _mm512_shuffle_i64x2(blocks46, blocks57, 0xee));
}

void drawWide(PhiloxKey key, uint64_t counter, uint64_t* out) {
  __m512i c[kVectors][4];
  const __m512i iota = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
  for (size_t v = 0; v < kVectors; v++) {
    const __m512i first = _mm512_set1_epi64(static_cast<int64_t>(counter + v * kWide));
    c[v][0] = _mm512_add_epi64(first, iota);
    c[v][1] = c[v][2] = c[v][3] = _mm512_setzero_si512();
  }
  for (int round = 0; round < kPhiloxRounds; round++) {
    const __m512i low = _mm512_set1_epi64(static_cast<int64_t>(key.low));
    const __m512i high = _mm512_set1_epi64(static_cast<int64_t>(key.high));
    for (size_t v = 0; v < kVectors; v++) {
      const Wide a = multiply(c[v][0], kPhiloxFactors[0]);
      const Wide b = multiply(c[v][2], kPhiloxFactors[1]);
      constexpr int kXor3 = 0x96;
      c[v][0] = _mm512_ternarylogic_epi64(b.high, c[v][1], low, kXor3);
      c[v][2] = _mm512_ternarylogic_epi64(a.high, c[v][3], high, kXor3);
      c[v][1] = b.low;
      c[v][3] = a.low;
    }
    key.low += kPhiloxSteps[0];
    key.high += kPhiloxSteps[1];
  }
  for (size_t v = 0; v < kVectors; v++) storeBlocks(c[v], out + v * kWide * 4);
}

#endif

void draw(PhiloxKey key, uint64_t first, size_t count, uint64_t* out) {
  uint64_t counter = first / 4 + 1;
  const size_t skipped = first % 4;
  if (skipped != 0 && count > 0) {
    const PhiloxBlock block = philox({{counter++, 0, 0, 0}}, key);
    for (size_t lane = skipped; lane < 4 && count > 0; lane++, count--) *out++ = block.word[lane];
  }
#ifdef __AVX512DQ__
  constexpr size_t kAtOnce = kWide * kVectors;
  for (; count >= 4 * kAtOnce; count -= 4 * kAtOnce, out += 4 * kAtOnce, counter += kAtOnce) {
    drawWide(key, counter, out);
  }
#endif
  drawBlocks(key, counter, count / 4, out);
  counter += count / 4;
  out += count - count % 4;
  if (count % 4 != 0) {
    const PhiloxBlock block = philox({{counter, 0, 0, 0}}, key);
    for (size_t lane = 0; lane < count % 4; lane++) out[lane] = block.word[lane];
  }
}

void uniform(const uint64_t* draws, size_t count, double low, double range, double* out) {
  for (size_t i = 0; i < count; i++) {
    out[i] = low + range * (static_cast<double>(draws[i] >> 11) * 0x1p-53);
  }
}

}  // namespace

extern const PhiloxLoops kPhilox = {draw, uniform};

}  // namespace distarray::kernels::DISTARRAY_ISA

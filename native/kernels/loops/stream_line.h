// Writing a line of the cache past the caches: what is too large to stay there need not be read from memory first.
#pragma once

#include "kernels/loop_table.h"

#if defined(__SSE2__)
#include <immintrin.h>
#define DISTARRAY_STREAMS
#endif

namespace distarray::kernels {
namespace {

#ifdef DISTARRAY_STREAMS
// `target` begins a line.
inline void streamLine(void* target, const void* source) {
#if defined(__AVX512F__)
  _mm512_stream_si512(static_cast<__m512i*>(target), _mm512_loadu_si512(source));
#elif defined(__AVX2__)
  const auto* from = static_cast<const __m256i*>(source);
  auto* to = static_cast<__m256i*>(target);
  _mm256_stream_si256(to, _mm256_loadu_si256(from));
  _mm256_stream_si256(to + 1, _mm256_loadu_si256(from + 1));
#else
  const auto* from = static_cast<const __m128i*>(source);
  auto* to = static_cast<__m128i*>(target);
  for (int k = 0; k < 4; k++) _mm_stream_si128(to + k, _mm_loadu_si128(from + k));
#endif
}
#endif

}  // namespace
}  // namespace distarray::kernels

// Writing past the caches: what is too large to stay there need not be read from memory first.
#include "kernels/loops/loops.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

#if defined(__AVX512F__)
constexpr size_t kWidth = 64;
inline void streamOne(char* target, const char* source) {
  _mm512_stream_si512(reinterpret_cast<__m512i*>(target), _mm512_loadu_si512(source));
}
#elif defined(__AVX2__)
constexpr size_t kWidth = 32;
inline void streamOne(char* target, const char* source) {
  _mm256_stream_si256(reinterpret_cast<__m256i*>(target),
                      _mm256_loadu_si256(reinterpret_cast<const __m256i*>(source)));
}
#elif defined(__SSE2__)
constexpr size_t kWidth = 16;
inline void streamOne(char* target, const char* source) {
  _mm_stream_si128(reinterpret_cast<__m128i*>(target),
                   _mm_loadu_si128(reinterpret_cast<const __m128i*>(source)));
}
#endif

#if defined(__SSE2__)
constexpr size_t kStreamLine = 64;

// Copies whole lines of the cache, which leave the processor as they are, and fetches others meanwhile.
template <int kAhead>
void streamLines(char* target, const char* source, size_t bytes, const char* const* ahead) {
  for (size_t done = 0; done < bytes; done += kStreamLine) {
    for (int k = 0; k < kAhead; k++) _mm_prefetch(ahead[k] + done, _MM_HINT_T0);
    for (size_t k = 0; k < kStreamLine; k += kWidth) {
      streamOne(target + done + k, source + done + k);
    }
  }
}

void stream(char* target, const char* source, size_t bytes, const char* const* ahead, int count) {
  const size_t head = -reinterpret_cast<uintptr_t>(target) % kStreamLine;
  if (bytes < head + kStreamLine) {
    __builtin_memcpy(target, source, bytes);
    return;
  }
  __builtin_memcpy(target, source, head);
  target += head;
  source += head;
  const size_t lines = (bytes - head) / kStreamLine * kStreamLine;
  switch (count) {
    case 0: streamLines<0>(target, source, lines, ahead); break;
    case 1: streamLines<1>(target, source, lines, ahead); break;
    default: streamLines<2>(target, source, lines, ahead); break;
  }
  __builtin_memcpy(target + lines, source + lines, bytes - head - lines);
}

void finishStreaming() { _mm_sfence(); }
#else
void stream(char* target, const char* source, size_t bytes, const char* const*, int) {
  __builtin_memcpy(target, source, bytes);
}

void finishStreaming() {}
#endif

}  // namespace

void addStreaming(LoopTable& table) { table.setStreaming(stream, finishStreaming); }

}  // namespace distarray::kernels::DISTARRAY_ISA

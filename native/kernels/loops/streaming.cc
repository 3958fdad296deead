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
void stream(char* target, const char* source, size_t bytes) {
  // Whole lines of the cache, which leave the processor as they are.
  constexpr size_t kLine = 64;
  const size_t head = (kLine - reinterpret_cast<uintptr_t>(target) % kLine) % kLine;
  if (bytes >= head + kLine) {
    __builtin_memcpy(target, source, head);
    size_t done = head;
    for (; done + kLine <= bytes; done += kLine) {
      for (size_t k = 0; k < kLine; k += kWidth) streamOne(target + done + k, source + done + k);
    }
    target += done;
    source += done;
    bytes -= done;
  }
  __builtin_memcpy(target, source, bytes);
}

void finishStreaming() { _mm_sfence(); }
#else
void stream(char* target, const char* source, size_t bytes) {
  __builtin_memcpy(target, source, bytes);
}

void finishStreaming() {}
#endif

}  // namespace

void addStreaming(LoopTable& table) { table.setStreaming(stream, finishStreaming); }

}  // namespace distarray::kernels::DISTARRAY_ISA

// Writing past the caches: what is too large to stay there need not be read from memory first.
#pragma once

#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace distarray::kernels {

// From this size on a result is written past the caches. Smaller ones may be used again from there.
constexpr size_t kStreamBytes = size_t{16} << 20;

// Copies bytes that do not overlap. Before others read them: finishStreaming().
inline void streamBytes(char* target, const char* source, size_t bytes) {
#if defined(__SSE2__)
  const size_t head = (16 - reinterpret_cast<uintptr_t>(target) % 16) % 16;
  if (bytes >= head + 64) {
    std::memcpy(target, source, head);
    target += head;
    source += head;
    bytes -= head;
    for (; bytes >= 64; bytes -= 64, target += 64, source += 64) {
      // Whole lines, one after the other: the processor joins the quarters.
      for (int k = 0; k < 4; k++) {
        const __m128i quarter =
            _mm_loadu_si128(reinterpret_cast<const __m128i*>(source) + k);
        _mm_stream_si128(reinterpret_cast<__m128i*>(target) + k, quarter);
      }
    }
  }
#endif
  std::memcpy(target, source, bytes);
}

// Orders the bytes before everything that this thread writes afterwards.
inline void finishStreaming() {
#if defined(__SSE2__)
  _mm_sfence();
#endif
}

}  // namespace distarray::kernels

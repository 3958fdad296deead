// Blocks that are written past the caches, of operations that have no loop of their own for it.
#include "kernels/loops/loops.h"
#include "kernels/loops/stream_line.h"

namespace distarray::kernels::DISTARRAY_ISA {
namespace {

#ifdef DISTARRAY_STREAMS
// Copies whole lines of the cache, which leave the processor as they are, and fetches others meanwhile.
template <int kAhead>
void streamLines(char* target, const char* source, size_t bytes, const char* const* ahead) {
  for (size_t done = 0; done < bytes; done += kCacheLine) {
    for (int k = 0; k < kAhead; k++) _mm_prefetch(ahead[k] + done, _MM_HINT_T0);
    streamLine(target + done, source + done);
  }
}

void stream(char* target, const char* source, size_t bytes, const char* const* ahead, int count) {
  const size_t head = -reinterpret_cast<uintptr_t>(target) % kCacheLine;
  if (bytes < head + kCacheLine) {
    __builtin_memcpy(target, source, bytes);
    return;
  }
  __builtin_memcpy(target, source, head);
  target += head;
  source += head;
  const size_t lines = (bytes - head) / kCacheLine * kCacheLine;
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

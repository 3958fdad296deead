#include "kernels/find_true.h"

#include <cstring>

namespace distarray::kernels {
namespace {

// Masks are looked at so many elements at a time: those without a true one are passed over.
constexpr size_t kBlock = 8;

uint64_t blockAt(const uint8_t* mask) {
  uint64_t block;
  std::memcpy(&block, mask, kBlock);
  return block;
}

}  // namespace

size_t countTrue(const uint8_t* mask, size_t length) {
  size_t count = 0;
  for (size_t k = 0; k < length; k++) count += mask[k] != 0 ? 1 : 0;
  return count;
}

size_t findTrue(const uint8_t* mask, size_t length, double start, double step, double* out) {
  double* next = out;
  const auto look = [&](size_t k) {
    if (mask[k] != 0) *next++ = start + static_cast<double>(k) * step;
  };
  size_t k = 0;
  for (; k + kBlock <= length; k += kBlock) {
    if (blockAt(mask + k) == 0) continue;
    for (size_t i = 0; i < kBlock; i++) look(k + i);
  }
  for (; k < length; k++) look(k);
  return static_cast<size_t>(next - out);
}

}  // namespace distarray::kernels

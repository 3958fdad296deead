// The true elements of masks: any byte but 0 is true.
#pragma once

#include <cstddef>
#include <cstdint>

namespace distarray::kernels {

size_t countTrue(const uint8_t* mask, size_t length);

// Writes `start` + k · `step` for each true element k, and returns how many there are.
size_t findTrue(const uint8_t* mask, size_t length, double start, double step, double* out);

}  // namespace distarray::kernels

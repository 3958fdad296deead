#pragma once

#include <napi.h>

#include "kernels/kernel_block.h"

namespace distarray {

// Adds the functions of reductions, scans and random numbers to the kernels' exports.
void exportReductions(Napi::Object exports, kernels::KernelBlock* block);

}  // namespace distarray

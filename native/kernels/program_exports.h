// Programs as functions of JavaScript.
#pragma once

#include <napi.h>

#include "kernels/kernel_block.h"

namespace distarray::kernels {

void exportPrograms(Napi::Object exports, KernelBlock* block);

}  // namespace distarray::kernels

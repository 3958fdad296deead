// What clients and engines need beside MPI: interrupts, and pauses between looks for messages.
#pragma once

#include <napi.h>

namespace distarray {

void exportSession(Napi::Object exports);

}  // namespace distarray

// Ctrl-C while JavaScript waits in a loop of its own, where no handler of Node's can run.
#pragma once

#include <cstdint>

namespace distarray {

// Begins to count interrupts (SIGINT) of this process, and returns where they are counted. A handler that was there
// before, such as Node's for `process.on('SIGINT')`, is still called, but the default action is not taken any more.
std::int32_t* countInterrupts();

// Gives SIGINT back to who had it before.
void stopCountingInterrupts();

}  // namespace distarray

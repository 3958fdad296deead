// Ctrl-C while JavaScript waits in a loop of its own, where no handler of Node's can run.
#pragma once

#include <cstdint>

namespace distarray {

// Begins to count interrupts (SIGINT) of this process. Returns two numbers: how many there were, and, written by
// JavaScript, at how many of them it has looked. A handler that was there before, such as Node's for
// `process.on('SIGINT')`, is still called. The default action is taken at the second of two interrupts that come within
// 2 s when nobody has looked at the first.
std::int32_t* countInterrupts();

// Gives SIGINT back to who had it before.
void stopCountingInterrupts();

}  // namespace distarray

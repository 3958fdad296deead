#include "session/interrupts.h"

#include <csignal>

namespace distarray {
namespace {

// Written by the signal handler, read through a typed array.
volatile std::int32_t count = 0;
struct sigaction former = {};
bool counts = false;

void onInterrupt(int signal, siginfo_t* info, void* context) {
  count = count + 1;
  if ((former.sa_flags & SA_SIGINFO) != 0) {
    if (former.sa_sigaction != nullptr) former.sa_sigaction(signal, info, context);
  } else if (former.sa_handler != SIG_DFL && former.sa_handler != SIG_IGN) {
    former.sa_handler(signal);
  }
}

}  // namespace

std::int32_t* countInterrupts() {
  if (!counts) {
    struct sigaction ours = {};
    ours.sa_sigaction = onInterrupt;
    ours.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&ours.sa_mask);
    counts = sigaction(SIGINT, &ours, &former) == 0;
  }
  return const_cast<std::int32_t*>(&count);
}

void stopCountingInterrupts() {
  if (!counts) return;
  struct sigaction now = {};
  // Who has come after us keeps the signal.
  if (sigaction(SIGINT, nullptr, &now) == 0 && now.sa_sigaction == onInterrupt) {
    sigaction(SIGINT, &former, nullptr);
  }
  counts = false;
}

}  // namespace distarray

#include "session/interrupts.h"

#include <time.h>

#include <csignal>

namespace distarray {
namespace {

// A second interrupt within this time ends a program that does not look.
constexpr double kSeconds = 2;

// Written by the signal handler and by JavaScript, through a typed array.
volatile std::int32_t slots[2] = {0, 0};
volatile std::int32_t& count = slots[0];
volatile std::int32_t& taken = slots[1];
struct sigaction former = {};
bool counts = false;
double last = -kSeconds;

double now() {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Whether nobody but Node itself has asked for the signal: its own handler, which gives the terminal back and ends the
// process, is set for one call.
bool isFormerDefault() {
  if ((former.sa_flags & SA_RESETHAND) != 0) return true;
  return (former.sa_flags & SA_SIGINFO) == 0 &&
         (former.sa_handler == SIG_DFL || former.sa_handler == SIG_IGN);
}

void callFormer(int signal, siginfo_t* info, void* context) {
  if ((former.sa_flags & SA_SIGINFO) == 0 &&
      (former.sa_handler == SIG_DFL || former.sa_handler == SIG_IGN)) {
    return;
  }
  // Node sets handlers of three arguments without the flag; one with fewer ignores the others.
  former.sa_sigaction(signal, info, context);
}

void onInterrupt(int signal, siginfo_t* info, void* context) {
  const bool wasMissed = taken != count;
  const double time = now();
  count = count + 1;
  if (!isFormerDefault()) {
    callFormer(signal, info, context);
  } else if (wasMissed && time - last < kSeconds) {
    callFormer(signal, info, context);
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
  last = time;
}

}  // namespace

std::int32_t* countInterrupts() {
  if (!counts) {
    struct sigaction ours = {};
    ours.sa_sigaction = onInterrupt;
    ours.sa_flags = SA_SIGINFO | SA_RESTART;
    sigemptyset(&ours.sa_mask);
    taken = count;
    counts = sigaction(SIGINT, &ours, &former) == 0;
  }
  return const_cast<std::int32_t*>(slots);
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

#include "heddle/core/stop.h"

#include <signal.h>
#include <unistd.h>

#include <array>

#include "heddle/core/check.h"

namespace heddle {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM};

std::atomic<StopFlag*> active_flag{nullptr};
std::atomic<int> signal_seen{0};
std::array<struct sigaction, kSignals.size()> actions_before;

// Runs as a signal handler: nothing but lock-free atomics and _exit.
void OnSignal(int signal_number) {
  int none = 0;
  if (!signal_seen.compare_exchange_strong(none, signal_number)) _exit(128 + signal_number);
  if (StopFlag* flag = active_flag.load()) flag->Request();
}

}  // namespace

InterruptScope::InterruptScope(StopFlag& flag) {
  StopFlag* none = nullptr;
  HEDDLE_DEMAND(active_flag.compare_exchange_strong(none, &flag));
  signal_seen = 0;
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < kSignals.size(); ++i) {
    sigaction(kSignals[i], nullptr, &actions_before[i]);
    if (actions_before[i].sa_handler != SIG_IGN) sigaction(kSignals[i], &action, nullptr);
  }
}

InterruptScope::~InterruptScope() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &actions_before[i], nullptr);
  active_flag = nullptr;
}

int InterruptScope::signal() const { return signal_seen; }

}  // namespace heddle

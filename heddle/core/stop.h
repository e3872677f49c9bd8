// Stopping long work cleanly.
//
// Long work takes a `const StopFlag*` and looks at it between steps; Ctrl-C raises it through an InterruptScope:
//
//   StopFlag stop;
//   InterruptScope interrupt(stop);
//   const bool whole = ParallelFor(budget, cells, train, &stop);
#pragma once

#include <atomic>

namespace heddle {

// Safe to raise and to read from any thread and from a signal handler. Once raised it stays so.
class StopFlag {
 public:
  bool requested() const { return requested_.load(std::memory_order_relaxed); }
  void Request() { requested_.store(true, std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_{false};
  static_assert(std::atomic<bool>::is_always_lock_free);
};

// While it lives, SIGINT and SIGTERM raise the flag; the second of them ends the process at once (exit code 130 or
// 143). A signal that the process was started to ignore (nohup, a shell's background job) stays ignored. One scope at a
// time (DEMANDed); the handlers from before come back at its end. `flag` must outlive it.
class InterruptScope {
 public:
  explicit InterruptScope(StopFlag& flag);
  ~InterruptScope();
  InterruptScope(const InterruptScope&) = delete;
  InterruptScope& operator=(const InterruptScope&) = delete;

  // Which signal came, 0 if none did.
  int signal() const;
};

}  // namespace heddle

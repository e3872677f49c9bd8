// Threads are an argument: one ThreadBudget for the whole process, handed down to whoever computes.
#pragma once

#include <cstdint>
#include <functional>

#include "heddle/core/stop.h"

namespace heddle {

// How many threads may compute at once, the caller's own included.
class ThreadBudget {
 public:
  // Usage error if threads < 1 or > 4096.
  explicit ThreadBudget(int threads);
  // As many as the process may use cores (heddle/core/machine.h).
  static ThreadBudget OfMachine();

  int threads() const { return threads_; }

 private:
  int threads_;
};

// Calls work(index, worker) for index 0 .. count-1, each once, on at most budget.threads() threads; the caller is one
// of them, as worker 0. Indices are handed out in order, one at a time, so `work` should take well over a microsecond;
// the threads are made for this call (some 20 us each). With one thread everything runs in the caller, in order.
//
// If `work` throws, no new index is begun and, once all have come to rest, the exception of the lowest index that threw
// is rethrown here. Returns false if `stop` kept an index from being begun; those begun are finished.
bool ParallelFor(const ThreadBudget& budget, int64_t count, const std::function<void(int64_t index, int worker)>& work,
                 const StopFlag* stop = nullptr);

}  // namespace heddle

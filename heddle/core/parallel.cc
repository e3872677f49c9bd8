#include "heddle/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/machine.h"

namespace heddle {
namespace {

constexpr int kMaxThreads = 4096;

// What the threads of one call share.
class Dispenser {
 public:
  Dispenser(int64_t count, const std::function<void(int64_t, int)>& work, const StopFlag* stop)
      : count_(count), work_(work), stop_(stop) {}

  void Serve(int worker) {
    while (!halted_) {
      if (stop_ != nullptr && stop_->requested()) return;
      const int64_t index = next_++;
      if (index >= count_) return;
      try {
        work_(index, worker);
      } catch (...) {
        Fail(index, std::current_exception());
      }
    }
  }

  void Halt() { halted_ = true; }
  bool all_begun() const { return next_ >= count_; }
  void RethrowFirst() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  void Fail(int64_t index, std::exception_ptr failure) {
    halted_ = true;
    const std::lock_guard lock(mutex_);
    if (index < failed_index_) {
      failed_index_ = index;
      failure_ = std::move(failure);
    }
  }

  const int64_t count_;
  const std::function<void(int64_t, int)>& work_;
  const StopFlag* stop_;
  std::atomic<int64_t> next_{0};
  std::atomic<bool> halted_{false};
  std::mutex mutex_;
  int64_t failed_index_ = std::numeric_limits<int64_t>::max();
  std::exception_ptr failure_;
};

}  // namespace

ThreadBudget::ThreadBudget(int threads) : threads_(threads) {
  if (threads < 1 || threads > kMaxThreads) {
    ThrowUsage(std::to_string(threads) + " threads can't be used", "--threads",
               "give a number from 1 to " + std::to_string(kMaxThreads));
  }
}

ThreadBudget ThreadBudget::OfMachine() { return ThreadBudget(std::min(UsableCores(), kMaxThreads)); }

bool ParallelFor(const ThreadBudget& budget, int64_t count, const std::function<void(int64_t index, int worker)>& work,
                 const StopFlag* stop) {
  if (count <= 0) return true;
  Dispenser dispenser(count, work, stop);
  {
    const int helpers = static_cast<int>(std::min<int64_t>(budget.threads(), count)) - 1;
    std::vector<std::jthread> threads;  // joined at the end of this block, however it is left
    threads.reserve(static_cast<size_t>(helpers));
    try {
      for (int worker = 1; worker <= helpers; ++worker) {
        threads.emplace_back([&dispenser, worker] { dispenser.Serve(worker); });
      }
    } catch (const std::system_error& error) {
      dispenser.Halt();
      ThrowSystem("cannot start a thread", "--threads " + std::to_string(budget.threads()), error.code().value());
    }
    dispenser.Serve(0);
  }
  dispenser.RethrowFirst();
  return dispenser.all_begun();
}

}  // namespace heddle

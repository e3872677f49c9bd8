// Results made by many threads and taken in order by one.
//
//   OrderedWork<Episode>::Run(budget, first, ahead, [&](int64_t index, int worker) { return Simulate(index, worker); },
//                        [&](int64_t index, Episode episode) { writer.Save(episode); return enough(); });
//
// `make` runs for index = first, first + 1, ... on up to budget.threads() threads, each worker number on one thread at
// a time; `take` is called in the caller's thread, in order, for each result, until it returns false or `stop` is
// raised. At most `ahead` results wait or are under way beyond the one that is due, so memory is bounded. An exception
// of `make` comes out when its index is due; one of `take` at once. Either way the threads have come to rest before
// this returns.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"

namespace heddle {

template <class Result>
class OrderedWork {
 public:
  using Make = std::function<Result(int64_t index, int worker)>;
  using Take = std::function<bool(int64_t index, Result result)>;

  static void Run(const ThreadBudget& budget, int64_t first, int64_t ahead, const Make& make, const Take& take,
                  const StopFlag* stop = nullptr) {
    OrderedWork work(first, ahead, make, stop);
    std::vector<std::jthread> threads;
    for (int worker = 0; worker < budget.threads(); ++worker)
      threads.emplace_back([&work, worker] { work.Serve(worker); });
    const Closer closer{work};
    for (int64_t index = first;; ++index) {
      std::optional<Result> result = work.Wait(index);
      if (!result || !take(index, std::move(*result))) return;
    }
  }

 private:
  struct Slot {
    std::optional<Result> result;
    std::exception_ptr failure;
  };
  struct Closer {
    OrderedWork& work;
    ~Closer() {
      const std::lock_guard lock(work.mutex_);
      work.closing_ = true;
      work.changed_.notify_all();
    }
  };

  OrderedWork(int64_t first, int64_t ahead, const Make& make, const StopFlag* stop)
      : make_(make), stop_(stop), ahead_(ahead), next_(first), due_(first) {}

  bool closing() const { return closing_ || (stop_ && stop_->requested()); }

  void Serve(int worker) {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait_for(lock, kLookAgain, [&] { return closing() || next_ <= due_ + ahead_; });
      if (closing()) break;
      if (next_ > due_ + ahead_) continue;
      const int64_t index = next_++;
      lock.unlock();
      Slot slot;
      try {
        slot.result.emplace(make_(index, worker));
      } catch (...) {
        slot.failure = std::current_exception();
      }
      lock.lock();
      done_.emplace(index, std::move(slot));
      changed_.notify_all();
    }
  }

  // Nothing if the work was stopped before this result was there.
  std::optional<Result> Wait(int64_t index) {
    std::unique_lock lock(mutex_);
    due_ = index;
    changed_.notify_all();
    while (!done_.contains(index)) {
      if (closing() && next_ <= index) return {};
      if (stop_ && stop_->requested()) return {};
      changed_.wait_for(lock, kLookAgain);
    }
    Slot slot = std::move(done_.at(index));
    done_.erase(index);
    if (slot.failure) std::rethrow_exception(slot.failure);
    return std::move(slot.result);
  }

  static constexpr std::chrono::milliseconds kLookAgain{50};  // at the stop flag

  const Make& make_;
  const StopFlag* stop_;
  const int64_t ahead_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<int64_t, Slot> done_;
  int64_t next_, due_;
  bool closing_ = false;
};

}  // namespace heddle

// Results made by many threads and taken in order by one.
//
//   OrderedWork<Episode>::Run(budget, first, ahead,
//                             [&] { return [station = Station()](int64_t index) { return station.Simulate(index); }; },
//                             [&](int64_t index, Episode episode) { writer.Save(episode); return !enough(); });
//
// Each of up to budget.threads() threads calls `begin` once for a maker of its own, which lives and dies on that
// thread; makers are called for index = first, first + 1, ... `take` is called in the caller's thread, in order, for
// each result, until it returns false or `stop` is raised. At most `ahead` results wait or are under way beyond the one
// that is due, so memory is bounded. An exception of a maker comes out when its index is due; one of `take` at once.
// Either way the threads have come to rest before this returns.
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
  using Make = std::function<Result(int64_t index)>;
  using Begin = std::function<Make()>;
  using Take = std::function<bool(int64_t index, Result result)>;

  static void Run(const ThreadBudget& budget, int64_t first, int64_t ahead, const Begin& begin, const Take& take,
                  const StopFlag* stop = nullptr) {
    OrderedWork work(first, ahead, begin, stop);
    std::vector<std::jthread> threads;
    for (int i = 0; i < budget.threads(); ++i) threads.emplace_back([&work] { work.Serve(); });
    const Closer closer{work};
    for (int64_t index = first; !stop || !stop->requested(); ++index) {
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

  OrderedWork(int64_t first, int64_t ahead, const Begin& begin, const StopFlag* stop)
      : begin_(begin), stop_(stop), ahead_(ahead), next_(first), due_(first) {}

  bool closing() const { return closing_ || (stop_ && stop_->requested()); }

  void Serve() {
    Make make;  // made with the first index, so that what it throws comes out there
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait_for(lock, kLookAgain, [&] { return closing() || next_ <= due_ + ahead_; });
      if (closing()) break;
      if (next_ > due_ + ahead_) continue;
      const int64_t index = next_++;
      lock.unlock();
      Slot slot;
      try {
        if (!make) make = begin_();
        slot.result.emplace(make(index));
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

  const Begin& begin_;
  const StopFlag* stop_;
  const int64_t ahead_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::map<int64_t, Slot> done_;
  int64_t next_, due_;
  bool closing_ = false;
};

}  // namespace heddle

// Batches in preparation: a ring of slots that worker threads fill ahead of the one who takes them.
//
// Each step is planned once, into a number of jobs; jobs are done by any thread in any order, those of the earliest
// step first. Which thread does what never changes what comes out: a slot is served when all its jobs are done, in the
// order of the steps.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace heddle::mixture {

class WorkRing {
 public:
  struct Work {
    // Prepares the slot for a step and says how many jobs it takes.
    std::function<int64_t(size_t slot, int64_t step)> plan;
    // Does one of them. `worker`: 0 .. max(1, workers) - 1, one thread at a time each.
    std::function<void(size_t slot, int64_t job, int worker)> run;
  };

  // With 0 workers everything happens in Next(), one step at a time, and there is 1 slot whatever is asked for.
  // kSystem if a thread can't be started.
  WorkRing(size_t slots, int workers, int64_t first_step, Work work);
  ~WorkRing();  // waits for the jobs that have been begun
  WorkRing(const WorkRing&) = delete;
  WorkRing& operator=(const WorkRing&) = delete;

  // The slot that holds the next step, and that until the next call. One thread. Where a plan or job threw, its
  // exception (of several jobs the first one's) comes out here when its step is due, every time from then on.
  size_t Next();
  int64_t next_step() const { return next_step_; }

 private:
  enum class State { kFree, kPlanning, kRunning, kReady };
  struct Slot {
    State state = State::kFree;
    int64_t step = -1;
    int64_t jobs = 0, begun = 0, done = 0;
    int64_t failed_job = 0;
    std::exception_ptr failure;
  };
  // A plan (job < 0) or a job.
  struct Unit {
    size_t slot;
    int64_t job;
  };

  void Serve(int worker);
  std::optional<Unit> Take();  // with the lock held
  void Do(const Unit& unit, int worker);
  void DoPlan(size_t slot);
  void DoJob(const Unit& unit, int worker);
  Slot* ReadySlot();

  Work work_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::vector<Slot> slots_;
  int64_t next_step_, next_plan_;
  bool closing_ = false;
  std::optional<size_t> served_;
  std::vector<std::jthread> workers_;
};

}  // namespace heddle::mixture

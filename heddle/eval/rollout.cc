#include "heddle/eval/rollout.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "heddle/core/text.h"
#include "heddle/eval/asking.h"

namespace heddle::eval {
namespace {

using Clock = std::chrono::steady_clock;

// Empty for an action that can be executed.
std::string FaultOf(const std::vector<double>& action, size_t size) {
  if (action.size() != size)
    return "an action has " + std::to_string(action.size()) + " values, not " + std::to_string(size);
  for (size_t i = 0; i < size; ++i) {
    if (!std::isfinite(action[i])) return "value " + std::to_string(i) + " of an action is " + FormatDouble(action[i]);
  }
  return "";
}

// A place for one episode at a time.
class Seat {
 public:
  Seat(int64_t slot, const sim::WorldKind& kind, const sim::CameraPlan& cameras)
      : slot_(slot), world_(kind.NewWorld()), rig_(world_, cameras), num_actions_(world_.actions().names.size()) {}

  bool busy() const { return result_.has_value(); }
  ActRequest Request() const { return {.slot = slot_, .world = &world_, .rig = &rig_}; }

  void Begin(uint64_t seed, Actor& actor) {
    started_ = Clock::now();
    result_.emplace();
    result_->seed = seed;
    world_.Reset(seed);
    actor.Begin(Request());
  }

  void Look() { rig_.Look(world_); }

  // Executes a chunk; true if the episode is over.
  bool Execute(ActReply& reply, int64_t most) {
    if (!reply.failure.empty()) return Fail(reply.failure, reply.details);
    if (reply.actions.empty()) return Fail(kBadAction, "the policy gave no action");
    if (reply.decision) result_->decisions.push_back(std::move(*reply.decision));
    for (const std::vector<double>& action : reply.actions) {
      if (most-- == 0) break;
      if (const std::string fault = FaultOf(action, num_actions_); !fault.empty()) return Fail(kBadAction, fault);
      world_.Step(action);
      result_->actions.push_back(action);
      if (world_.over() || world_.settled()) return true;
    }
    return false;
  }

  EpisodeResult Finish() {
    EpisodeResult result = std::move(*result_);
    result_.reset();
    result.steps = world_.step();
    result.success_any = world_.success_any();
    result.success_end = result.failure == kNoFailure && world_.success();
    if (result.failure == kNoFailure && world_.diverged()) result.failure = kDiverged;
    if (result.failure == kNoFailure && !result.success_end) result.failure = world_.judge().FailureLabel();
    result.wall_s = std::chrono::duration<double>(Clock::now() - started_).count();
    return result;
  }

 private:
  bool Fail(const std::string& label, const std::string& details) {
    result_->failure = label;
    result_->details = details;
    return true;
  }

  int64_t slot_;
  sim::World world_;
  sim::CameraRig rig_;
  size_t num_actions_;
  std::optional<EpisodeResult> result_;
  Clock::time_point started_;
};

// What the threads share.
class Rollout {
 public:
  Rollout(const sim::WorldKind& kind, Actor& actor, std::span<const uint64_t> seeds, const RolloutPlan& plan,
          int threads, const std::function<void(EpisodeResult)>& done, const StopFlag* stop)
      : kind_(kind), actor_(actor), seeds_(seeds), plan_(plan), asking_(actor, threads), done_(done), stop_(stop) {}

  void Serve(int thread) {
    try {
      std::vector<std::unique_ptr<Seat>> seats;
      for (int64_t i = 0; i < plan_.episodes_a_thread; ++i) {
        seats.push_back(std::make_unique<Seat>(thread * plan_.episodes_a_thread + i, kind_, plan_.cameras));
      }
      while (Round(seats)) continue;
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      broken_ = true;
    }
    asking_.Leave();
  }

  bool Whole() {
    if (failure_) std::rethrow_exception(failure_);
    return finished_ == seeds_.size();
  }

 private:
  bool stopping() const { return broken_ || (stop_ && stop_->requested()); }

  // One chunk for every episode of this thread. False once there is nothing left to do.
  bool Round(std::vector<std::unique_ptr<Seat>>& seats) {
    if (stopping()) return false;
    std::vector<ActRequest> requests;
    std::vector<Seat*> asked;
    for (const auto& seat : seats) {
      if (!seat->busy() && !BeginNext(*seat)) continue;
      seat->Look();
      requests.push_back(seat->Request());
      asked.push_back(seat.get());
    }
    if (asked.empty()) return false;
    std::vector<ActReply> replies(requests.size());
    asking_.Ask(requests, replies);
    for (size_t i = 0; i < asked.size(); ++i) {
      if (asked[i]->Execute(replies[i], actor_.actions_per_chunk())) Report(asked[i]->Finish());
    }
    return true;
  }

  bool BeginNext(Seat& seat) {
    const size_t next = next_++;
    if (next >= seeds_.size()) return false;
    seat.Begin(seeds_[next], actor_);
    return true;
  }

  void Report(EpisodeResult result) {
    const std::lock_guard lock(mutex_);
    if (broken_) return;  // nothing is told after a failure
    ++finished_;
    try {
      done_(std::move(result));
    } catch (...) {
      broken_ = true;
      throw;
    }
  }

  const sim::WorldKind& kind_;
  Actor& actor_;
  std::span<const uint64_t> seeds_;
  const RolloutPlan& plan_;
  Asking asking_;
  const std::function<void(EpisodeResult)>& done_;
  const StopFlag* stop_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> broken_{false};
  std::mutex mutex_;  // guards what follows, and calls of done_
  size_t finished_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

bool RunEpisodes(const sim::WorldKind& kind, Actor& actor, std::span<const uint64_t> seeds, const RolloutPlan& plan,
                 const ThreadBudget& budget, const std::function<void(EpisodeResult result)>& done,
                 const StopFlag* stop) {
  const int threads = std::clamp(static_cast<int>(std::min<size_t>(seeds.size(), 4096)), 1, budget.threads());
  Rollout rollout(kind, actor, seeds, plan, threads, done, stop);
  {
    std::vector<std::jthread> workers;
    for (int thread = 0; thread < threads; ++thread) {
      workers.emplace_back([&rollout, thread] { rollout.Serve(thread); });
    }
  }
  return rollout.Whole();
}

}  // namespace heddle::eval

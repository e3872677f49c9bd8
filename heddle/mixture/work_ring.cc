#include "heddle/mixture/work_ring.h"

#include <algorithm>
#include <system_error>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {

WorkRing::WorkRing(size_t slots, int workers, int64_t first_step, Work work)
    : work_(std::move(work)),
      slots_(workers == 0 ? 1 : std::max<size_t>(2, slots)),
      next_step_(first_step),
      next_plan_(first_step) {
  HEDDLE_DEMAND(workers >= 0);
  try {
    for (int worker = 0; worker < workers; ++worker) workers_.emplace_back([this, worker] { Serve(worker); });
  } catch (const std::system_error& error) {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    ThrowSystem("cannot start a thread", "the loader's worker " + std::to_string(workers_.size()),
                error.code().value());
  }
}

WorkRing::~WorkRing() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  changed_.notify_all();
}

void WorkRing::Serve(int worker) {
  while (true) {
    std::optional<Unit> unit;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closing_ || (unit = Take()); });
      if (closing_) return;
    }
    Do(*unit, worker);
  }
}

std::optional<WorkRing::Unit> WorkRing::Take() {
  Slot* earliest = nullptr;
  Slot* free = nullptr;
  for (Slot& slot : slots_) {
    const bool open = slot.state == State::kRunning && slot.begun < slot.jobs;
    if (open && (earliest == nullptr || slot.step < earliest->step)) earliest = &slot;
    if (slot.state == State::kFree) free = &slot;
  }
  if (earliest != nullptr) return Unit{static_cast<size_t>(earliest - slots_.data()), earliest->begun++};
  if (free == nullptr) return std::nullopt;
  *free = Slot{};
  free->state = State::kPlanning;
  free->step = next_plan_++;
  return Unit{static_cast<size_t>(free - slots_.data()), -1};
}

void WorkRing::Do(const Unit& unit, int worker) {
  if (unit.job < 0) {
    DoPlan(unit.slot);
  } else {
    DoJob(unit, worker);
  }
  changed_.notify_all();
}

void WorkRing::DoPlan(size_t index) {
  int64_t jobs = 0;
  std::exception_ptr failure;
  try {
    jobs = work_.plan(index, slots_[index].step);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  Slot& slot = slots_[index];
  slot.jobs = jobs;
  slot.failure = failure;
  slot.state = jobs == 0 ? State::kReady : State::kRunning;
}

void WorkRing::DoJob(const Unit& unit, int worker) {
  std::exception_ptr failure;
  try {
    work_.run(unit.slot, unit.job, worker);
  } catch (...) {
    failure = std::current_exception();
  }
  const std::lock_guard lock(mutex_);
  Slot& slot = slots_[unit.slot];
  if (failure && (!slot.failure || unit.job < slot.failed_job)) {
    slot.failure = failure;
    slot.failed_job = unit.job;
  }
  if (++slot.done == slot.jobs) slot.state = State::kReady;
}

WorkRing::Slot* WorkRing::ReadySlot() {
  for (Slot& slot : slots_) {
    if (slot.state == State::kReady && slot.step == next_step_) return &slot;
  }
  return nullptr;
}

size_t WorkRing::Next() {
  std::unique_lock lock(mutex_);
  if (served_) {
    slots_[*served_].state = State::kFree;
    served_.reset();
    changed_.notify_all();
  }
  Slot* slot = nullptr;
  while ((slot = ReadySlot()) == nullptr) {
    if (!workers_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const std::optional<Unit> unit = Take();
    HEDDLE_DEMAND(unit.has_value());
    lock.unlock();
    Do(*unit, 0);
    lock.lock();
  }
  if (slot->failure) std::rethrow_exception(slot->failure);
  served_ = static_cast<size_t>(slot - slots_.data());
  ++next_step_;
  return *served_;
}

}  // namespace heddle::mixture

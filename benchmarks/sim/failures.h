// Episodes of nut_assembly that fail in the ways that its judge tells apart.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heddle/sim/world.h"

namespace heddle::sim {

// The expert until its stage is `stage` and `ready` holds (or at once, without a stage); then `act` to the horizon.
struct Failure {
  std::string label;  // that the judge should give
  std::string strategy, stage;
  std::function<bool(const World&)> ready;
  // `turn` is where the hand was when its turn came, `steps` ago.
  std::function<std::vector<double>(const World&, const Pose& turn, int64_t steps)> act;
};
std::vector<Failure> Failures();

struct FailedRun {
  std::string label;  // that the judge gave
  int64_t turn_step = 0;
};

// Runs it from `seed`; `look` is called before the first step and after each one.
FailedRun Fail(World& world, const Failure& failure, uint64_t seed, const std::function<void()>& look);

}  // namespace heddle::sim

#include "benchmarks/sim/failures.h"

namespace heddle::sim {
namespace {

constexpr const char* kNut = "square_nut";

bool Always(const World&) { return true; }

// Beside where its turn came.
std::vector<double> Beside(const World& world, const Pose& turn, const Vec3& by_m, double grip) {
  return world.ActionTowards({.position_m = turn.position_m + by_m, .rotation = turn.rotation}, grip);
}

}  // namespace

std::vector<Failure> Failures() {
  const auto half_way = [](const World& world) { return world.ObjectPose(kNut).position_m[0] > 0; };
  return {
      {"never-reached", "safe-handle", "", Always,
       [](const World& world, const Pose&, int64_t) { return world.IdleAction(); }},
      {"collision", "safe-handle", "", Always,
       [](const World& world, const Pose& turn, int64_t) { return Beside(world, turn, {0, 0, -0.5}, 1); }},
      {"timeout", "safe-handle", "grasp", Always,
       [](const World& world, const Pose&, int64_t) { return world.ActionTowards(world.HandPose(), -1); }},
      {"missed-grasp", "safe-handle", "grasp", Always,
       [](const World& world, const Pose& turn, int64_t steps) {
         return Beside(world, turn, {0, 0, 0.06}, steps > 40 ? 1 : -1);
       }},
      {"dropped", "safe-handle", "carry", half_way,
       [](const World& world, const Pose& turn, int64_t) { return Beside(world, turn, {0, 0, 0}, -1); }},
      {"misaligned", "safe-handle", "insert", Always,
       [](const World& world, const Pose& turn, int64_t) { return Beside(world, turn, {-0.02, 0, 0}, 1); }},
  };
}

FailedRun Fail(World& world, const Failure& failure, uint64_t seed, const std::function<void()>& look) {
  world.Reset(seed);
  const auto expert = world.task().NewExpert(failure.strategy);
  expert->Reset(world, RandomStream(seed, world.task().facts().name).Split("expert"));
  look();
  std::vector<double> action = expert->Act(world);
  const auto its_turn = [&] {
    return (failure.stage.empty() || expert->stage() == failure.stage) && failure.ready(world);
  };
  while (!world.over() && !its_turn()) {
    world.Step(action);
    look();
    action = expert->Act(world);
  }
  FailedRun run{.label = "", .turn_step = world.step()};
  const Pose turn = world.HandPose();
  while (!world.over()) {
    world.Step(failure.act(world, turn, world.step() - run.turn_step));
    look();
  }
  run.label = world.success() ? "none" : world.judge().FailureLabel();
  return run;
}

}  // namespace heddle::sim

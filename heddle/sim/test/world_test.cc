#include "heddle/sim/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "heddle/core/error.h"
#include "heddle/sim/scene.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {
namespace {

using testing::HasSubstr;

// All states of an episode of the expert.
std::vector<std::vector<double>> StatesOf(World& world, uint64_t seed, const std::string& strategy, int64_t steps) {
  world.Reset(seed);
  const auto expert = world.task().NewExpert(strategy);
  expert->Reset(world, RandomStream(seed, "expert"));
  std::vector<std::vector<double>> states = {world.PhysicsState()};
  while (!world.over() && world.step() < steps) {
    world.Step(expert->Act(world));
    states.push_back(world.PhysicsState());
  }
  return states;
}

TEST(World, ExpertPutsTheNutOnItsPeg) {
  const WorldKind kind = WorldKind::Of({});
  World world = kind.NewWorld();
  for (const std::string strategy : {"safe-handle", "fast-rim"}) {
    world.Reset(3);
    const auto expert = kind.task->NewExpert(strategy);
    expert->Reset(world, RandomStream(3, "expert"));
    while (!world.over() && !expert->finished()) world.Step(expert->Act(world));
    EXPECT_TRUE(world.success()) << strategy << ": " << world.judge().FailureLabel();
    EXPECT_TRUE(world.success_any());
  }
}

TEST(World, AnEpisodeIsAFunctionOfItsSeedWhateverCameBefore) {
  const WorldKind kind = WorldKind::Of({.gap = "physics+perception"});
  World fresh = kind.NewWorld(), used = kind.NewWorld();
  StatesOf(used, 17, "fast-handle", 60);
  EXPECT_EQ(StatesOf(fresh, 5, "fast-rim", 80), StatesOf(used, 5, "fast-rim", 80));
}

TEST(World, WorldsOnSeveralThreadsGiveTheSameStates) {
  const WorldKind kind = WorldKind::Of({});
  World alone = kind.NewWorld();
  const auto expected = StatesOf(alone, 8, "safe-rim", 80);
  std::vector<std::vector<std::vector<double>>> states(3);
  {
    std::vector<std::jthread> threads;
    for (size_t i = 0; i < states.size(); ++i) {
      threads.emplace_back([&, i] {
        World world = kind.NewWorld();
        StatesOf(world, i, "fast-handle", 10);
        states[i] = StatesOf(world, 8, "safe-rim", 80);
      });
    }
  }
  for (const auto& state : states) EXPECT_EQ(state, expected);
}

TEST(World, WhereThingsStartIsTheSameUnderEveryGap) {
  const WorldKind none = WorldKind::Of({}), gap = WorldKind::Of({.gap = "visual+physics+perception"});
  World a = none.NewWorld(), b = gap.NewWorld();
  for (uint64_t seed = 0; seed < 5; ++seed) {
    a.Reset(seed);
    b.Reset(seed);
    EXPECT_EQ(std::vector<double>(a.data().qpos, a.data().qpos + a.model().nq),
              std::vector<double>(b.data().qpos, b.data().qpos + b.model().nq));
  }
}

TEST(World, ResetsStayInTheirRangesAndDiffer) {
  const WorldKind kind = WorldKind::Of({.settings = {"nuts=both"}});
  World world = kind.NewWorld();
  double lowest_yaw = 10, highest_yaw = -10;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    world.Reset(seed);
    const Pose square = world.ObjectPose("square_nut"), round = world.ObjectPose("round_nut");
    EXPECT_GE(square.position_m[0], -0.115);
    EXPECT_LE(square.position_m[0], -0.11);
    EXPECT_GE(square.position_m[1], 0.11);
    EXPECT_LE(square.position_m[1], 0.225);
    EXPECT_GE(round.position_m[1], -0.225);
    EXPECT_LE(round.position_m[1], -0.11);
    lowest_yaw = std::min(lowest_yaw, YawOf(square.rotation));
    highest_yaw = std::max(highest_yaw, YawOf(square.rotation));
  }
  EXPECT_LT(lowest_yaw, -2.8);
  EXPECT_GT(highest_yaw, 2.8);
}

TEST(World, PerceptionChangesWhatIsReadAndNotWhatIs) {
  const WorldKind none = WorldKind::Of({}), gap = WorldKind::Of({.gap = "perception"});
  World a = none.NewWorld(), b = gap.NewWorld();
  a.Reset(1);
  b.Reset(1);
  EXPECT_EQ(a.ObjectPose("square_nut").position_m, b.ObjectPose("square_nut").position_m);
  EXPECT_EQ(a.observation().state, b.observation().state);
  const double off = std::hypot(a.observation().environment[0] - b.observation().environment[0],
                                a.observation().environment[1] - b.observation().environment[1]);
  EXPECT_GT(off, 0.002);
  EXPECT_LT(off, 0.04);
}

TEST(World, DelayedActionsTakeEffectLater) {
  const WorldKind kind = WorldKind::Of({.gap = "physics.delay"});
  World world = kind.NewWorld();
  ASSERT_EQ(world.gap().physics.action_delay, 2);
  const double start = world.HandPose().position_m[2];
  const std::vector<double> up = {0, 0, 1, 0, 0, 0, 0};
  world.Step(up);
  world.Step(up);
  EXPECT_NEAR(world.HandPose().position_m[2], start, 0.002);
  for (int i = 0; i < 4; ++i) world.Step(up);
  EXPECT_GT(world.HandPose().position_m[2], start + 0.01);
}

TEST(World, HeavierLargerSlipperierObjectsAreInTheModel) {
  const WorldKind none = WorldKind::Of({}), gap = WorldKind::Of({.gap = "physics.mass+physics.size+physics.friction"});
  const World a = none.NewWorld(), b = gap.NewWorld();
  const int nut = IdOf(a.model(), mjOBJ_BODY, "square_nut");
  EXPECT_NEAR(b.model().body_mass[nut], a.model().body_mass[nut] * 2 * std::pow(1.08, 3), 1e-9);
  const int geom = a.model().body_geomadr[nut];
  EXPECT_NEAR(b.model().geom_size[3 * geom], a.model().geom_size[3 * geom] * 1.08, 1e-12);
  EXPECT_NEAR(b.model().geom_friction[3 * geom], a.model().geom_friction[3 * geom] * 0.5, 1e-12);
}

TEST(World, AbsoluteActionsReachTheirPose) {
  const WorldKind kind = WorldKind::Of({.mode = ActionMode::kAbsolute});
  World world = kind.NewWorld();
  Pose target = world.HandPose();
  target.position_m[0] += 0.08;
  target.position_m[2] -= 0.05;
  target.rotation = AboutZ(0.4) * target.rotation;
  const Pose goal = Inverse(world.BasePose()) * target;
  const Vec3 turn = RotationVector(goal.rotation);
  const std::vector<double> action = {
      goal.position_m[0], goal.position_m[1], goal.position_m[2], turn[0], turn[1], turn[2], 0};
  for (int i = 0; i < 60; ++i) world.Step(action);
  EXPECT_LT(Norm(world.HandPose().position_m - target.position_m), 0.004);
  EXPECT_LT(Norm(RotationVector(world.HandPose().rotation * Inverse(target.rotation))), 0.03);
}

TEST(World, TouchIsFeltWhenTheHandHoldsTheNut) {
  const WorldKind kind = WorldKind::Of({});
  World world = kind.NewWorld();
  world.Reset(2);
  for (const double value : world.observation().tactile) EXPECT_EQ(value, 0);
  const auto expert = kind.task->NewExpert("safe-handle");
  expert->Reset(world, RandomStream(2, "expert"));
  while (!world.over() && (world.step() == 0 || expert->stage() != "carry")) world.Step(expert->Act(world));
  const std::vector<double>& touch = world.observation().tactile;
  EXPECT_GT(std::abs(touch[0]), 2) << "N on the left finger, along the opening";
  EXPECT_NEAR(touch[0], -touch[4], 0.3 * std::abs(touch[0])) << "the fingers press against each other";
  EXPECT_GT(touch[3], 0);
  EXPECT_GT(touch[7], 0);
}

TEST(World, AnActionOfAnotherLengthIsRefused) {
  const WorldKind kind = WorldKind::Of({});
  World world = kind.NewWorld();
  try {
    world.Step(std::vector<double>(6));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("an action has 6 values, not 7"));
  }
}

TEST(WorldSpec, UnknownTasksOptionsAndModesAreNamedWithTheNearest) {
  const auto message = [](const WorldSpec& spec) -> std::string {
    try {
      WorldKind::Of(spec);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(message({.task = "nut_asembly"}), HasSubstr("did you mean 'nut_assembly'?"));
  EXPECT_THAT(message({.settings = {"nuts=squar"}}), HasSubstr("square"));
  EXPECT_THAT(message({.settings = {"nut=square"}}), HasSubstr("did you mean 'nuts'?"));
  EXPECT_THROW(ModeFromName("relative"), Error);
}

}  // namespace
}  // namespace heddle::sim

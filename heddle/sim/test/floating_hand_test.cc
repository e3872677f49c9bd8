#include "heddle/sim/floating_hand.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <span>

#include "heddle/sim/scene.h"
#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {
namespace {

using ::testing::ElementsAre;

constexpr size_t kThumb = 0, kIndex = 4, kMiddle = 8;  // in the tactile values

class FloatingHand : public ::testing::Test {
 protected:
  World NewWorld(ActionMode mode = ActionMode::kAbsolute, const std::string& gap = "embodiment") const {
    return World(*task_, ParseGap(gap).gap, mode);
  }

  std::unique_ptr<Expert> NewExpert(const World& world, const std::string& strategy) const {
    auto expert = task_->NewExpert(strategy);
    expert->Reset(world, RandomStream(world.seed(), "expert"));
    return expert;
  }

  std::unique_ptr<Task> task_ = MakeTask("nut_assembly");
};

// Over the far right of the table, turned and tilted.
Pose SomePose() {
  return {.position_m = {0.1, -0.2, 1.0}, .rotation = FromRotationVector({0.2, -0.1, 0.8}) * Quat{0, 1, 0, 0}};
}

double Away(const Pose& a, const Pose& b) { return Norm(a.position_m - b.position_m); }
double Turned(const Pose& a, const Pose& b) { return Norm(RotationVector(a.rotation * Inverse(b.rotation))); }

void Repeat(World& world, const std::vector<double>& action, int steps) {
  for (int step = 0; step < steps; ++step) world.Step(action);
}

// Where the wrist is, as an absolute action.
std::vector<double> Here(const World& world, double thumb, double fingers) {
  std::vector<double> action = world.observation().state;
  action[9] = thumb, action[10] = fingers;
  return action;
}

TEST_F(FloatingHand, ReachesACommandedPoseAndHoldsIt) {
  for (const ActionMode mode : {ActionMode::kAbsolute, ActionMode::kDelta}) {
    World world = NewWorld(mode);
    for (int step = 0; step < 60; ++step) world.Step(world.ActionTowards(SomePose(), 0));
    EXPECT_LT(Away(world.HandPose(), SomePose()), 1e-3) << ModeName(mode);
    EXPECT_LT(Turned(world.HandPose(), SomePose()), 0.005) << ModeName(mode);
    Repeat(world, world.ActionTowards(SomePose(), 0), 5);
    for (int step = 0; step < 60; ++step) world.Step(world.IdleAction());
    EXPECT_LT(Away(world.HandPose(), SomePose()), 2e-3) << ModeName(mode);
    EXPECT_LT(Turned(world.HandPose(), SomePose()), 0.01) << ModeName(mode);
  }
}

TEST_F(FloatingHand, MovesAlikeInBothModes) {
  World absolute = NewWorld(ActionMode::kAbsolute), delta = NewWorld(ActionMode::kDelta);
  for (int step = 0; step < 40; ++step) {
    absolute.Step(absolute.ActionTowards(SomePose(), step < 20 ? 1 : -1));
    delta.Step(delta.ActionTowards(SomePose(), step < 20 ? 1 : -1));
    ASSERT_LT(Away(absolute.HandPose(), delta.HandPose()), 1e-6);
    ASSERT_LT(Turned(absolute.HandPose(), delta.HandPose()), 1e-6);
    ASSERT_NEAR(absolute.GripOpening(), delta.GripOpening(), 1e-6);
  }
}

TEST_F(FloatingHand, ClipsWhatIsBeyondItsRange) {
  for (const ActionMode mode : {ActionMode::kAbsolute, ActionMode::kDelta}) {
    World wild = NewWorld(mode), tame = NewWorld(mode);
    std::vector<double> action = wild.IdleAction();
    action[0] = 1e6;
    action[action.size() - 2] = 7, action[action.size() - 1] = -3;
    Repeat(wild, action, 3);
    action[0] = tame.actions().high[0];
    action[action.size() - 2] = 1, action[action.size() - 1] = 0;
    Repeat(tame, action, 3);
    EXPECT_EQ(wild.PhysicsState(), tame.PhysicsState()) << ModeName(mode);
  }
}

TEST_F(FloatingHand, KeepsItsTurnWhereTwoColumnsSpanNoPlane) {
  World world = NewWorld();
  const Pose before = world.HandPose();
  std::vector<double> action = Here(world, 0, 0);
  std::fill(action.begin() + 3, action.begin() + 9, 0.0);
  Repeat(world, action, 10);
  EXPECT_LT(Turned(world.HandPose(), before), 1e-3);
}

TEST_F(FloatingHand, TakesColumnsOfAnyLength) {
  World plain = NewWorld(), long_columns = NewWorld();
  std::vector<double> action = plain.ActionTowards(SomePose(), 0);
  Repeat(plain, action, 10);
  for (size_t i = 3; i < 6; ++i) action[i] *= 0.5;
  for (size_t i = 6; i < 9; ++i) action[i] = 0.9 * action[i] + 0.1 * action[i - 3];
  Repeat(long_columns, action, 10);
  EXPECT_LT(Turned(plain.HandPose(), long_columns.HandPose()), 1e-6);
}

TEST_F(FloatingHand, StateIsTheWristsPoseAndTheClosures) {
  World world = NewWorld();
  const std::vector<double>& state = world.observation().state;
  ASSERT_EQ(state.size(), world.embodiment().facts().state_names.size());
  EXPECT_EQ(world.embodiment().facts().state_names, world.actions().names);
  const Pose wrist = world.BasePose();
  for (size_t axis = 0; axis < 3; ++axis) EXPECT_EQ(state[axis], wrist.position_m[axis]);
  const Vec3 x = Rotate(wrist.rotation, {1, 0, 0}), y = Rotate(wrist.rotation, {0, 1, 0});
  for (size_t axis = 0; axis < 3; ++axis) {
    EXPECT_NEAR(state[3 + axis], x[axis], 1e-12);
    EXPECT_NEAR(state[6 + axis], y[axis], 1e-12);
  }
  EXPECT_NEAR(state[9], 0, 1e-9);
  EXPECT_NEAR(state[10], 0, 1e-9);
}

TEST_F(FloatingHand, ThumbAndFingersCloseEachByItself) {
  World world = NewWorld();
  const double widest_m = world.embodiment().facts().widest_grip_m;
  EXPECT_NEAR(world.GripOpening(), widest_m, 0.001);
  Repeat(world, Here(world, 1, 0), 20);
  EXPECT_NEAR(world.observation().state[9], 1, 0.02);
  EXPECT_NEAR(world.observation().state[10], 0, 0.02);
  EXPECT_NEAR(world.GripOpening(), widest_m / 2, 0.002);
  Repeat(world, Here(world, 1, 1), 20);
  EXPECT_NEAR(world.observation().state[10], 1, 0.02);
  EXPECT_NEAR(world.GripOpening(), 0, 0.002);
}

TEST_F(FloatingHand, NeverTouchesItself) {
  World world = NewWorld();
  for (int step = 0; step < 20; ++step) {
    world.Step(Here(world, 1, 1));
    for (const double value : world.observation().tactile) ASSERT_EQ(value, 0);
  }
}

TEST_F(FloatingHand, PushesTheTableNoHarderThanAnArmWould) {
  World world = NewWorld();
  std::vector<double> down = Here(world, 1, 1);
  down[2] = 0.5;
  double hardest_n = 0;
  for (int step = 0; step < 80; ++step) {
    world.Step(down);
    const auto& felt = world.observation().tactile;
    if (step >= 60) hardest_n = std::max(hardest_n, std::abs(felt[kThumb + 2] + felt[kIndex + 2] + felt[kMiddle + 2]));
  }
  EXPECT_GT(hardest_n, 5);
  EXPECT_LT(hardest_n, 50);
}

TEST_F(FloatingHand, ClosingOnANutIsFeltByAllFingers) {
  World world = NewWorld();
  const auto expert = NewExpert(world, "safe-handle");
  std::vector<double> felt;
  while (!world.over() && expert->stage() != "carry") {
    felt = world.observation().tactile;
    world.Step(expert->Act(world));
  }
  ASSERT_EQ(expert->stage(), "carry");
  EXPECT_GT(felt[kThumb], 1) << "is pushed away from the fingers";
  EXPECT_LT(felt[kIndex], -1);
  EXPECT_LT(felt[kMiddle], -1);
  EXPECT_NEAR(felt[kThumb] + felt[kIndex] + felt[kMiddle], 0, 0.5);
}

TEST_F(FloatingHand, ExpertPutsNutsOnTheirPegs) {
  World world = NewWorld();
  for (const std::string& strategy : task_->facts().strategies) {
    for (const uint64_t seed : {3, 4}) {
      world.Reset(seed);
      const auto expert = NewExpert(world, strategy);
      while (!world.over() && !expert->finished()) world.Step(expert->Act(world));
      EXPECT_TRUE(world.success()) << strategy << ", seed " << seed;
    }
  }
}

TEST_F(FloatingHand, FindsTheSameObjectsAsTheArm) {
  World arm = NewWorld(ActionMode::kDelta, "none"), hand = NewWorld();
  for (const uint64_t seed : {1, 2}) {
    arm.Reset(seed);
    hand.Reset(seed);
    EXPECT_EQ(arm.observation().environment, hand.observation().environment);
    EXPECT_LT(Away(arm.HandPose(), hand.HandPose()), 0.15);
  }
}

TEST_F(FloatingHand, EpisodesLeaveNothingBehind) {
  World fresh = NewWorld(), used = NewWorld();
  Repeat(used, used.ActionTowards(SomePose(), 1), 30);
  fresh.Reset(7);
  used.Reset(7);
  for (int step = 0; step < 30; ++step) {
    fresh.Step(fresh.ActionTowards(SomePose(), 1));
    used.Step(used.ActionTowards(SomePose(), 1));
  }
  EXPECT_EQ(fresh.PhysicsState(), used.PhysicsState());
}

TEST_F(FloatingHand, FeelsAGapOfPhysics) {
  const World plain = NewWorld(), other = NewWorld(ActionMode::kAbsolute, "embodiment+physics");
  const int thumb = IdOf(plain.model(), mjOBJ_ACTUATOR, "thumb");
  EXPECT_NEAR(other.model().actuator_forcerange[2 * thumb + 1], 0.6 * plain.model().actuator_forcerange[2 * thumb + 1],
              1e-12);
  const int wrist = plain.model().jnt_dofadr[IdOf(plain.model(), mjOBJ_JOINT, "wrist_x")];
  EXPECT_NEAR(other.model().dof_damping[wrist], 4 * plain.model().dof_damping[wrist], 1e-12);
  const int tip = IdOf(plain.model(), mjOBJ_GEOM, "thumb_tip");
  EXPECT_NEAR(other.model().geom_friction[3 * tip], 0.5 * plain.model().geom_friction[3 * tip], 1e-12);
}

TEST_F(FloatingHand, TouchesLargerNutsAtTheirSurface) {
  World world = NewWorld(ActionMode::kAbsolute, "embodiment+physics.size");
  const auto expert = NewExpert(world, "safe-rim");
  const int nut = IdOf(world.model(), mjOBJ_BODY, "square_nut");
  const int thumb = IdOf(world.model(), mjOBJ_BODY, "thumb"), middle = IdOf(world.model(), mjOBJ_BODY, "middle");
  int touches = 0;
  while (!world.over() && expert->stage() != "carry") {
    world.Step(expert->Act(world));
    for (const mjContact& contact : std::span(world.data().contact, static_cast<size_t>(world.data().ncon))) {
      const int hand = world.model().geom_bodyid[contact.geom[0]], other = world.model().geom_bodyid[contact.geom[1]];
      if (hand < thumb || hand > middle || other != nut) continue;
      ++touches;
      ASSERT_GT(contact.dist, -0.002) << "step " << world.step();
    }
  }
  EXPECT_GT(touches, 100);
}

TEST_F(FloatingHand, IsToldWhereToGoUnlessAskedOtherwise) {
  EXPECT_EQ(WorldKind::Of({.gap = "embodiment"}).mode, ActionMode::kAbsolute);
  EXPECT_EQ(WorldKind::Of({.gap = "embodiment", .mode = ActionMode::kDelta}).mode, ActionMode::kDelta);
  EXPECT_EQ(WorldKind::Of({}).mode, ActionMode::kDelta);
}

TEST_F(FloatingHand, IsSeenFromAHeadsPlace) {
  EXPECT_THAT(WorldKind::Of({.gap = "embodiment"}).DefaultCameras(), ElementsAre("agentview", "ego"));
  EXPECT_THAT(WorldKind::Of({}).DefaultCameras(), ElementsAre("agentview", "eye_in_hand"));
  World world = NewWorld();
  const int camera = IdOf(world.model(), mjOBJ_CAMERA, "ego");
  const std::vector<double> before(world.data().cam_xpos + 3 * camera, world.data().cam_xpos + 3 * camera + 3);
  Repeat(world, world.ActionTowards(SomePose(), 0), 10);
  EXPECT_THAT(before, ::testing::ElementsAreArray(world.data().cam_xpos + 3 * camera, 3));
}

}  // namespace
}  // namespace heddle::sim

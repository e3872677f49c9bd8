// Each failure label of nut_assembly, by an episode that is built to produce it.
#include <gtest/gtest.h>

#include <functional>

#include "heddle/sim/task_list.h"
#include "heddle/sim/world.h"

namespace heddle::sim {
namespace {

constexpr uint64_t kSeed = 4;

// The expert of a strategy until `until` says so, then `after` to the horizon.
struct Script {
  std::function<bool(const World&, const Expert&)> until;
  std::function<std::vector<double>(const World&)> after;
};

class FailureLabels : public testing::Test {
 protected:
  std::string LabelOf(const Script& script) {
    world_.Reset(kSeed);
    const auto expert = task_->NewExpert("safe-handle");
    expert->Reset(world_, RandomStream(kSeed, "expert"));
    std::vector<double> action = expert->Act(world_);
    while (!world_.over() && !script.until(world_, *expert)) {
      world_.Step(action);
      action = expert->Act(world_);
    }
    EXPECT_LT(world_.step(), 399) << "the script's turn never came";
    turn_ = world_.HandPose();
    while (!world_.over()) world_.Step(script.after(world_));
    EXPECT_FALSE(world_.success()) << Norm(world_.HandPose().position_m - world_.ObjectPose("square_nut").position_m)
                                   << " m from hand to nut after " << world_.step() << " steps";
    return world_.judge().FailureLabel();
  }

  static bool AtOnce(const World&, const Expert&) { return true; }
  static std::vector<double> Stay(const World& world) { return world.IdleAction(); }

  std::unique_ptr<Task> task_ = MakeTask("nut_assembly");
  World world_{*task_, {}, ActionMode::kDelta};
  Pose turn_;  // of the hand when the script's turn came
};

TEST_F(FailureLabels, NeverReachedIsAHandThatStaysAway) {
  EXPECT_EQ(LabelOf({.until = AtOnce, .after = Stay}), "never-reached");
}

TEST_F(FailureLabels, CollisionIsAHandRammedIntoTheTable) {
  EXPECT_EQ(LabelOf({.until = AtOnce,
                     .after =
                         [this](const World& world) {
                           Pose below = turn_;
                           below.position_m[2] = 0.6;
                           return world.ActionTowards(below, 1);
                         }}),
            "collision");
}

TEST_F(FailureLabels, TimeoutIsAHandThatHoversOverTheNut) {
  EXPECT_EQ(LabelOf({.until = [](const World&, const Expert& expert) { return expert.stage() == "grasp"; },
                     .after = [](const World& world) { return world.ActionTowards(world.HandPose(), -1); }}),
            "timeout");
}

TEST_F(FailureLabels, MissedGraspIsAHandThatClosesBesideTheNut) {
  EXPECT_EQ(LabelOf({.until = [](const World&, const Expert& expert) { return expert.stage() == "grasp"; },
                     .after =
                         [this](const World& world) {
                           Pose beside = turn_;
                           beside.position_m[2] += 0.06;
                           return world.ActionTowards(beside, world.step() > 250 ? 1 : -1);
                         }}),
            "missed-grasp");
}

TEST_F(FailureLabels, DroppedIsANutLetGoOnTheWay) {
  EXPECT_EQ(LabelOf({.until =
                         [](const World& world, const Expert& expert) {
                           return expert.stage() == "carry" && world.ObjectPose("square_nut").position_m[0] > 0;
                         },
                     .after = [this](const World& world) { return world.ActionTowards(turn_, -1); }}),
            "dropped");
}

TEST_F(FailureLabels, MisalignedIsANutHeldBesideItsPeg) {
  EXPECT_EQ(LabelOf({.until = [](const World&, const Expert& expert) { return expert.stage() == "insert"; },
                     .after =
                         [this](const World& world) {
                           Pose beside = turn_;
                           beside.position_m[0] -= 0.02;
                           return world.ActionTowards(beside, 1);
                         }}),
            "misaligned");
}

TEST_F(FailureLabels, AllLabelsOfTheTaskAreProducedHere) {
  EXPECT_EQ(task_->facts().failure_labels, (std::vector<std::string>{"collision", "never-reached", "missed-grasp",
                                                                     "dropped", "misaligned", "timeout"}));
}

}  // namespace
}  // namespace heddle::sim

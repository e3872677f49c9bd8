#include "heddle/sim/tasks/nut_assembly/hand_motion.h"

#include <algorithm>
#include <cmath>

namespace heddle::sim::nut_assembly {
namespace {

// Moves that are told while others are under way add up: told late, they must be smaller, or the hand swings; a soft
// controller follows less of each.
double SteadyGain(const World& world) {
  if (world.mode() == ActionMode::kAbsolute) return 1;
  const PhysicsGap& physics = world.gap().physics;
  return 1 / (1 + 0.9 * static_cast<double>(physics.action_delay)) / std::sqrt(physics.controller_kp);
}

}  // namespace

HandMotion::HandMotion(const Variation& variation, const World& world)
    : step_m_(variation.step_m),
      careful_step_m_(variation.careful_step_m),
      turn_step_rad_(variation.turn_step_rad),
      gain_(std::min(variation.gain, SteadyGain(world))) {}

void HandMotion::Feel(const Pose& hand, const Pose& goal, bool careful) {
  Hurry(hand, goal, Longest(careful));
  Press(hand, goal);
  before_ = hand;
}

// Aims further ahead while it moves slower than it means to, as where a controller is soft or late.
void HandMotion::Hurry(const Pose& hand, const Pose& goal, double longest_m) {
  constexpr double kMeant = 0.25, kGrowth = 0.05, kMost = 2;  // of a step's length
  if (Norm(goal.position_m - hand.position_m) < 2 * longest_m) return;
  const bool slow = Norm(hand.position_m - before_.position_m) < kMeant * longest_m;
  haste_ = std::clamp(haste_ + (slow ? kGrowth : -kGrowth), 1.0, kMost);
}

// Presses harder while it stands still short of where it wants to be, as where joints stick.
void HandMotion::Press(const Pose& hand, const Pose& goal) {
  constexpr double kStill_m = 0.0003, kStill_rad = 0.002, kGrowth = 0.15, kMost_m = 0.04, kMost_rad = 0.4, kKept = 0.8;
  const Vec3 away = goal.position_m - hand.position_m;
  const Vec3 turn = RotationVector(goal.rotation * Inverse(hand.rotation));
  const bool still = Norm(hand.position_m - before_.position_m) < kStill_m;
  const bool unturned = Norm(RotationVector(hand.rotation * Inverse(before_.rotation))) < kStill_rad;
  press_m_ = Shortened(still ? press_m_ + kGrowth * away : kKept * press_m_, kMost_m);
  press_rad_ = Shortened(unturned ? press_rad_ + kGrowth * turn : kKept * press_rad_, kMost_rad);
}

Pose HandMotion::Step(const Pose& hand, const Pose& goal, bool careful) const {
  constexpr double kNear_m = 0.03, kNearGain = 0.6;
  const Vec3 away = goal.position_m - hand.position_m;
  const double gain = Norm(away) < kNear_m ? std::min(gain_, kNearGain) : gain_;
  const Vec3 step = Shortened(gain * away + press_m_, haste_ * Longest(careful));
  const Vec3 turn =
      Shortened(gain_ * RotationVector(goal.rotation * Inverse(hand.rotation)) + press_rad_, turn_step_rad_);
  return {.position_m = hand.position_m + step, .rotation = FromRotationVector(turn) * hand.rotation};
}

}  // namespace heddle::sim::nut_assembly

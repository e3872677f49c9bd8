// How a hand goes its way, one control step at a time: no faster than its pace, slower in the last centimetres, and
// with a feeling for what the controller makes of it.
#pragma once

#include "heddle/sim/pose.h"
#include "heddle/sim/tasks/nut_assembly/variation.h"
#include "heddle/sim/world.h"

namespace heddle::sim::nut_assembly {

class HandMotion {
 public:
  HandMotion() = default;
  HandMotion(const Variation& variation, const World& world);

  // Once a step: where the hand has come to on its way to the goal.
  void Feel(const Pose& hand, const Pose& goal, bool careful);
  // Another goal, or another purpose: what stood in its way does no more.
  void PressNoMore() { press_m_ = press_rad_ = {}; }
  // Where to go now.
  Pose Step(const Pose& hand, const Pose& goal, bool careful) const;

 private:
  void Hurry(const Pose& hand, const Pose& goal, double longest_m);
  void Press(const Pose& hand, const Pose& goal);
  double Longest(bool careful) const { return careful ? careful_step_m_ : step_m_; }

  double step_m_ = 0, careful_step_m_ = 0, turn_step_rad_ = 0, gain_ = 0;
  double haste_ = 1;
  Vec3 press_m_{}, press_rad_{};
  Pose before_;
};

}  // namespace heddle::sim::nut_assembly

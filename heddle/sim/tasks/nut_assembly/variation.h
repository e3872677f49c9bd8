// What makes one demonstration differ from the next, as a person's do.
#pragma once

#include <cstdint>

#include "heddle/core/random.h"
#include "heddle/sim/pose.h"

namespace heddle::sim::nut_assembly {

enum class Pace { kSafe, kFast };
enum class Grasp { kHandle, kRim };

// Something that goes wrong once, and is mended.
enum class Mishap { kNone, kPush, kMiss, kDrop };

// Drawn once an episode. Steps are control steps; lengths in metres.
struct Variation {
  double step_m, careful_step_m, turn_step_rad, gain;  // of one action at most; share of the way to the goal
  double approach_m, carry_over_m, insert_m, retreat_m;
  double along_m;  // where along the handle or the wall it grasps
  double reach_tolerance_m, grasp_tolerance_m, align_tolerance_m;
  int64_t close_steps, open_steps, lower_steps, pause_steps;
  double arc;     // sideways share of the way
  double tremor;  // m
  Mishap mishap = Mishap::kNone;
  int64_t mishap_step = 0, push_steps = 0;
  Vec3 push_m{};

  static Variation Draw(Pace pace, RandomStream random);
};

// Slow noise of a hand: an Ornstein-Uhlenbeck process with a memory of half a second at 20 Hz.
class Tremor {
 public:
  Tremor(double deviation_m, RandomStream random) : deviation_m_(deviation_m), random_(random) {}
  Vec3 Next();

 private:
  double deviation_m_;
  RandomStream random_;
  Vec3 state_{};
};

}  // namespace heddle::sim::nut_assembly

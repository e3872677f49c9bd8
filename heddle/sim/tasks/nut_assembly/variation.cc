#include "heddle/sim/tasks/nut_assembly/variation.h"

#include <cmath>
#include <numbers>

namespace heddle::sim::nut_assembly {
namespace {

double Between(RandomStream& random, double low, double high) { return low + (high - low) * random.Uniform(); }

// A third of the episodes has a mishap.
Mishap DrawMishap(RandomStream& random) {
  switch (random.Below(9)) {
    case 0: return Mishap::kPush;
    case 1: return Mishap::kMiss;
    case 2: return Mishap::kDrop;
    default: return Mishap::kNone;
  }
}

}  // namespace

Variation Variation::Draw(Pace pace, RandomStream random) {
  const bool fast = pace == Pace::kFast;
  Variation v{};
  const double speed = Between(random, 0.85, 1.15);
  v.step_m = speed * (fast ? 0.045 : 0.032);
  v.careful_step_m = speed * (fast ? 0.025 : 0.016);
  v.turn_step_rad = speed * (fast ? 0.4 : 0.2);
  v.gain = fast ? 0.9 : 0.7;
  v.approach_m = Between(random, 0.04, 0.07) + (fast ? 0 : 0.03);
  v.carry_over_m = Between(random, 0.02, 0.035) + (fast ? 0 : 0.02);
  v.insert_m = fast ? Between(random, 0.005, 0.015) : Between(random, 0.03, 0.05);
  v.retreat_m = Between(random, 0.07, 0.12);
  v.along_m = Between(random, -0.006, 0.006);
  v.reach_tolerance_m = fast ? 0.015 : 0.01;
  v.grasp_tolerance_m = 0.004;
  v.align_tolerance_m = 0.0035;
  v.close_steps = static_cast<int64_t>(Between(random, 10, fast ? 12 : 16));
  v.open_steps = static_cast<int64_t>(Between(random, 4, fast ? 6 : 9));
  v.lower_steps = fast ? 40 : 80;
  v.pause_steps = static_cast<int64_t>(Between(random, 2, 6));
  v.arc = Between(random, -0.25, 0.25);
  v.tremor = 0.004;
  v.mishap = DrawMishap(random);
  v.mishap_step = static_cast<int64_t>(Between(random, 4, 14));
  v.push_steps = static_cast<int64_t>(Between(random, 4, 8));
  const double direction = Between(random, 0, 2 * std::numbers::pi);
  v.push_m = {0.15 * std::cos(direction), 0.15 * std::sin(direction), Between(random, 0, 0.05)};
  return v;
}

Vec3 Tremor::Next() {
  constexpr double kKept = 0.9;
  const double added = deviation_m_ * std::sqrt(1 - kKept * kKept);
  for (double& value : state_) value = kKept * value + added * random_.Normal();
  return state_;
}

}  // namespace heddle::sim::nut_assembly

#include "heddle/sim/tasks/nut_assembly/wrist.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace heddle::sim::nut_assembly {

Wrist::Wrist(const World& world) : base_m_(world.BasePose().position_m) {
  const EmbodimentFacts& facts = world.embodiment().facts();
  reach_m_ = facts.reach_m, turn_low_ = facts.turn_low_rad, turn_high_ = facts.turn_high_rad;
  home_bearing_ = Bearing(world.HandPose().position_m);
}

double Wrist::Bearing(const Vec3& at) const { return std::atan2(at[1] - base_m_[1], at[0] - base_m_[0]); }

double Wrist::Strain(double turn, const Vec3& at) const {
  constexpr double kPerRadianBeyond = 50;
  const double of_wrist = turn - WrapAngle(Bearing(at) - home_bearing_);
  return 0.2 * std::abs(turn) +
         kPerRadianBeyond * (std::max(0.0, of_wrist - turn_high_) + std::max(0.0, turn_low_ - of_wrist));
}

Turn Wrist::BestTurn(double hand_turn, double fitting, int n, const Vec3& place, const Vec3& from_thing) const {
  constexpr double kPerMetreBeyondReach = 100;
  Turn best;
  for (int choice = -n; choice <= n; ++choice) {
    const double turn = fitting + choice * 2 * std::numbers::pi / n;
    const Vec3 at = place + Rotate(AboutZ(turn), from_thing);
    const double cost = Strain(hand_turn + turn, at) + 0.3 * std::abs(turn) +
                        kPerMetreBeyondReach * std::max(0.0, HorizontalNorm(at - base_m_) - reach_m_);
    if (cost < best.cost) best = {.turn = turn, .cost = cost};
  }
  return best;
}

}  // namespace heddle::sim::nut_assembly

// How far a hand can turn and reach, and which way round it had best carry something.
#pragma once

#include "heddle/sim/pose.h"
#include "heddle/sim/world.h"

namespace heddle::sim::nut_assembly {

struct Turn {
  double turn = 0;    // rad
  double cost = 1e9;  // unbearable
};

class Wrist {
 public:
  Wrist() = default;
  explicit Wrist(const World& world);  // as the hand is now

  // Of a hand that is turned this far from where it began, at a place: part of the turn is the arm's own.
  double Strain(double turn, const Vec3& at) const;

  // The turn of something that the hand holds `from_thing` from its middle, and that is to be put to `place`: by
  // `fitting` and any number of n-ths of a circle; to where the hand, turned by `hand_turn` so far, is within reach and
  // its wrist is not twisted.
  Turn BestTurn(double hand_turn, double fitting, int n, const Vec3& place, const Vec3& from_thing) const;

 private:
  double Bearing(const Vec3& at) const;  // from the base

  Vec3 base_m_{};
  double home_bearing_ = 0, reach_m_ = 0, turn_low_ = 0, turn_high_ = 0;
};

}  // namespace heddle::sim::nut_assembly

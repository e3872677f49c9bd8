// What the fingers and the rest of a body touch.
#pragma once

#include <vector>

#include "heddle/sim/embodiment.h"
#include "heddle/sim/mujoco.h"

namespace heddle::sim {

class HandTouch {
 public:
  HandTouch(const mjModel& model, const EmbodimentFacts& body);

  // Fingers of both sides of the grip have a contact with the body.
  bool Grips(const mjModel& model, const mjData& data, int body) const;
  // N, of the embodiment, fingers and all, against what can't move: the table, a peg.
  double HardestPushAgainstFixtures(const mjModel& model, const mjData& data) const;
  // m, between the middles of the nearest two tips of opposite sides.
  double ClosestTips(const mjData& data) const;

 private:
  static constexpr int kWorld = -2, kBody = -1;  // else the finger's index
  std::vector<int> part_of_geom_;
  std::vector<int> tip_of_finger_, side_of_finger_;
};

}  // namespace heddle::sim

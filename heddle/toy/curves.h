// Curves over the signal level that need no net: when the two domains' noised actions can be told apart, and whose
// weight counts at the target's own points.
#pragma once

#include <string>
#include <vector>

#include "heddle/toy/sweep.h"

namespace heddle::toy {

struct NamedCurve {
  std::string name;
  std::vector<double> values;
};
struct RatioCurve {
  double w = 0;
  std::vector<double> values;
};

// Mean Bhattacharyya overlap of the noised actions over the target's samples: of the target's and the source's action
// at the same input, of a target sample and its nearest neighbour in the target, and of a source sample and its nearest
// in the source.
std::vector<NamedCurve> OverlapCurves(const Sweep& sweep, const std::vector<double>& signals);

// The target's share of the importance weights, mean over the target's samples, noised, in the row of least Δz: one
// curve a w.
std::vector<RatioCurve> TargetShareCurves(const Sweep& sweep, const std::vector<double>& signals);

}  // namespace heddle::toy

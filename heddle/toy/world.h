// The two domains of the toy model (after the paper's R^3 -> R^2).
//
// Inputs are points (x, y) of the unit square at a height z: 0 for the source, Δz for the target, fed to the net as
// they are (standardising z would make Δz meaningless). With θ = 3πx and r = 0.2 + 0.7x + 0.2(y - 0.5) the outputs are
//
//   source   s(x, y) = 3r (cos θ, sin θ)
//   target   t(x, y) = R(45°) s(x, y) + (3, 1.5)
//
// The source is sampled on the whole square, the target on its covered part x <= c only; beyond it is out of
// distribution (OOD) for the target, and only the source can say what the shape of the spiral is there. s and t differ
// by at least 1 at every input, so that a sample can always be told to follow the one or the other.
#pragma once

#include <array>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/toy/options.h"

namespace heddle::toy {

std::array<double, 2> SourceOutput(double x, double y);
std::array<double, 2> TargetOutput(double x, double y);

// Inputs and outputs, two floats a sample each.
struct Points {
  std::vector<float> xy, out;
  int size() const { return static_cast<int>(xy.size() / 2); }
};

struct World {
  Points source, target;
};

// Draws both domains; `source` and `target` say how many.
World DrawWorld(std::int64_t source, std::int64_t target, double covered, const RandomStream& random);

// side x side points of the target plane, at the middles of equal squares; x runs fastest.
struct EvaluationGrid {
  int side = 0;
  std::vector<float> xy;            // 2 a point
  std::vector<float> truth;         // the target's output there
  std::vector<float> source_truth;  // the source's
  std::vector<bool> covered;
  int size() const { return side * side; }
};
EvaluationGrid MakeGrid(const ToyOptions& options);

}  // namespace heddle::toy

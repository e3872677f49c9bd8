// Trained net against analytic optimum: does the theory describe what training does?
//
// Gaussian noise of width h on the inputs makes the kernel exactly Gaussian(h), so the optimum s*_w of a training set
// is known in closed form. A net is trained on a small set (otherwise like the sweep's), one for each regime and seed,
// and its score is compared with s*_w at inputs and noised outputs drawn as in training:
//
//   error(t) = E ‖ŝ - s*_w‖² / E ‖s*_w‖²
//
// Nearer to the data the optimum becomes a staircase of nearest samples, which a net smooths: there the error grows,
// and that smoothing is how a net generalises.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/toy/options.h"

namespace heddle::toy {

struct MatchCase {
  std::string regime;
  double delta_z = 0, w = 0;
};
// One case for each regime, relative to the width h: planes that coincide, that the kernel bridges, that it does not.
std::vector<MatchCase> MatchCases(const ToyOptions& options);

struct MatchCurve {
  MatchCase of;
  std::vector<std::vector<double>> error;  // [level][seed]
};
struct Match {
  double width = 0;
  std::vector<double> signal;  // ᾱ_t of each level, ascending
  std::vector<MatchCurve> curves;
};

// Cases x seeds nets. `done` is called after each. Nothing is returned if `stop` cut it short: curves is then empty.
Match RunMatch(const ToyOptions& options, const ThreadBudget& budget, const StopFlag* stop,
               const std::function<void()>& done);

}  // namespace heddle::toy

#include "heddle/theory/ddim.h"

#include <cmath>

#include "heddle/core/error.h"

namespace heddle::theory {

StepCoefficients DdimStep(const NoiseLevel& from, const NoiseLevel& to) {
  if (!(from.alpha > 0)) {
    ThrowUsage("a DDIM step starts from a level without signal", "", "give the noise path a floor, such as 1e-4");
  }
  const double keep = to.alpha / from.alpha;
  return {keep, to.sigma - from.sigma * keep};
}

StepCoefficients FlowEulerStep(const NoiseLevel& from, const NoiseLevel& to) {
  for (const NoiseLevel& level : {from, to}) {
    if (!(std::abs(level.alpha + level.sigma - 1) < 1e-12)) {
      ThrowUsage("a flow step is between levels of the linear path, where alpha + sigma = 1");
    }
  }
  return {1, to.alpha - from.alpha};
}

}  // namespace heddle::theory

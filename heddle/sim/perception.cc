#include "heddle/sim/perception.h"

#include <cmath>
#include <numbers>

namespace heddle::sim {
namespace {

constexpr double kWaveLength_m = 0.5;
constexpr double kRadiansPerDegree = std::numbers::pi / 180;

}  // namespace

Pose Perceive(const Pose& truth, const PerceptionGap& gap, RandomStream& noise) {
  const double wave = 2 * std::numbers::pi / kWaveLength_m;
  const Vec3& p = truth.position_m;
  const Vec3 error = {gap.bias_m * std::sin(wave * p[1] + 0.7) + gap.noise_m * noise.Normal(),
                      gap.bias_m * std::cos(wave * p[0] - 0.4) + gap.noise_m * noise.Normal(),
                      gap.noise_m * noise.Normal()};
  const double turn =
      kRadiansPerDegree * (gap.bias_deg * std::sin(YawOf(truth.rotation) + 1.1) + gap.noise_deg * noise.Normal());
  return {.position_m = p + error, .rotation = AboutZ(turn) * truth.rotation};
}

}  // namespace heddle::sim

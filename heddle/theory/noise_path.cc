#include "heddle/theory/noise_path.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

// Also refuses NaN.
void RequireIn(double value, double low, double high, const char* name) {
  if (value >= low && value <= high) return;
  ThrowUsage(std::string(name) + " is " + std::to_string(value) + ", outside [" + std::to_string(low) + ", " +
             std::to_string(high) + "]");
}

void RequireSteps(int64_t steps) {
  if (steps < 1) ThrowUsage("a noise path has " + std::to_string(steps) + " steps", "", "at least 1 is needed");
}

// f(u)/f(0) of the cosine path, 1 at u = 0 and 0 at u = 1.
double CosineSignal(double u, double s) {
  const auto f = [s](double v) {
    const double c = std::cos((v + s) / (1 + s) * std::numbers::pi / 2);
    return c * c;
  };
  return u >= 1 ? 0 : f(u) / f(0);
}

}  // namespace

NoiseLevel LevelOfSignal(double signal) {
  RequireIn(signal, 0, 1, "the signal level");
  return {std::sqrt(signal), std::sqrt(1 - signal)};
}

NoiseLevel CosineLevel(double u, double s, double floor) {
  RequireIn(u, 0, 1, "the diffusion time u");
  RequireIn(s, 0, 1, "the cosine path's s");
  RequireIn(floor, 0, 1, "the floor of the signal level");
  return LevelOfSignal(std::max(CosineSignal(u, s), floor));
}

NoiseLevel LinearBetaLevel(double u, double beta_0, double beta_1) {
  RequireIn(u, 0, 1, "the diffusion time u");
  if (!(beta_0 >= 0 && beta_1 >= 0)) ThrowUsage("a linear noise path has a negative beta");
  const double exponent = -beta_0 * u - (beta_1 - beta_0) * u * u / 2;
  return {std::exp(exponent / 2), std::sqrt(-std::expm1(exponent))};
}

std::vector<NoiseLevel> CosineLevels(int64_t steps, double s, double floor) {
  RequireSteps(steps);
  std::vector<NoiseLevel> levels;
  for (int64_t t = 0; t <= steps; ++t) {
    levels.push_back(CosineLevel(static_cast<double>(t) / static_cast<double>(steps), s, floor));
  }
  return levels;
}

std::vector<NoiseLevel> LevelsOfBetas(std::span<const double> betas) {
  RequireSteps(static_cast<int64_t>(betas.size()));
  std::vector<NoiseLevel> levels = {{1, 0}};
  double log_signal = 0;
  for (const double beta : betas) {
    if (!(beta >= 0 && beta < 1)) ThrowUsage("a beta is " + std::to_string(beta) + ", outside [0, 1)");
    log_signal += std::log1p(-beta);
    levels.push_back({std::exp(log_signal / 2), std::sqrt(-std::expm1(log_signal))});
  }
  return levels;
}

std::vector<double> LinearBetas(int64_t steps, double first, double last) {
  RequireSteps(steps);
  std::vector<double> betas;
  for (int64_t k = 0; k < steps; ++k) {
    const double part = steps == 1 ? 0 : static_cast<double>(k) / static_cast<double>(steps - 1);
    betas.push_back(first + part * (last - first));
  }
  return betas;
}

std::vector<double> CosineBetas(int64_t steps, double s, double cap) {
  RequireSteps(steps);
  RequireIn(s, 0, 1, "the cosine path's s");
  RequireIn(cap, 0, 1, "the cap of beta");
  std::vector<double> betas;
  for (int64_t t = 1; t <= steps; ++t) {
    const double now = CosineSignal(static_cast<double>(t) / static_cast<double>(steps), s);
    const double before = CosineSignal(static_cast<double>(t - 1) / static_cast<double>(steps), s);
    betas.push_back(std::min(1 - now / before, cap));
  }
  return betas;
}

NoiseLevel FlowLevel(double t) {
  RequireIn(t, 0, 1, "the flow time t");
  return {t, 1 - t};
}

std::vector<NoiseLevel> FlowLevels(int64_t steps) {
  RequireSteps(steps);
  std::vector<NoiseLevel> levels;
  for (int64_t k = 0; k <= steps; ++k) levels.push_back(FlowLevel(static_cast<double>(k) / static_cast<double>(steps)));
  return levels;
}

std::vector<int64_t> SamplerSteps(int64_t steps, int64_t count) {
  RequireSteps(steps);
  if (count < 1 || count > steps) {
    ThrowUsage(
        "a sampler of " + std::to_string(count) + " steps was asked of a noise path with " + std::to_string(steps), "",
        "between 1 and " + std::to_string(steps));
  }
  std::vector<int64_t> indices;
  for (int64_t k = count; k >= 0; --k) {
    indices.push_back(std::llround(static_cast<double>(k) * static_cast<double>(steps) / static_cast<double>(count)));
  }
  return indices;
}

std::vector<NoiseLevel> SamplerLevels(std::span<const NoiseLevel> levels, int64_t count) {
  std::vector<NoiseLevel> visited;
  for (const int64_t t : SamplerSteps(static_cast<int64_t>(levels.size()) - 1, count)) visited.push_back(levels[t]);
  return visited;
}

}  // namespace heddle::theory

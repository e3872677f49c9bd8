#include "heddle/toy/curves.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "heddle/theory/noise_path.h"
#include "heddle/theory/overlap.h"
#include "heddle/toy/optimum_samples.h"

namespace heddle::toy {
namespace {

double Distance(double u, double v) { return std::hypot(u, v); }

// For each of the first `count` samples the distance between its output and that of the nearest other input.
std::vector<double> NeighbourDistances(const Points& points, int count) {
  std::vector<double> distances;
  for (int i = 0; i < std::min(count, points.size()); ++i) {
    double nearest = std::numeric_limits<double>::infinity(), apart = 0;
    for (int j = 0; j < points.size(); ++j) {
      if (i == j) continue;
      const auto difference = [&](const std::vector<float>& of, int k) {
        return double(of[std::size_t(2 * i + k)]) - double(of[std::size_t(2 * j + k)]);
      };
      const double away = Distance(difference(points.xy, 0), difference(points.xy, 1));
      if (away < nearest) {
        nearest = away;
        apart = Distance(difference(points.out, 0), difference(points.out, 1));
      }
    }
    distances.push_back(apart);
  }
  return distances;
}

NamedCurve MeanOverlap(std::string name, const std::vector<double>& distances, const std::vector<double>& signals) {
  NamedCurve curve{std::move(name), {}};
  for (const double signal : signals) {
    double sum = 0;
    for (const double distance : distances) sum += theory::GaussianOverlap(distance, theory::LevelOfSignal(signal));
    curve.values.push_back(sum / double(distances.size()));
  }
  return curve;
}

}  // namespace

std::vector<NamedCurve> OverlapCurves(const Sweep& sweep, const std::vector<double>& signals) {
  const World& world = sweep.world(0);
  std::vector<double> across;
  for (int i = 0; i < world.target.size(); ++i) {
    const std::size_t p = std::size_t(2 * i);
    const auto source = SourceOutput(double(world.target.xy[p]), double(world.target.xy[p + 1]));
    across.push_back(Distance(double(world.target.out[p]) - source[0], double(world.target.out[p + 1]) - source[1]));
  }
  std::vector<NamedCurve> curves = {MeanOverlap("source-target", across, signals)};
  if (world.target.size() > 1) {
    curves.push_back(MeanOverlap("target-target", NeighbourDistances(world.target, world.target.size()), signals));
  }
  curves.push_back(MeanOverlap("source-source", NeighbourDistances(world.source, 200), signals));
  return curves;
}

std::vector<RatioCurve> TargetShareCurves(const Sweep& sweep, const std::vector<double>& signals) {
  constexpr int kNoises = 8;
  const World& world = sweep.world(0);
  const double delta_z = sweep.options().delta_z.front();
  const std::int64_t count = std::int64_t(world.target.size()) * kNoises;
  std::vector<float> xyz;
  at::Tensor clean = at::empty({count, 2}, at::kFloat), noise = at::empty({count, 2}, at::kFloat);
  RandomStream random = sweep.StreamOfSeed(0).Split("target shares");
  random.FillNormal({noise.data_ptr<float>(), std::size_t(noise.numel())});
  for (std::int64_t q = 0; q < count; ++q) {
    const std::size_t p = std::size_t(2 * (q / kNoises));
    xyz.insert(xyz.end(), {world.target.xy[p], world.target.xy[p + 1], float(delta_z)});
    for (std::size_t k = 0; k < 2; ++k) clean.data_ptr<float>()[2 * q + std::int64_t(k)] = world.target.out[p + k];
  }
  std::vector<RatioCurve> curves;
  for (const double w : sweep.options().w) {
    if (w <= 0 || w >= 1) continue;
    const theory::Optimum optimum = MakeOptimum(world, delta_z, w, sweep.kernel_width(0), xyz);
    RatioCurve curve{w, {}};
    for (const double signal : signals) {
      const theory::NoiseLevel level = theory::LevelOfSignal(signal);
      const at::Tensor noised = clean * level.alpha + noise * level.sigma;
      curve.values.push_back(optimum.DomainShares(noised, level).select(1, 0).mean().item<double>());
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace heddle::toy

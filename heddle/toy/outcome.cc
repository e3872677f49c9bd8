#include "heddle/toy/outcome.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"

namespace heddle::toy {
namespace {

double SquaredDistance(const float* a, const float* b) {
  const double u = double(a[0]) - double(b[0]), v = double(a[1]) - double(b[1]);
  return u * u + v * v;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

double MeanOf(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / double(values.size());
}

}  // namespace

Losses MeasureLosses(const EvaluationGrid& grid, std::span<const float> samples, int per_point) {
  HEDDLE_DEMAND(samples.size() == std::size_t(2 * grid.size() * per_point));
  std::vector<double> covered, ood;
  for (int point = 0; point < grid.size(); ++point) {
    for (int k = 0; k < per_point; ++k) {
      const double error =
          SquaredDistance(&samples[std::size_t(2 * (point * per_point + k))], &grid.truth[std::size_t(2 * point)]);
      (grid.covered[std::size_t(point)] ? covered : ood).push_back(error);
    }
  }
  Losses losses;
  losses.covered = MeanOf(covered);
  losses.ood = MeanOf(ood);
  losses.ood_median = Median(ood);
  losses.whole =
      (losses.covered * double(covered.size()) + losses.ood * double(ood.size())) / double(covered.size() + ood.size());
  return losses;
}

Following MeasureFollowing(const EvaluationGrid& grid, std::span<const float> samples, int per_point) {
  int inputs = 0, both = 0, source_samples = 0;
  for (int point = 0; point < grid.size(); ++point) {
    if (!grid.covered[std::size_t(point)]) continue;
    ++inputs;
    const float* target = &grid.truth[std::size_t(2 * point)];
    const float* source = &grid.source_truth[std::size_t(2 * point)];
    const double reach = SquaredDistance(target, source) / 4;
    int near_target = 0, near_source = 0;
    for (int k = 0; k < per_point; ++k) {
      const float* sample = &samples[std::size_t(2 * (point * per_point + k))];
      near_target += SquaredDistance(sample, target) < reach;
      near_source += SquaredDistance(sample, source) < reach;
    }
    both += near_target > 0 && near_source > 0;
    source_samples += near_source;
  }
  HEDDLE_DEMAND(inputs > 0);
  return {double(source_samples) / double(inputs * per_point), double(both) / double(inputs)};
}

std::string RegimeName(Regime regime) {
  switch (regime) {
    case Regime::kDisjoint: return "disjoint";
    case Regime::kStructured: return "structured";
    case Regime::kOverlapping: return "overlapping";
  }
  HEDDLE_DEMAND(false);
}

Regime NameRegime(double transfer, const Following& following) {
  if (following.two_modes >= kTwoModes || following.source_share >= kSourceShare) return Regime::kOverlapping;
  return transfer >= kTransfer ? Regime::kStructured : Regime::kDisjoint;
}

}  // namespace heddle::toy

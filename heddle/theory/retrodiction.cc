#include "heddle/theory/retrodiction.h"

#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

double Rounded(double value, int decimals) {
  if (decimals < 0) return value;
  const double scale = std::pow(10.0, decimals);
  return std::round(value * scale) / scale;
}

}  // namespace

// Held equal to testdata/paper/paper.json by a test.
const PublishedSweep& ThePublishedSweep() {
  static constexpr PublishedSweep kSweep = {
      .source = "arXiv 2604.13645 (Lei et al., 2026); figures read off the published plots, so +-0.003",
      .target_demos = 50,
      .source_demos = 3000,
      .w = {0.005, 0.016, 0.1, 0.3, 0.5, 0.8, 1.0},
      .settings = {{
          {"nut_assembly", "visual", {0.920, 0.975, 0.900, 0.925, 0.920, 0.855, 0.850}},
          {"nut_assembly", "physics", {0.830, 0.865, 0.880, 0.890, 0.855, 0.860, 0.850}},
          {"nut_assembly", "visual_physics", {0.905, 0.925, 0.875, 0.910, 0.895, 0.895, 0.865}},
          {"mug_cleanup", "visual", {0.423, 0.503, 0.525, 0.535, 0.493, 0.407, 0.322}},
          {"mug_cleanup", "physics", {0.167, 0.302, 0.420, 0.408, 0.375, 0.362, 0.200}},
          {"mug_cleanup", "visual_physics", {0.325, 0.490, 0.430, 0.450, 0.405, 0.315, 0.245}},
          {"mug_hang", "visual", {0.207, 0.225, 0.283, 0.272, 0.215, 0.215, 0.198}},
          {"mug_hang", "physics", {0.117, 0.230, 0.340, 0.303, 0.280, 0.270, 0.183}},
          {"mug_hang", "visual_physics", {0.195, 0.243, 0.258, 0.260, 0.243, 0.233, 0.178}},
      }}};
  return kSweep;
}

Retrodiction Retrodict(std::span<const double> w, std::span<const double> success, const RatioGuideline& guideline,
                       int decimals) {
  HEDDLE_DEMAND(!w.empty() && w.size() == success.size());
  Retrodiction result;
  result.low = Rounded(guideline.low, decimals);
  result.high = Rounded(guideline.high, decimals);
  result.best = result.best_inside = -INFINITY;
  result.worst_inside = INFINITY;
  for (size_t k = 0; k < w.size(); ++k) {
    if (success[k] > result.best) result.best = success[k], result.best_w = w[k];
    const double point = Rounded(w[k], decimals);
    if (point < result.low || point > result.high) continue;
    if (success[k] > result.best_inside) result.best_inside = success[k], result.best_inside_w = w[k];
    if (success[k] < result.worst_inside) result.worst_inside = success[k];
  }
  if (result.best_inside == -INFINITY) ThrowInput("no point of the sweep lies inside the guideline's range");
  result.regret = Rounded(result.best - result.best_inside, decimals);
  return result;
}

std::vector<Retrodiction> RetrodictPublished(const RatioOptions& options, int decimals) {
  const PublishedSweep& sweep = ThePublishedSweep();
  const RatioGuideline guideline = GuideRatio(sweep.target_demos, {&sweep.source_demos, 1}, options);
  std::vector<Retrodiction> results;
  for (const PublishedSetting& setting : sweep.settings) {
    results.push_back(Retrodict(sweep.w, setting.success, guideline, decimals));
  }
  return results;
}

}  // namespace heddle::theory

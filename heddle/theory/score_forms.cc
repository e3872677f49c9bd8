#include "heddle/theory/score_forms.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

void RequireSignal(const NoiseLevel& level) {
  if (!(level.alpha > 0)) ThrowUsage("the clean action can't be told from this prediction at a level without signal");
}

void RequireNoise(const NoiseLevel& level) {
  if (!(level.sigma > 0)) ThrowUsage("noise and score have no meaning at a level without noise");
}

}  // namespace

at::Tensor CleanFrom(ScoreForm form, const at::Tensor& prediction, const at::Tensor& noised, const NoiseLevel& level) {
  const auto [alpha, sigma] = level;
  switch (form) {
    case ScoreForm::kClean: return prediction;
    case ScoreForm::kEps: RequireSignal(level); return (noised - sigma * prediction) / alpha;
    case ScoreForm::kScore: RequireSignal(level); return (noised + sigma * sigma * prediction) / alpha;
    case ScoreForm::kV: return (alpha * noised - sigma * prediction) / (alpha * alpha + sigma * sigma);
    case ScoreForm::kVelocity: return (noised + sigma * prediction) / (alpha + sigma);
  }
  HEDDLE_DEMAND(false);
}

at::Tensor FromClean(ScoreForm form, const at::Tensor& clean, const at::Tensor& noised, const NoiseLevel& level) {
  const auto [alpha, sigma] = level;
  if (form == ScoreForm::kClean) return clean;
  RequireNoise(level);
  const at::Tensor eps = (noised - alpha * clean) / sigma;
  switch (form) {
    case ScoreForm::kEps: return eps;
    case ScoreForm::kScore: return eps / -sigma;
    case ScoreForm::kV: return alpha * eps - sigma * clean;
    case ScoreForm::kVelocity: return clean - eps;
    case ScoreForm::kClean: break;
  }
  HEDDLE_DEMAND(false);
}

at::Tensor ConvertPrediction(ScoreForm from, ScoreForm to, const at::Tensor& prediction, const at::Tensor& noised,
                             const NoiseLevel& level) {
  if (from == to) return prediction;
  if (from == ScoreForm::kEps && to == ScoreForm::kScore) {
    RequireNoise(level);
    return prediction / -level.sigma;
  }
  if (from == ScoreForm::kScore && to == ScoreForm::kEps) return prediction * -level.sigma;
  return FromClean(to, CleanFrom(from, prediction, noised, level), noised, level);
}

}  // namespace heddle::theory

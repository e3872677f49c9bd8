#include "heddle/theory/optimum.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"
#include "heddle/theory/importance_weights.h"
#include "heddle/theory/score_forms.h"

namespace heddle::theory {
namespace {

using tensor::CheckFinite;
using tensor::CheckShape;

// Entries of [B, N] in a block: half a megabyte of floats stays in a core's cache; a GPU wants large launches.
int64_t BlockEntries(const at::Tensor& on) { return on.is_cpu() ? int64_t{1} << 17 : int64_t{1} << 25; }

}  // namespace

Optimum::Optimum(const Demonstrations& demonstrations, const LatentKernel& kernel, const at::Tensor& latents_Qd,
                 at::ScalarType dtype)
    : first_(demonstrations.first) {
  HEDDLE_DEMAND(dtype == at::kFloat || dtype == at::kDouble);
  CheckShape(latents_Qd, "latents_Qd", {tensor::kAny, demonstrations.latents_Nd.size(1)});
  CheckFinite(latents_Qd, "latents_Qd");
  const at::Tensor prior_QN = LogKernel(kernel, latents_Qd, demonstrations.latents_Nd).add_(demonstrations.log_share_N);
  log_prior_QN_ = prior_QN.sub_(prior_QN.amax(1, /*keepdim=*/true)).to(dtype);

  const at::Tensor mean_1A = demonstrations.actions_NA.mean(0, /*keepdim=*/true);
  const at::Tensor centred_NA = demonstrations.actions_NA - mean_1A;
  pattern_CN_ = at::cat({centred_NA, centred_NA.square().sum(1, /*keepdim=*/true)}, 1).t().contiguous().to(dtype);
  mean_1A_ = mean_1A.to(dtype);
}

void Optimum::ForEachBlock(const at::Tensor& noised_QA, const NoiseLevel& level,
                           const std::function<void(int64_t, const at::Tensor&)>& use) const {
  CheckShape(noised_QA, "noised_QA", {num_queries(), mean_1A_.size(1)});
  HEDDLE_DEMAND(noised_QA.scalar_type() == log_prior_QN_.scalar_type());
  const auto [alpha, sigma] = level;
  if (!(sigma > 0)) ThrowUsage("the importance weights were asked for at a level without noise");

  // Up to what is the same for all i, -‖y - α a_i‖²/(2σ²) is the product of (α y_c/σ², -α²/(2σ²)) and (a_c, ‖a_c‖²).
  const double precision = alpha / (sigma * sigma);
  const at::Tensor scaled_QA = (noised_QA - alpha * mean_1A_) * precision;
  const at::Tensor query_QC =
      at::cat({scaled_QA, at::full({num_queries(), 1}, -alpha * precision / 2, scaled_QA.options())}, 1);
  const int64_t num_demonstrations = pattern_CN_.size(1);
  const int64_t block = std::max<int64_t>(1, BlockEntries(pattern_CN_) / num_demonstrations);
  at::Tensor logits_BN, weights_BN;
  for (int64_t first = 0; first < num_queries(); first += block) {
    const int64_t count = std::min(block, num_queries() - first);
    if (!logits_BN.defined() || logits_BN.size(0) != count) {
      logits_BN = at::empty({count, num_demonstrations}, pattern_CN_.options());
      weights_BN = at::empty_like(logits_BN);
    }
    at::addmm_out(logits_BN, log_prior_QN_.narrow(0, first, count), query_QC.narrow(0, first, count), pattern_CN_);
    at::softmax_out(weights_BN, logits_BN, 1);
    use(first, weights_BN);
  }
}

at::Tensor Optimum::Weights(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  const at::Tensor weights_QN = at::empty_like(log_prior_QN_);
  ForEachBlock(noised_QA, level, [&](int64_t first, const at::Tensor& weights_BN) {
    weights_QN.narrow(0, first, weights_BN.size(0)).copy_(weights_BN);
  });
  return weights_QN;
}

at::Tensor Optimum::PosteriorMean(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  const at::Tensor clean_QA = at::empty(noised_QA.sizes(), noised_QA.options());
  // Stored by columns: the matrix product is five times as fast so, for actions of a few numbers.
  const at::Tensor centred_NA = pattern_CN_.narrow(0, 0, mean_1A_.size(1)).t();
  ForEachBlock(noised_QA, level, [&](int64_t first, const at::Tensor& weights_BN) {
    at::Tensor block_BA = clean_QA.narrow(0, first, weights_BN.size(0));
    at::addmm_out(block_BA, mean_1A_, weights_BN, centred_NA);
  });
  return clean_QA;
}

at::Tensor Optimum::DomainShares(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  const at::Tensor shares_QK = at::empty({num_queries(), static_cast<int64_t>(first_.size()) - 1}, noised_QA.options());
  ForEachBlock(noised_QA, level, [&](int64_t first, const at::Tensor& weights_BN) {
    shares_QK.narrow(0, first, weights_BN.size(0)).copy_(SumByDomain(weights_BN, first_));
  });
  return shares_QK;
}

at::Tensor Optimum::Eps(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  return FromClean(ScoreForm::kEps, PosteriorMean(noised_QA, level), noised_QA, level);
}

at::Tensor Optimum::Score(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  return FromClean(ScoreForm::kScore, PosteriorMean(noised_QA, level), noised_QA, level);
}

at::Tensor Optimum::Velocity(const at::Tensor& noised_QA, const NoiseLevel& level) const {
  return FromClean(ScoreForm::kVelocity, PosteriorMean(noised_QA, level), noised_QA, level);
}

at::Tensor Optimum::Sample(const at::Tensor& start_QA, std::span<const NoiseLevel> levels) const {
  at::Tensor noised_QA = start_QA;
  for (size_t k = 0; k + 1 < levels.size(); ++k) {
    // α' x0 + σ' ε* with ε* = (y - α x0)/σ: unlike DdimStep this can start from pure noise, as x0 is known here.
    const double keep = levels[k + 1].sigma / levels[k].sigma;
    const double add = levels[k + 1].alpha - keep * levels[k].alpha;
    noised_QA = keep * noised_QA + add * PosteriorMean(noised_QA, levels[k]);
  }
  return noised_QA;
}

}  // namespace heddle::theory

#include "heddle/theory/overlap.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"
#include "heddle/theory/kernel.h"

namespace heddle::theory {
namespace {

void CheckSets(const at::Tensor& actions_NA, const at::Tensor& actions_MA, const NoiseLevel& level) {
  tensor::CheckShape(actions_NA, "actions_NA", {tensor::kAny, tensor::kAny});
  tensor::CheckShape(actions_MA, "actions_MA", {tensor::kAny, actions_NA.size(1)});
  tensor::CheckFinite(actions_NA, "actions_NA");
  tensor::CheckFinite(actions_MA, "actions_MA");
  if (actions_NA.numel() == 0 || actions_MA.numel() == 0) ThrowInput("the overlap of an empty set was asked for");
  if (!(level.sigma > 0)) ThrowUsage("the overlap of sets was asked for at a level without noise");
}

struct Moments {
  at::Tensor mean_A;
  at::Tensor covariance_AA;
};

Moments NoisedMoments(const at::Tensor& actions_NA, const NoiseLevel& level) {
  const at::Tensor actions = actions_NA.to(at::kCPU, at::kDouble) * level.alpha;
  const at::Tensor mean_A = actions.mean(0);
  const at::Tensor centred_NA = actions - mean_A;
  at::Tensor covariance_AA = centred_NA.t().matmul(centred_NA) / static_cast<double>(actions.size(0));
  covariance_AA.diagonal().add_(level.sigma * level.sigma);
  return {mean_A, covariance_AA};
}

double LogDeterminant(const at::Tensor& positive_AA) {
  return 2 * at::linalg_cholesky(positive_AA).diagonal().log().sum().item<double>();
}

// `count` noised actions of the set.
at::Tensor Draw(const at::Tensor& actions_NA, const NoiseLevel& level, int64_t count, RandomStream& random) {
  const at::Tensor chosen = at::empty({count}, at::kLong);
  for (int64_t k = 0; k < count; ++k) {
    chosen.mutable_data_ptr<int64_t>()[k] =
        static_cast<int64_t>(random.Below(static_cast<uint64_t>(actions_NA.size(0))));
  }
  const at::Tensor noise_CA = at::empty({count, actions_NA.size(1)}, at::kDouble);
  for (int64_t k = 0; k < noise_CA.numel(); ++k) noise_CA.mutable_data_ptr<double>()[k] = random.Normal();
  return level.alpha * actions_NA.index_select(0, chosen) + level.sigma * noise_CA;
}

// ln 1/N Σ_i exp(-‖y - α a_i‖²/(2σ²)); the normalising constant is the same for both sets and cancels.
at::Tensor LogMixture(const at::Tensor& noised_QA, const at::Tensor& actions_NA, const NoiseLevel& level) {
  const at::Tensor log_QN =
      LogKernel(LatentKernel::Gaussian(level.sigma), noised_QA, (level.alpha * actions_NA).contiguous());
  return at::logsumexp(log_QN, 1) - std::log(static_cast<double>(actions_NA.size(0)));
}

}  // namespace

double GaussianOverlap(double distance, const NoiseLevel& level) {
  if (distance == 0 || level.alpha == 0) return 1;
  if (level.sigma == 0) return 0;
  const double apart = level.alpha * distance / level.sigma;
  return std::exp(-apart * apart / 8);
}

double MomentGaussianOverlap(const at::Tensor& actions_NA, const at::Tensor& actions_MA, const NoiseLevel& level) {
  CheckSets(actions_NA, actions_MA, level);
  const Moments one = NoisedMoments(actions_NA, level), other = NoisedMoments(actions_MA, level);
  const at::Tensor middle_AA = (one.covariance_AA + other.covariance_AA) / 2;
  const at::Tensor delta_A1 = (one.mean_A - other.mean_A).unsqueeze(1);
  const double apart = delta_A1.t().matmul(at::cholesky_solve(delta_A1, at::linalg_cholesky(middle_AA))).item<double>();
  const double log_ratio =
      LogDeterminant(one.covariance_AA) / 4 + LogDeterminant(other.covariance_AA) / 4 - LogDeterminant(middle_AA) / 2;
  return std::exp(log_ratio - apart / 8);
}

OverlapEstimate MixtureOverlap(const at::Tensor& actions_NA, const at::Tensor& actions_MA, const NoiseLevel& level,
                               int64_t draws, RandomStream& random) {
  CheckSets(actions_NA, actions_MA, level);
  if (draws < 4 || draws % 2 != 0) {
    ThrowUsage("an overlap is estimated from " + std::to_string(draws) + " draws", "", "give an even number from 4 on");
  }
  const at::Tensor sets[] = {actions_NA.to(at::kCPU, at::kDouble), actions_MA.to(at::kCPU, at::kDouble)};
  const int64_t block = std::max<int64_t>(1, (int64_t{1} << 20) / std::max(sets[0].size(0), sets[1].size(0)));
  OverlapEstimate estimate;
  double variance = 0;
  for (const at::Tensor& set : sets) {
    const at::Tensor noised_QA = Draw(set, level, draws / 2, random);
    std::vector<at::Tensor> ratios;
    for (const at::Tensor& part_BA : noised_QA.split(block)) {
      ratios.push_back((LogMixture(part_BA, sets[0], level) - LogMixture(part_BA, sets[1], level)).div_(2).cosh_());
    }
    const at::Tensor terms_Q = at::cat(ratios).reciprocal_();
    estimate.value += terms_Q.mean().item<double>() / 2;
    variance += terms_Q.var().item<double>() / static_cast<double>(draws / 2) / 4;
  }
  estimate.standard_error = std::sqrt(variance);
  return estimate;
}

}  // namespace heddle::theory

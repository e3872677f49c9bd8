#include "heddle/theory/importance_weights.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::theory {

at::Tensor SumByDomain(const at::Tensor& weights_QN, std::span<const int64_t> first) {
  HEDDLE_DEMAND(first.size() >= 2);
  tensor::CheckShape(weights_QN, "weights_QN", {tensor::kAny, first.back()});
  std::vector<at::Tensor> shares;
  for (size_t k = 0; k + 1 < first.size(); ++k) {
    shares.push_back(weights_QN.narrow(1, first[k], first[k + 1] - first[k]).sum(1));
  }
  return at::stack(shares, 1);
}

TopDemonstrations TopOf(const at::Tensor& weights_QN, int64_t m) {
  if (m < 1) ThrowUsage("the top " + std::to_string(m) + " demonstrations were asked for", "", "ask for at least 1");
  auto [weights_Qm, indices_Qm] = weights_QN.topk(std::min(m, weights_QN.size(1)), 1);
  return {weights_Qm, indices_Qm};
}

at::Tensor NoiseDistances(const at::Tensor& noised_QA, const at::Tensor& actions_NA, const NoiseLevel& level) {
  tensor::CheckShape(noised_QA, "noised_QA", {tensor::kAny, actions_NA.size(1)});
  if (!(level.sigma > 0)) ThrowUsage("distances in units of the noise were asked for at a level without noise");
  const double unit = level.sigma * std::sqrt(static_cast<double>(noised_QA.size(1)));
  return (noised_QA.unsqueeze(1) - level.alpha * actions_NA.unsqueeze(0)).square().sum(2).sqrt() / unit;
}

double LogWeightRatio(double w, double n, double m, double r_target, double r_surrogate, int64_t d) {
  if (!(w > 0 && w < 1)) ThrowUsage("w is " + std::to_string(w) + ", outside (0, 1)");
  if (!(n >= 1 && m >= 1)) ThrowUsage("a domain has no demonstrations");
  if (d < 1) ThrowUsage("an action has no components");
  return std::log(w / n) - std::log((1 - w) / m) +
         (r_surrogate * r_surrogate - r_target * r_target) * static_cast<double>(d) / 2;
}

}  // namespace heddle::theory

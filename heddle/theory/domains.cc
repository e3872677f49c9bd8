#include "heddle/theory/domains.h"

#include <ATen/ATen.h>

#include <cmath>
#include <limits>
#include <string>

#include "heddle/core/error.h"
#include "heddle/tensor/check_shape.h"

namespace heddle::theory {
namespace {

using tensor::CheckFinite;
using tensor::CheckShape;
using tensor::kAny;

void CheckDomain(const DomainSamples& domain, const DomainSamples& first, size_t k) {
  const std::string name = "domain " + std::to_string(k);
  const std::string latents = name + ": latents_Nd", actions = name + ": actions_NA";
  CheckShape(domain.latents_Nd, latents, {kAny, kAny}, ErrorKind::kInput);
  const int64_t count = domain.latents_Nd.size(0);
  CheckShape(domain.latents_Nd, latents, {count, first.latents_Nd.size(1)}, ErrorKind::kInput);
  CheckShape(domain.actions_NA, actions, {count, kAny}, ErrorKind::kInput);
  CheckShape(domain.actions_NA, actions, {count, first.actions_NA.size(1)}, ErrorKind::kInput);
  if (count == 0) ThrowInput("a domain has no demonstrations", name, "leave it out");
  if (domain.actions_NA.size(1) == 0) ThrowInput("the actions have no components", name);
  CheckFinite(domain.latents_Nd, latents, ErrorKind::kInput);
  CheckFinite(domain.actions_NA, actions, ErrorKind::kInput);
  if (!(std::isfinite(domain.w) && domain.w >= 0)) {
    ThrowInput("a domain's weight is " + std::to_string(domain.w), name, "weights are finite and not negative");
  }
}

}  // namespace

Demonstrations JoinDomains(std::span<const DomainSamples> domains) {
  if (domains.empty()) ThrowInput("there is no domain to take demonstrations from");
  double total_w = 0;
  for (size_t k = 0; k < domains.size(); ++k) {
    CheckDomain(domains[k], domains[0], k);
    total_w += domains[k].w;
  }
  if (!(total_w > 0)) ThrowInput("the weights of all domains are zero");
  if (!std::isfinite(total_w)) ThrowInput("the weights of the domains add up to infinity");

  Demonstrations joined;
  joined.first = {0};
  std::vector<at::Tensor> latents, actions, shares;
  const auto options = at::TensorOptions().dtype(at::kDouble).device(domains[0].actions_NA.device());
  for (const DomainSamples& domain : domains) {
    const int64_t count = domain.latents_Nd.size(0);
    const double w = domain.w / total_w;
    joined.w.push_back(w);
    joined.first.push_back(joined.first.back() + count);
    latents.push_back(domain.latents_Nd.to(at::kDouble));
    actions.push_back(domain.actions_NA.to(at::kDouble));
    shares.push_back(at::full({count}, std::log(w) - std::log(static_cast<double>(count)), options));
  }
  joined.latents_Nd = at::cat(latents);
  joined.actions_NA = at::cat(actions);
  joined.log_share_N = at::cat(shares);
  return joined;
}

}  // namespace heddle::theory

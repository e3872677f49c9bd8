#include "heddle/policy/label_effect.h"

#include <ATen/ATen.h>

#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

// What of a scaling belongs to the plan's actions, as a [D].
at::Tensor Part(const std::vector<float>& values, const Policy& policy, const ActPlan& plan) {
  const auto from = static_cast<size_t>(policy.layout().ActionAt(plan.action));
  const size_t size = policy.layout().actions[plan.action].names.size();
  return tensor::CopyOf<float>(std::span(values).subspan(from, size), {static_cast<int64_t>(size)});
}

}  // namespace

at::Tensor LabelEffect(Policy& policy, const PolicyRows& rows, const at::Tensor& noise_BHD, const ActPlan& plan) {
  const at::NoGradGuard no_grad;
  if (plan.act.empty()) return at::zeros({rows.size()});
  ActPlan told = plan;
  told.lambda = 0;
  told.low.clear(), told.high.clear();  // cut off, both sides would look the same
  ActPlan swapped = told;
  const auto values = static_cast<int64_t>(policy.layout().conditions[0].values.size());
  swapped.act[0] = told.act[0] % values + 1;
  const at::Tensor moved_BHD =
      Act(policy, rows, noise_BHD, told).actions_BHD - Act(policy, rows, noise_BHD, swapped).actions_BHD;
  return (moved_BHD / Part(policy.normaliser().actions.scale, policy, plan)).square().mean({1, 2}).sqrt();
}

at::Tensor NormalisedActions(const Policy& policy, const ActPlan& plan, const at::Tensor& actions_BHD) {
  const Scaling& scaling = policy.normaliser().actions;
  return (actions_BHD - Part(scaling.centre, policy, plan)) / Part(scaling.scale, policy, plan);
}

}  // namespace heddle::policy

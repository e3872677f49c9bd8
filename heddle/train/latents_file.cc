#include "heddle/train/latents_file.h"

#include <ATen/ATen.h>

#include "heddle/core/text.h"
#include "heddle/policy/acting.h"
#include "heddle/policy/rows.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

at::Tensor Column(const std::vector<contract::RowOrigin>& origins, int64_t (*of)(const contract::RowOrigin&)) {
  std::vector<int64_t> values;
  for (const contract::RowOrigin& origin : origins) values.push_back(of(origin));
  return tensor::CopyOf<int64_t>(values, {static_cast<int64_t>(values.size())});
}

// The same noise under the card's labels and with the first label swapped.
at::Tensor EffectOf(policy::Policy& policy, const policy::PolicyRows& rows, policy::ActPlan plan) {
  const int64_t count = rows.size();
  if (plan.act.empty()) return at::zeros({count});
  plan.low.clear(), plan.high.clear();  // where both are cut off, they would look the same
  policy::ActPlan swapped = plan;
  const auto values = static_cast<int64_t>(policy.layout().conditions[0].values.size());
  swapped.act[0] = plan.act[0] % values + 1;
  const at::Tensor noise_BHD =
      policy::ActingNoise(policy.layout(), plan, 0, 0).unsqueeze(0).expand({count, -1, -1}).contiguous();
  const at::Tensor moved_BHD = policy::Act(policy, rows, noise_BHD, plan).actions_BHD -
                               policy::Act(policy, rows, noise_BHD, swapped).actions_BHD;
  const auto at = policy.layout().ActionAt(plan.action);
  const std::vector<float>& scale = policy.normaliser().actions.scale;
  const at::Tensor scale_D = tensor::CopyOf<float>(
      std::span(scale).subspan(static_cast<size_t>(at), static_cast<size_t>(moved_BHD.size(2))), {moved_BHD.size(2)});
  return (moved_BHD / scale_D).square().mean({1, 2}).sqrt();
}

}  // namespace

void WriteLatents(const std::filesystem::path& file, RunSetup& setup, const Holdout& holdout, const HoldoutPass& pass,
                  int64_t step) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> actions, conditions, effects;
  const policy::ActPlan plan = policy::ActPlan::Of(*setup.policy, setup.card, "card");
  for (const contract::Batch& batch : holdout.batches()) {
    const policy::PolicyRows rows = policy::RowsOf(batch, setup.policy->layout(), setup.policy->normaliser());
    actions.push_back(
        policy::ActionsOf(batch, setup.policy->layout(), setup.policy->normaliser()).actions_BHA.flatten(1));
    conditions.push_back(rows.conditions_BK);
    effects.push_back(EffectOf(*setup.policy, rows, plan));
  }
  std::vector<std::string> keys;
  for (const policy::ConditionInput& condition : setup.policy->layout().conditions) keys.push_back(condition.key);
  tensor::WriteSafetensors(
      file,
      {{"z", pass.z_NW},
       {"shallow", pass.shallow_NW},
       {"domain", Column(pass.origins, [](const contract::RowOrigin& row) { return int64_t{row.domain}; })},
       {"source", Column(pass.origins, [](const contract::RowOrigin& row) { return int64_t{row.source}; })},
       {"episode", Column(pass.origins, [](const contract::RowOrigin& row) { return row.episode; })},
       {"frame", Column(pass.origins, [](const contract::RowOrigin& row) { return row.frame; })},
       {"action", at::cat(actions)},
       {"condition", at::cat(conditions)},
       {"effect", at::cat(effects)}},
      {{"step", std::to_string(step)}, {"domains", Join(setup.bound.domains, "\n")}, {"conditions", Join(keys, "\n")}});
}

}  // namespace heddle::train

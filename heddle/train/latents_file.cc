#include "heddle/train/latents_file.h"

#include <ATen/ATen.h>

#include "heddle/policy/label_effect.h"
#include "heddle/policy/latents_file.h"
#include "heddle/policy/rows.h"

namespace heddle::train {
namespace {

std::vector<int64_t> Column(const std::vector<contract::RowOrigin>& origins,
                            int64_t (*of)(const contract::RowOrigin&)) {
  std::vector<int64_t> values;
  for (const contract::RowOrigin& origin : origins) values.push_back(of(origin));
  return values;
}

// Under the card's labels and one fixed noise.
at::Tensor EffectOf(policy::Policy& policy, const policy::PolicyRows& rows, const policy::ActPlan& plan) {
  const at::Tensor noise_BHD =
      policy::ActingNoise(policy.layout(), plan, 0, 0).unsqueeze(0).expand({rows.size(), -1, -1}).contiguous();
  return policy::LabelEffect(policy, rows, noise_BHD, plan);
}

}  // namespace

bool WriteLatents(const std::filesystem::path& file, RunSetup& setup, const Holdout& holdout, const HoldoutPass& pass,
                  int64_t step, const Stopped& stopped) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> actions, conditions, effects;
  const policy::ActPlan plan = policy::ActPlan::Of(*setup.policy, setup.card, "card");
  const policy::PolicyLayout& layout = setup.policy->layout();
  for (const contract::Batch& batch : holdout.batches()) {
    if (stopped()) return false;
    const policy::PolicyRows rows = policy::RowsOf(batch, layout, setup.policy->normaliser());
    actions.push_back(policy::ActionsOf(batch, layout, setup.policy->normaliser()).actions_BHA.flatten(1));
    conditions.push_back(rows.conditions_BK);
    effects.push_back(EffectOf(*setup.policy, rows, plan));
  }
  policy::LatentsTable table{.z_NW = pass.z_NW,
                             .shallow_NW = pass.shallow_NW,
                             .action_NC = at::cat(actions),
                             .condition_NK = at::cat(conditions),
                             .effect_N = at::cat(effects),
                             .labels = {},
                             .domains = setup.bound.domains,
                             .conditions = {},
                             .about = {{"step", std::to_string(step)}}};
  table.labels["domain"] = Column(pass.origins, [](const contract::RowOrigin& row) { return int64_t{row.domain}; });
  table.labels["source"] = Column(pass.origins, [](const contract::RowOrigin& row) { return int64_t{row.source}; });
  table.labels["episode"] = Column(pass.origins, [](const contract::RowOrigin& row) { return row.episode; });
  table.labels["frame"] = Column(pass.origins, [](const contract::RowOrigin& row) { return row.frame; });
  for (const policy::ConditionInput& condition : layout.conditions) table.conditions.push_back(condition.key);
  policy::WriteLatents(file, table);
  return true;
}

}  // namespace heddle::train

#include "heddle/policy/acting_policy.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/policy/label_effect.h"

namespace heddle::policy {

void AddActAs(const std::string& setting, ActingChanges& changes) {
  const size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0)
    ThrowUsage("'" + setting + "' is not KEY=VALUE", "--act-as", "say e.g. strategy=safe");
  changes.act_as[setting.substr(0, equals)] = setting.substr(equals + 1);
}

ActingPolicy::ActingPolicy(Checkpoint checkpoint, const ActingChanges& changes) : checkpoint_(std::move(checkpoint)) {
  for (const auto& [key, value] : changes.act_as) ActAs(key, value);
  plan_ = ActPlan::Of(*checkpoint_.policy, card(), (checkpoint_.folder / "card.yaml").string());
  if (changes.guidance) SetGuidance(*changes.guidance);
}

void ActingPolicy::SetGuidance(double lambda) {
  if (!std::isfinite(lambda)) ThrowUsage("guidance must be a finite number", "guidance");
  if (lambda != 0 && card().conditions.empty()) {
    ThrowUsage("this policy was told no label in training, so there is nothing to guide it by", "guidance",
               "train one with a method that conditions, such as cfg");
  }
  checkpoint_.card.guidance.lambda = plan_.lambda = lambda;
}

void ActingPolicy::ActAs(const std::string& key, const std::string& value) {
  std::vector<std::string> keys;
  for (contract::CardCondition& condition : checkpoint_.card.conditions) {
    keys.push_back(condition.key);
    if (condition.key != key) continue;
    if (!value.empty() && std::ranges::find(condition.values, value) == condition.values.end())
      ThrowUsage("the policy was not trained with " + key + " '" + value + "'", "--act-as",
                 SuggestName(value, condition.values));
    if (condition.act != value) changed_[key] = value;
    condition.act = value;
    return;
  }
  ThrowUsage("the policy has no condition '" + key + "'", "--act-as",
             keys.empty() ? "it was told no label in training" : SuggestName(key, keys));
}

std::map<std::string, std::string> GuidanceDetails(const contract::AdaptationCard& card) {
  std::map<std::string, std::string> details;
  if (card.guidance.lambda == 0) return details;
  if (card.guidance.over_time != "constant") details["guidance_over_time"] = card.guidance.over_time;
  for (const contract::CardCondition& condition : card.conditions) {
    if (!condition.against.empty()) details["against_" + condition.key] = condition.against;
  }
  return details;
}

std::map<std::string, std::string> ActingPolicy::acting() const {
  std::map<std::string, std::string> acting = changed_;
  acting.merge(GuidanceDetails(card()));
  return acting;
}

ActingPolicy::Asked ActingPolicy::AskedOf(const Moment& moment) const {
  const contract::Batch batch = BatchOf(std::span(&moment.observation, 1), layout(), card().embodiment);
  return {RowsOf(batch, layout(), checkpoint_.policy->normaliser()),
          ActingNoise(layout(), plan_, moment.episode_seed, moment.step).unsqueeze(0)};
}

Acted ActingPolicy::Act(const Moment& moment) {
  const Asked asked = AskedOf(moment);
  return policy::Act(*checkpoint_.policy, asked.rows, asked.noise_BHD, plan_);
}

Acted ActingPolicy::Act(const Moment& moment, Thoughts& thoughts) {
  const at::NoGradGuard no_grad;
  const Asked asked = AskedOf(moment);
  ActPlan free = plan_;
  free.low.clear(), free.high.clear();
  Policy& policy = *checkpoint_.policy;
  thoughts.effect_B = LabelEffect(policy, asked.rows, asked.noise_BHD, free);
  Acted acted = policy::Act(policy, asked.rows, asked.noise_BHD, free);
  thoughts.chunk_BC = NormalisedActions(policy, free, acted.actions_BHD).flatten(1);
  thoughts.latents = acted.latents;
  KeepWithin(plan_, acted.actions_BHD);
  return acted;
}

}  // namespace heddle::policy

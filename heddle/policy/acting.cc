#include "heddle/policy/acting.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

int64_t PlaceOf(const std::vector<std::string>& values, const std::string& value, const std::string& key,
                const std::string& place) {
  if (value.empty()) return 0;
  const auto found = std::ranges::find(values, value);
  if (found == values.end()) {
    ThrowInput("condition '" + key + "' has no value '" + value + "' in the policy", place, SuggestName(value, values));
  }
  return found - values.begin() + 1;
}

at::Tensor LabelsOf(const std::vector<int64_t>& values, int64_t rows) {
  return tensor::CopyOf<int64_t>(values, {1, static_cast<int64_t>(values.size())})
      .expand({rows, static_cast<int64_t>(values.size())});
}

// What the head says at each level, with or without a second branch.
class GuidedHead {
 public:
  GuidedHead(Policy& policy, const at::Tensor& z_BW, const ActPlan& plan) : network_(policy.network()) {
    const int64_t rows = z_BW.size(0);
    const bool has_label = !plan.act.empty();
    const bool constant = plan.over_time == OverTime::kConstant;
    both_ = has_label && plan.lambda != 0 && !(constant && plan.lambda == -1) && plan.act != plan.against;
    const std::vector<int64_t>& first = constant && plan.lambda == -1 ? plan.against : plan.act;
    const at::Tensor zc_BC = network_.Join(z_BW, LabelsOf(first, rows));
    std::vector<at::Tensor> times;
    for (const int64_t level : policy.noise().sampler()) times.push_back(network_.time_features()[level]);
    times.pop_back();  // where the sampler ends, nothing is asked any more
    network_.head().Begin(both_ ? at::cat({zc_BC, network_.Join(z_BW, LabelsOf(plan.against, rows))}) : zc_BC,
                          at::stack(times));
  }

  // At the sampler's step-th level.
  at::Tensor Say(const at::Tensor& noised_BHA, int64_t step, double lambda) const {
    if (!both_) return network_.head().Again(noised_BHA, step);
    const int64_t rows = noised_BHA.size(0);
    const at::Tensor said = network_.head().Again(at::cat({noised_BHA, noised_BHA}), step);
    return (1 + lambda) * said.narrow(0, 0, rows) - lambda * said.narrow(0, rows, rows);
  }

 private:
  Network& network_;
  bool both_ = false;
};

// From -1 .. 1 to physical units.
at::Tensor Physical(const at::Tensor& actions_BHD, const Policy& policy, const ActPlan& plan) {
  at::Tensor out_BHD = actions_BHD.contiguous().clone();
  const auto values = tensor::MutableViewOf<float>(out_BHD);
  const auto at = static_cast<size_t>(policy.layout().ActionAt(plan.action));
  const size_t size = policy.layout().actions[plan.action].names.size();
  const Scaling& scaling = policy.normaliser().actions;
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t d = i % size;
    values[i] = values[i] * scaling.scale[at + d] + scaling.centre[at + d];
  }
  return out_BHD;
}

}  // namespace

OverTime OverTimeFromName(const std::string& name) {
  const std::vector<std::string> names = {"constant", "early", "late"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    ThrowUsage("guidance over time can't be '" + name + "'", "guidance.over_time", SuggestName(name, names));
  return static_cast<OverTime>(found - names.begin());
}

double ActPlan::LambdaAt(int64_t level, int64_t levels) const {
  const double share = static_cast<double>(level) / static_cast<double>(levels);
  switch (over_time) {
    case OverTime::kConstant: return lambda;
    case OverTime::kEarly: return lambda * share;
    case OverTime::kLate: break;
  }
  return lambda * (1 - share);
}

ActPlan ActPlan::Of(const Policy& policy, const contract::AdaptationCard& card, const std::string& place) {
  const PolicyLayout& layout = policy.layout();
  ActPlan plan;
  const auto acts = std::ranges::find_if(layout.actions, [&](const ActionOutput& action) {
    return action.embodiment == card.embodiment && action.representation == card.action.representation;
  });
  if (acts == layout.actions.end()) {
    ThrowInput(
        "the policy has no actions of embodiment '" + card.embodiment + "' as '" + card.action.representation + "'",
        place, "take a card that was made for this checkpoint");
  }
  plan.action = static_cast<size_t>(acts - layout.actions.begin());
  if (acts->names != card.action.names) ThrowInput("'action.names' differ from the policy's", place);
  if (card.conditions.size() != layout.conditions.size()) ThrowInput("'conditions' differ from the policy's", place);
  for (size_t k = 0; k < layout.conditions.size(); ++k) {
    const contract::CardCondition& said = card.conditions[k];
    const ConditionInput& known = layout.conditions[k];
    if (said.key != known.key) ThrowInput("'conditions' differ from the policy's", place);
    plan.act.push_back(PlaceOf(known.values, said.act, said.key, place));
    plan.against.push_back(PlaceOf(known.values, said.against, said.key, place));
  }
  plan.lambda = card.guidance.lambda;
  plan.over_time = OverTimeFromName(card.guidance.over_time);
  plan.low.assign(card.limits.low.begin(), card.limits.low.end());
  plan.high.assign(card.limits.high.begin(), card.limits.high.end());
  return plan;
}

Acted Act(Policy& policy, const PolicyRows& rows, const at::Tensor& noise_BHD, const ActPlan& plan) {
  const at::NoGradGuard no_grad;
  const PolicyLayout& layout = policy.layout();
  const int64_t from = layout.ActionAt(plan.action), size = layout.actions[plan.action].size();
  const bool alone = layout.actions.size() == 1;
  Acted out{{}, policy.network().Encode(rows)};
  const GuidedHead head(policy, out.latents.z_BW, plan);
  at::Tensor chunk_BHA = noise_BHD;
  if (!alone) {
    chunk_BHA = at::zeros({noise_BHD.size(0), layout.action_steps, layout.num_actions()}, noise_BHD.options());
    chunk_BHA.narrow(2, from, size).copy_(noise_BHD);
  }
  const NoiseProcess& noise = policy.noise();
  const std::vector<int64_t>& levels = noise.sampler();
  for (size_t i = 0; i + 1 < levels.size(); ++i) {
    const double lambda = plan.LambdaAt(levels[i], noise.steps());
    const at::Tensor said_BHA = head.Say(chunk_BHA, static_cast<int64_t>(i), lambda);
    if (alone) {
      chunk_BHA = noise.Step(chunk_BHA, said_BHA, levels[i], levels[i + 1]);
    } else {
      at::Tensor own_BHD = chunk_BHA.narrow(2, from, size);
      own_BHD.copy_(noise.Step(own_BHD, said_BHA.narrow(2, from, size), levels[i], levels[i + 1]));
    }
  }
  out.actions_BHD = Physical(chunk_BHA.narrow(2, from, size), policy, plan);
  KeepWithin(plan, out.actions_BHD);
  return out;
}

void KeepWithin(const ActPlan& plan, at::Tensor& actions_BHD) {
  if (plan.low.empty()) return;
  const auto values = tensor::MutableViewOf<float>(actions_BHD);
  for (size_t i = 0; i < values.size(); ++i) {
    const size_t d = i % plan.low.size();
    values[i] = std::clamp(values[i], plan.low[d], plan.high[d]);
  }
}

at::Tensor ActingNoise(const PolicyLayout& layout, const ActPlan& plan, uint64_t episode_seed, int64_t step) {
  at::Tensor noise_HD = at::empty({layout.action_steps, layout.actions[plan.action].size()}, at::kFloat);
  RandomStream(episode_seed, "policy.act")
      .Split(static_cast<uint64_t>(step))
      .FillNormal(tensor::MutableViewOf<float>(noise_HD));
  return noise_HD;
}

}  // namespace heddle::policy

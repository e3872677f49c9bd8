// How a policy acts: from a row of observations and a chunk of noise to a chunk of actions in physical units.
//
// Guidance: with a label c that the policy was shown in training,
//
//   said = (1 + λ) said(c) - λ said(∅),
//
// where ∅ is no label, or another of its values. λ = 0 acts by the label alone, λ = -1 by the other branch alone, and
// then only that one is computed; else both stand in one batch.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/contract/card.h"
#include "heddle/policy/policy.h"

namespace heddle::policy {

enum class OverTime {
  kConstant,
  kEarly,  // λ t/T: strongest where there is most noise
  kLate,   // λ (1 - t/T)
};
OverTime OverTimeFromName(const std::string& name);  // "constant", "early", "late"; usage error for anything else

struct ActPlan {
  size_t action = 0;             // which of the layout's action outputs
  std::vector<int64_t> act;      // of each condition the value to act under, plus 1; 0: none
  std::vector<int64_t> against;  // of guidance's other branch
  double lambda = 0;
  OverTime over_time = OverTime::kConstant;
  std::vector<float> low, high;  // what is beyond is cut off

  // What the card says. kInput, naming the field, where card and policy do not fit.
  static ActPlan Of(const Policy& policy, const contract::AdaptationCard& card, const std::string& place);
  double LambdaAt(int64_t level, int64_t levels) const;
};

struct Acted {
  at::Tensor actions_BHD;  // of the plan's embodiment, physical units
  Latents latents;
};

// Cuts off what is beyond the plan's limits.
void KeepWithin(const ActPlan& plan, at::Tensor& actions_BHD);

// noise_BHD: standard normal, of the plan's embodiment. No gradient. The head keeps what it computes of the latent, so
// one thread at a time.
Acted Act(Policy& policy, const PolicyRows& rows, const at::Tensor& noise_BHD, const ActPlan& plan);

// The noise of one chunk, [H, D]: a function of (episode seed, step).
at::Tensor ActingNoise(const PolicyLayout& layout, const ActPlan& plan, uint64_t episode_seed, int64_t step);

}  // namespace heddle::policy

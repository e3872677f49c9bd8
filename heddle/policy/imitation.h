// What a policy is taught by: how far its head is from what the noise process asks for, row by row.
//
//   row loss = Σ weight (said - wanted)²;    loss = mean over the rows that have actions
//
// A row without actions has no imitation loss; its latent is there for the objectives.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/core/random.h"
#include "heddle/policy/policy.h"

namespace heddle::policy {

struct Imitation {
  Latents latents;
  PolicyRows rows;
  ActionRows actions;
  at::Tensor row_loss_B;  // 0 where a row has no actions
  at::Tensor loss;        // undefined where no row has
};

// Noise and levels are drawn from `random`. In training labels are dropped and pictures are varied, by it too.
Imitation Imitate(const Policy& policy, const contract::Batch& batch, const RandomStream& random, bool training);

// All labels of a row together, with probability p: rows become 0.
void DropConditions(at::Tensor& conditions_BK, double p, RandomStream random);

}  // namespace heddle::policy

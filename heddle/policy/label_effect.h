// How far a policy's actions move when its first label is swapped: what a label is worth to the head.
//
// Root mean square over a chunk, in normalised units, without guidance (which would shrink or stretch it); the noise is
// the same on both sides. A label that is ignored gives 0, so that a latent that hides the domain beside a label that
// nobody reads is not called discernible.
#pragma once

#include <ATen/core/Tensor.h>

#include "heddle/policy/acting.h"

namespace heddle::policy {

// From the labels of `plan`. [B]; zeros where the policy has no conditions.
at::Tensor LabelEffect(Policy& policy, const PolicyRows& rows, const at::Tensor& noise_BHD, const ActPlan& plan);

// Of the plan's embodiment, in normalised units: [B, H, D] -> [B, H, D].
at::Tensor NormalisedActions(const Policy& policy, const ActPlan& plan, const at::Tensor& actions_BHD);

}  // namespace heddle::policy

#include "heddle/policy/imitation.h"

#include <ATen/ATen.h>

#include "heddle/tensor/views.h"

namespace heddle::policy {

void DropConditions(at::Tensor& conditions_BK, double p, RandomStream random) {
  const auto values = tensor::MutableViewOf<int64_t>(conditions_BK);
  const auto keys = static_cast<size_t>(conditions_BK.size(1));
  for (size_t row = 0; row < static_cast<size_t>(conditions_BK.size(0)); ++row) {
    if (random.Uniform() >= p) continue;
    for (size_t k = 0; k < keys; ++k) values[row * keys + k] = 0;
  }
}

Imitation Imitate(const Policy& policy, const contract::Batch& batch, const RandomStream& random, bool training) {
  const Network& network = policy.network();
  Imitation out;
  out.rows = RowsOf(batch, policy.layout(), policy.normaliser());
  out.actions = ActionsOf(batch, policy.layout(), policy.normaliser());
  const NoiseProcess::Noised noised = policy.noise().Noise(out.actions, random.Split("noise"));
  at::Tensor conditions_BK = out.rows.conditions_BK;
  if (training && conditions_BK.size(1) > 0) {
    conditions_BK = conditions_BK.clone();
    DropConditions(conditions_BK, policy.spec().conditions.dropout, random.Split("drop"));
  }
  const RandomStream augment = random.Split("pictures");
  out.latents = network.Encode(out.rows, training ? &augment : nullptr);
  const at::Tensor said_BHA = network.head()(network.Join(out.latents.z_BW, conditions_BK), noised.noised_BHA,
                                             network.time_features().index_select(0, noised.level_B));
  const at::Tensor error_BHA = said_BHA - noised.wanted_BHA;
  out.row_loss_B = (error_BHA * error_BHA * out.actions.weight_BHA).sum({1, 2});
  if (out.actions.num_labelled > 0) out.loss = out.row_loss_B.sum() / out.actions.num_labelled;
  return out;
}

}  // namespace heddle::policy

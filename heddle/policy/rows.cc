#include "heddle/policy/rows.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

struct Feature {
  std::span<const float> values;  // [B, T, D]
  std::span<const bool> present;  // [B, D]
  int64_t times = 0;
};

Feature FeatureOf(const contract::Batch& batch, const std::string& name, int64_t size) {
  const auto values = batch.values.find(name);
  HEDDLE_DEMAND(values != batch.values.end());
  HEDDLE_DEMAND(values->second.dim() == 3 && values->second.size(2) == size);
  return {tensor::ViewOf<float>(values->second, name), tensor::ViewOf<bool>(batch.is_present.at(name), name),
          values->second.size(1)};
}

void FillNumbers(const contract::Batch& batch, const PolicyLayout& layout, const Scaling& scaling, std::span<float> out,
                 size_t rows) {
  const auto all = static_cast<size_t>(layout.num_numbers());
  const size_t width = all + layout.numbers.size();
  for (size_t i = 0; i < layout.numbers.size(); ++i) {
    const auto at = static_cast<size_t>(layout.NumberAt(i)), size = layout.numbers[i].names.size();
    const Feature feature = FeatureOf(batch, layout.numbers[i].name, layout.numbers[i].size());
    HEDDLE_DEMAND(feature.times == 1);
    for (size_t row = 0; row < rows; ++row) {
      bool any = false;
      for (size_t d = 0; d < size; ++d) {
        const bool present = feature.present[row * size + d];
        const float value = (feature.values[row * size + d] - scaling.centre[at + d]) / scaling.scale[at + d];
        out[row * width + at + d] = present ? value : 0;
        any = any || present;
      }
      out[row * width + all + i] = any ? 1 : 0;
    }
  }
}

at::Tensor ConditionsOf(const contract::Batch& batch, const PolicyLayout& layout, int64_t rows) {
  const auto keys = static_cast<int64_t>(layout.conditions.size());
  at::Tensor conditions_BK = at::zeros({rows, keys}, at::kLong);
  const auto out = tensor::MutableViewOf<int64_t>(conditions_BK);
  for (int64_t k = 0; k < keys; ++k) {
    const auto found = batch.conditions.find(layout.conditions[static_cast<size_t>(k)].key);
    if (found == batch.conditions.end()) continue;
    const auto values = tensor::ViewOf<int64_t>(found->second);
    for (int64_t row = 0; row < rows; ++row)
      out[static_cast<size_t>(row * keys + k)] = values[static_cast<size_t>(row)];
  }
  return conditions_BK;
}

}  // namespace

int64_t PolicyRows::size() const { return numbers_BN.size(0); }

PolicyRows RowsOf(const contract::Batch& batch, const PolicyLayout& layout, const Normaliser& normaliser) {
  const auto rows = static_cast<int64_t>(batch.origins.size());
  PolicyRows out;
  out.numbers_BN = at::empty({rows, layout.num_numbers() + static_cast<int64_t>(layout.numbers.size())}, at::kFloat);
  FillNumbers(batch, layout, normaliser.numbers, tensor::MutableViewOf<float>(out.numbers_BN),
              static_cast<size_t>(rows));
  for (const CameraInput& camera : layout.cameras) {
    const at::Tensor& pictures = batch.values.at(camera.name);
    HEDDLE_DEMAND(pictures.dim() == 5 && pictures.size(1) == 1);
    out.pictures.push_back(pictures.squeeze(1));
    out.picture_present.push_back(batch.is_present.at(camera.name));
  }
  out.conditions_BK = ConditionsOf(batch, layout, rows);
  return out;
}

ActionRows ActionsOf(const contract::Batch& batch, const PolicyLayout& layout, const Normaliser& normaliser) {
  const size_t rows = batch.origins.size(), steps = static_cast<size_t>(layout.action_steps);
  const auto width = static_cast<size_t>(layout.num_actions());
  const std::vector<int64_t> sizes = {static_cast<int64_t>(rows), layout.action_steps, layout.num_actions()};
  ActionRows out;
  out.actions_BHA = at::zeros(sizes, at::kFloat);
  out.weight_BHA = at::zeros(sizes, at::kFloat);
  out.present_BA = at::zeros({static_cast<int64_t>(rows), layout.num_actions()}, at::kFloat);
  const auto present = tensor::MutableViewOf<float>(out.present_BA);
  const auto actions = tensor::MutableViewOf<float>(out.actions_BHA);
  const auto weight = tensor::MutableViewOf<float>(out.weight_BHA);
  const Scaling& scaling = normaliser.actions;
  for (size_t i = 0; i < layout.actions.size(); ++i) {
    const std::string& name = layout.actions[i].name;
    const auto at = static_cast<size_t>(layout.ActionAt(i)), size = layout.actions[i].names.size();
    const Feature feature = FeatureOf(batch, name, layout.actions[i].size());
    HEDDLE_DEMAND(feature.times == layout.action_steps);
    const auto is_pad = tensor::ViewOf<bool>(batch.is_pad.at(name), name);
    for (size_t row = 0; row < rows; ++row) {
      for (size_t d = 0; d < size; ++d) present[row * width + at + d] = feature.present[row * size + d] ? 1 : 0;
      for (size_t step = 0; step < steps; ++step) {
        const size_t from = (row * steps + step) * size, to = (row * steps + step) * width + at;
        for (size_t d = 0; d < size; ++d) {
          if (!feature.present[row * size + d]) continue;
          actions[to + d] = (feature.values[from + d] - scaling.centre[at + d]) / scaling.scale[at + d];
          weight[to + d] = is_pad[row * steps + step] ? 0 : 1;
        }
      }
    }
  }
  for (size_t row = 0; row < rows; ++row) {
    const auto part = weight.subspan(row * steps * width, steps * width);
    float count = 0;
    for (const float one : part) count += one;
    if (count > 0) {
      for (float& one : part) one /= count;
      ++out.num_labelled;
    }
    out.labelled.push_back(count > 0);
  }
  return out;
}

}  // namespace heddle::policy

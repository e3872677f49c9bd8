#include "heddle/policy/normaliser.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

using contract::FeatureStatistics;

const FeatureStatistics& StatisticsOf(const contract::Statistics& all, const std::string& name, size_t size) {
  const auto found = all.find(name);
  if (found == all.end()) ThrowInput("there are no statistics to normalise it with", name);
  const FeatureStatistics& statistics = found->second;
  for (const auto* list : {&statistics.min, &statistics.max, &statistics.mean, &statistics.std}) {
    if (list->size() != size) {
      ThrowInput(
          "its statistics are of " + std::to_string(list->size()) + " dimensions, and it has " + std::to_string(size),
          name);
    }
  }
  return statistics;
}

void Append(const std::string& place, double centre, double scale, Scaling& scaling) {
  if (scale < static_cast<double>(kScaleFloor)) scaling.floored.push_back(place);
  scaling.centre.push_back(static_cast<float>(centre));
  scaling.scale.push_back(std::max(static_cast<float>(scale), kScaleFloor));
}

std::vector<float> FloatsOf(const tensor::Safetensors& file, const std::string& name, int64_t size,
                            const std::string& place) {
  const auto found = file.tensors.find(name);
  if (found == file.tensors.end()) ThrowInput("has no tensor '" + name + "'", place);
  const at::Tensor& values = found->second;
  if (values.scalar_type() != at::kFloat || values.dim() != 1 || values.size(0) != size)
    ThrowInput("'" + name + "' is not float32 [" + std::to_string(size) + "]", place);
  const auto view = tensor::ViewOf<float>(values);
  for (const float value : view) {
    if (!std::isfinite(value)) ThrowInput("'" + name + "' holds a number that is not finite", place);
  }
  return {view.begin(), view.end()};
}

Scaling ScalingFrom(const tensor::Safetensors& file, const std::string& what, int64_t size, const std::string& place) {
  Scaling scaling;
  scaling.centre = FloatsOf(file, what + ".centre", size, place);
  scaling.scale = FloatsOf(file, what + ".scale", size, place);
  if (std::ranges::any_of(scaling.scale, [](float scale) { return !(scale > 0); }))
    ThrowInput("'" + what + ".scale' holds a number that is not above 0", place);
  const auto floored = file.metadata.find(what + ".floored");
  if (floored != file.metadata.end() && !floored->second.empty()) scaling.floored.push_back(floored->second);
  return scaling;
}

at::Tensor TensorOf(const std::vector<float>& values) {
  return tensor::CopyOf<float>(values, {static_cast<int64_t>(values.size())});
}

}  // namespace

Normaliser Normaliser::Of(const PolicyLayout& layout, const contract::Statistics& all) {
  Normaliser normaliser;
  for (const NumberInput& input : layout.numbers) {
    const FeatureStatistics& statistics = StatisticsOf(all, input.name, input.names.size());
    for (size_t i = 0; i < input.names.size(); ++i)
      Append(input.name + ": " + input.names[i], statistics.mean[i], statistics.std[i], normaliser.numbers);
  }
  for (const ActionOutput& action : layout.actions) {
    const FeatureStatistics& statistics = StatisticsOf(all, action.name, action.names.size());
    for (size_t i = 0; i < action.names.size(); ++i) {
      const double low = statistics.min[i], high = statistics.max[i];
      Append(action.name + ": " + action.names[i], (high + low) / 2, (high - low) / 2, normaliser.actions);
    }
  }
  return normaliser;
}

tensor::NamedTensors Normaliser::ToTensors() const {
  return {{"numbers.centre", TensorOf(numbers.centre)},
          {"numbers.scale", TensorOf(numbers.scale)},
          {"actions.centre", TensorOf(actions.centre)},
          {"actions.scale", TensorOf(actions.scale)}};
}

tensor::Metadata Normaliser::ToMetadata() const {
  return {{"numbers.floored", Join(numbers.floored, ", ")}, {"actions.floored", Join(actions.floored, ", ")}};
}

Normaliser Normaliser::FromTensors(const tensor::Safetensors& file, const PolicyLayout& layout,
                                   const std::string& place) {
  return {ScalingFrom(file, "numbers", layout.num_numbers(), place),
          ScalingFrom(file, "actions", layout.num_actions(), place)};
}

}  // namespace heddle::policy

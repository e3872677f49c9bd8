#include "heddle/policy/observation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "heddle/core/error.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

const std::vector<float>& NumbersOf(const Observation& observation, const NumberInput& input) {
  const auto found = observation.numbers.find(input.feature);
  if (found == observation.numbers.end()) ThrowInput("is missing in the observation", input.feature);
  if (found->second.size() != input.names.size()) {
    ThrowInput("has " + std::to_string(found->second.size()) + " numbers, and the policy reads " +
                   std::to_string(input.names.size()),
               input.feature);
  }
  return found->second;
}

void AddNumbers(std::span<const Observation> observations, const NumberInput& input, bool own, contract::Batch& batch) {
  const auto rows = static_cast<int64_t>(observations.size());
  at::Tensor values_BTD = at::zeros({rows, 1, input.size()}, at::kFloat);
  batch.is_present[input.name] = at::full({rows, input.size()}, own, at::kBool);
  if (own) {
    const auto out = tensor::MutableViewOf<float>(values_BTD);
    for (size_t row = 0; row < observations.size(); ++row)
      std::ranges::copy(NumbersOf(observations[row], input), out.begin() + static_cast<int64_t>(row) * input.size());
  }
  batch.values[input.name] = values_BTD;
}

void AddPictures(std::span<const Observation> observations, const CameraInput& camera, contract::Batch& batch) {
  const auto rows = static_cast<int64_t>(observations.size());
  at::Tensor values = at::empty({rows, 1, camera.height, camera.width, 3}, at::kByte);
  const auto out = tensor::MutableViewOf<uint8_t>(values);
  const auto bytes = static_cast<size_t>(camera.height * camera.width * 3);
  for (size_t row = 0; row < observations.size(); ++row) {
    const auto found = observations[row].pictures.find(camera.name);
    if (found == observations[row].pictures.end()) ThrowInput("is missing in the observation", camera.name);
    const Picture& picture = found->second;
    if (picture.height != camera.height || picture.width != camera.width) {
      ThrowInput("is " + std::to_string(picture.width) + "x" + std::to_string(picture.height) +
                     ", and the policy reads " + std::to_string(camera.width) + "x" + std::to_string(camera.height),
                 camera.name);
    }
    std::memcpy(out.data() + row * bytes, picture.pixels, bytes);
  }
  batch.values[camera.name] = values;
  batch.is_present[camera.name] = at::ones({rows}, at::kBool);
}

}  // namespace

contract::Batch BatchOf(std::span<const Observation> observations, const PolicyLayout& layout,
                        const std::string& embodiment) {
  contract::Batch batch;
  batch.origins.resize(observations.size());
  for (const NumberInput& input : layout.numbers)
    AddNumbers(observations, input, input.embodiment.empty() || input.embodiment == embodiment, batch);
  for (const CameraInput& camera : layout.cameras) AddPictures(observations, camera, batch);
  return batch;
}

}  // namespace heddle::policy

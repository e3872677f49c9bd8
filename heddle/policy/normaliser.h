// From physical units to what nets like, and back: (x - centre) / scale, a dimension at a time.
//
// Observations: mean 0 and deviation 1 over the training data. Actions: their range to -1 .. 1, which is what the
// sampler keeps to. Each feature has statistics of its own, and features are told apart by embodiment and action
// representation, so that is what they are per. A dimension that hardly moves is not blown up: scales below the floor
// are the floor, and the dimension is remembered.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/policy/layout.h"
#include "heddle/tensor/safetensors.h"

namespace heddle::policy {

// In the feature's unit (metres, radians, shares): less than a millimetre says nothing.
inline constexpr float kScaleFloor = 1e-3f;

struct Scaling {
  std::vector<float> centre, scale;
  std::vector<std::string> floored;  // "observation.state@panda: gripper"

  size_t size() const { return centre.size(); }
};

struct Normaliser {
  Scaling numbers;  // S, in the layout's order
  Scaling actions;  // A

  // kInput for a feature of the layout that the statistics lack or give in another size.
  static Normaliser Of(const PolicyLayout& layout, const contract::Statistics& statistics);

  // stats.safetensors.
  tensor::NamedTensors ToTensors() const;
  tensor::Metadata ToMetadata() const;
  // kInput, with `place`, where it does not fit the layout or a scale is not above 0.
  static Normaliser FromTensors(const tensor::Safetensors& file, const PolicyLayout& layout, const std::string& place);
};

}  // namespace heddle::policy

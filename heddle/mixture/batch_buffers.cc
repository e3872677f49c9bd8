#include "heddle/mixture/batch_buffers.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

constexpr double kMaxBytes = 1099511627776.0;

at::Tensor Make(at::IntArrayRef sizes, at::ScalarType type) {
  return at::empty(sizes, at::TensorOptions().dtype(type).pinned_memory(at::hasCUDA())).zero_();
}

}  // namespace

BatchBuffers::BatchBuffers(const Layout& layout, const Vocabulary& vocabulary, int64_t rows) {
  batch.origins.resize(static_cast<size_t>(rows));
  batch.tasks.resize(static_cast<size_t>(rows));
  const auto flags = [](at::Tensor& tensor, int64_t stride) {
    return Rows<bool>{tensor.mutable_data_ptr<bool>(), stride};
  };
  for (const NumericLayout& feature : layout.numbers) {
    const auto times = static_cast<int64_t>(layout.Steps(feature.name).size());
    at::Tensor values = batch.values[feature.name] = Make({rows, times, feature.size()}, at::kFloat);
    at::Tensor pad = batch.is_pad[feature.name] = Make({rows, times}, at::kBool);
    at::Tensor present = batch.is_present[feature.name] = Make({rows, feature.size()}, at::kBool);
    numbers_.push_back({{values.mutable_data_ptr<float>(), times * feature.size()},
                        flags(pad, times),
                        flags(present, feature.size())});
  }
  for (const CameraLayout& camera : layout.cameras) {
    const auto times = static_cast<int64_t>(layout.Steps(camera.name).size());
    at::Tensor values = batch.values[camera.name] = Make({rows, times, camera.height, camera.width, 3}, at::kByte);
    at::Tensor pad = batch.is_pad[camera.name] = Make({rows, times}, at::kBool);
    at::Tensor present = batch.is_present[camera.name] = Make({rows}, at::kBool);
    pictures_.push_back({{values.mutable_data_ptr<uint8_t>(), times * camera.height * camera.width * 3},
                         flags(pad, times),
                         flags(present, 1)});
  }
  for (const auto& [key, unused] : vocabulary.values()) {
    at::Tensor indices = batch.conditions[key] = Make({rows}, at::kLong);
    conditions_.push_back(indices.mutable_data_ptr<int64_t>());
  }
}

void BatchBuffers::SetConditions(int64_t row, const std::vector<int64_t>& indices) {
  HEDDLE_DEMAND(indices.size() == conditions_.size());
  for (size_t key = 0; key < indices.size(); ++key) conditions_[key][row] = indices[key];
}

size_t BatchBytes(const Layout& layout, int64_t rows) {
  double bytes = 0;
  for (const NumericLayout& feature : layout.numbers) {
    const auto times = static_cast<double>(layout.Steps(feature.name).size());
    bytes += times * (1 + 4 * static_cast<double>(feature.size())) + static_cast<double>(feature.size());
  }
  for (const CameraLayout& camera : layout.cameras) {
    const auto times = static_cast<double>(layout.Steps(camera.name).size());
    bytes += times * (1 + 3 * static_cast<double>(camera.height) * static_cast<double>(camera.width)) + 1;
  }
  bytes *= static_cast<double>(rows);
  if (bytes > kMaxBytes)
    ThrowUsage("a batch would take more than 1024 GB", "batch_size", "make it or the pictures smaller");
  return static_cast<size_t>(bytes);
}

}  // namespace heddle::mixture

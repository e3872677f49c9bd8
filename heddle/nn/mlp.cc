#include "heddle/nn/mlp.h"

#include <cmath>
#include <string>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::nn {
namespace {

int RoundUp(int value, int step) { return (value + step - 1) / step * step; }

}  // namespace

std::int64_t MlpShape::forward_flops() const {
  const std::int64_t w = width;
  return 2 * (inputs * w + (hidden_layers - 1) * w * w + w * outputs);
}

std::int64_t MlpShape::training_flops() const { return 3 * forward_flops() - 2 * std::int64_t{inputs} * width; }

void MlpShape::Validate() const {
  if (width < kColumnStep || width % kColumnStep != 0) {
    ThrowUsage("a width of " + std::to_string(width) + " does not fit the kernels", "net.width",
               "use a multiple of " + std::to_string(kColumnStep));
  }
  if (inputs < 1 || outputs < 1 || hidden_layers < 1)
    ThrowUsage("a net needs inputs, outputs and a hidden layer", "net");
}

MlpLayout::MlpLayout(const MlpShape& shape)
    : shape_(shape), padded_inputs_(RoundUp(shape.inputs, kRowStep)), row_(std::size_t(shape.width) + kRowPadding) {
  shape.Validate();
  for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
    const bool last = layer == shape.hidden_layers;
    weights_.push_back(size_);
    size_ += row_ * std::size_t(last ? shape.outputs : inputs_of(layer));
    bias_.push_back(size_);
    size_ += last ? std::size_t(RoundUp(shape.outputs, 16)) : row_;
  }
}

MlpStack::MlpStack(const MlpShape& shape, int nets)
    : layout_(shape), nets_(nets), values_(layout_.size() * std::size_t(nets)) {}

std::span<float> MlpStack::parameters(int net) {
  HEDDLE_DEMAND(net >= 0 && net < nets_);
  return std::span(values_).subspan(layout_.size() * std::size_t(net), layout_.size());
}

std::span<const float> MlpStack::parameters(int net) const {
  HEDDLE_DEMAND(net >= 0 && net < nets_);
  return std::span(values_).subspan(layout_.size() * std::size_t(net), layout_.size());
}

void MlpStack::Initialise(int net, RandomStream& random) {
  const MlpShape& shape = layout_.shape();
  const std::span<float> p = parameters(net);
  for (int layer = 0; layer <= shape.hidden_layers; ++layer) {
    const bool last = layer == shape.hidden_layers;
    const int fan_in = layer == 0 ? shape.inputs : shape.width;
    const double bound = 1.0 / std::sqrt(double(fan_in));
    const auto draw = [&] { return float((2.0 * random.Uniform() - 1.0) * bound); };
    const int rows = last ? shape.outputs : fan_in;
    for (int i = 0; i < rows; ++i) {
      for (int j = 0; j < shape.width; ++j)
        p[layout_.weights(layer) + std::size_t(i) * layout_.row() + std::size_t(j)] = draw();
    }
    const int biases = last ? shape.outputs : shape.width;
    for (int j = 0; j < biases; ++j) p[layout_.bias(layer) + std::size_t(j)] = draw();
  }
}

}  // namespace heddle::nn

#include "heddle/nn/mlp_worker.h"

#include <cstdint>

#include "heddle/core/check.h"

namespace heddle::nn {

float* AlignedFloats::data() {
  if (values_.empty()) return nullptr;
  const auto address = reinterpret_cast<std::uintptr_t>(values_.data());
  return values_.data() + (64 - address % 64) % 64 / sizeof(float);
}

MlpWorker::MlpWorker(const MlpLayout& layout, int max_batch, const MlpKernels& kernels)
    : layout_(layout),
      kernels_(kernels),
      max_batch_(max_batch),
      ld_input_(std::size_t(layout.padded_inputs())),
      ld_hidden_(layout.row()),
      input_(ld_input_ * std::size_t(max_batch)),
      outputs_(std::size_t(layout.shape().outputs) * std::size_t(max_batch)),
      d_outputs_(std::size_t(layout.shape().outputs) * std::size_t(max_batch)),
      transposed_(std::size_t(layout.shape().width) * layout.row()),
      layer_gradient_(layout.size()) {
  const std::size_t rows = ld_hidden_ * std::size_t(max_batch);
  for (int layer = 0; layer < layout.shape().hidden_layers; ++layer) hidden_.emplace_back(rows);
  for (AlignedFloats& d : d_hidden_) d = AlignedFloats(rows);
}

std::span<float> MlpWorker::input_row(int b) {
  HEDDLE_ASSERT(b >= 0 && b < max_batch_);
  return {input_.data() + std::size_t(b) * ld_input_, std::size_t(layout_.shape().inputs)};
}

std::span<const float> MlpWorker::outputs(int batch) const {
  return {outputs_.data(), std::size_t(batch) * std::size_t(layout_.shape().outputs)};
}

std::span<const float> MlpWorker::hidden_row(int layer, int b) const {
  return {hidden_[std::size_t(layer)].data() + std::size_t(b) * ld_hidden_, std::size_t(layout_.shape().width)};
}

void MlpWorker::Forward(std::span<const float> parameters, int batch) {
  HEDDLE_DEMAND(batch >= 1 && batch <= max_batch_ && parameters.size() == layout_.size());
  const float* p = parameters.data();
  const int last = layout_.shape().hidden_layers;
  const float* in = input_.data();
  std::size_t ld_in = ld_input_;
  for (int layer = 0; layer < last; ++layer) {
    float* out = hidden_[std::size_t(layer)].data();
    kernels_.forward_hidden(in, ld_in, p + layout_.weights(layer), layout_.row(), p + layout_.bias(layer), out,
                            ld_hidden_, batch, layout_.inputs_of(layer), layout_.shape().width);
    in = out;
    ld_in = ld_hidden_;
  }
  kernels_.forward_output(in, ld_in, p + layout_.weights(last), layout_.row(), p + layout_.bias(last), outputs_.data(),
                          batch, layout_.shape().width, layout_.shape().outputs);
}

float MlpWorker::SetMeanSquaredError(std::span<const float> targets_BO, int batch) {
  const std::size_t count = std::size_t(batch) * std::size_t(layout_.shape().outputs);
  HEDDLE_DEMAND(targets_BO.size() >= count);
  const float scale = 2.0f / float(count);
  const float* y = outputs_.data();
  float* d = d_outputs_.data();
  float sum = 0.0f;
  for (std::size_t i = 0; i < count; ++i) {
    const float error = y[i] - targets_BO[i];
    d[i] = scale * error;
    sum += error * error;
  }
  return sum / float(count);
}

void MlpWorker::BackwardLayer(int layer, std::span<const float> parameters, float* gradient, int batch) {
  const MlpShape& shape = layout_.shape();
  const int last = shape.hidden_layers;
  const float* weights = parameters.data() + layout_.weights(layer);
  float* grad_bias = gradient + (layout_.bias(layer) - layout_.weights(layer));
  float* d_below = d_hidden_[std::size_t(layer + 1) % 2].data();
  if (layer == last) {
    const float* act = hidden_[std::size_t(last - 1)].data();
    kernels_.gradient_output(act, ld_hidden_, d_outputs_.data(), gradient, layout_.row(), grad_bias, batch, shape.width,
                             shape.outputs);
    kernels_.backward_output(d_outputs_.data(), weights, layout_.row(), act, ld_hidden_, d_below, ld_hidden_, batch,
                             shape.outputs, shape.width);
    return;
  }
  const float* d_out = d_hidden_[std::size_t(layer) % 2].data();
  const float* in = layer == 0 ? input_.data() : hidden_[std::size_t(layer - 1)].data();
  const std::size_t ld_in = layer == 0 ? ld_input_ : ld_hidden_;
  kernels_.gradient_hidden(in, ld_in, d_out, ld_hidden_, gradient, layout_.row(), grad_bias, batch,
                           layout_.inputs_of(layer), shape.width);
  if (layer > 0) {
    kernels_.transpose(weights, layout_.row(), transposed_.data(), layout_.row(), shape.width, shape.width);
    kernels_.backward_hidden(d_out, ld_hidden_, transposed_.data(), layout_.row(), in, ld_hidden_, d_below, ld_hidden_,
                             batch, shape.width, shape.width);
  }
}

void MlpWorker::Backward(std::span<const float> parameters, std::span<float> gradient, int batch) {
  HEDDLE_DEMAND(gradient.size() == layout_.size());
  for (int layer = layout_.shape().hidden_layers; layer >= 0; --layer) {
    BackwardLayer(layer, parameters, gradient.data() + layout_.weights(layer), batch);
  }
}

void MlpWorker::Step(std::span<float> parameters, AdamState& state, const AdamStep& step, int batch) {
  for (int layer = layout_.shape().hidden_layers; layer >= 0; --layer) {
    const std::size_t begin = layout_.weights(layer);
    float* gradient = layer_gradient_.data() + begin;
    BackwardLayer(layer, parameters, gradient, batch);
    kernels_.adam(parameters.data() + begin, gradient, state.m.data() + begin, state.v.data() + begin,
                  layout_.end(layer) - begin, step);
  }
}

}  // namespace heddle::nn

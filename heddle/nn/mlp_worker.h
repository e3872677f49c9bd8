// One thread's buffers for running one net of a stack on one batch: forward, backward, and a step of Adam that follows
// each layer's gradient while it is still in the cache.
//
//   MlpWorker worker(stack.layout(), /*max_batch=*/128);
//   ... fill worker.input_row(b) for b < batch ...
//   worker.Forward(parameters, batch);
//   worker.SetMeanSquaredError(targets_BO, batch);          // returns the loss, sets its gradient
//   worker.Step(parameters, adam_state, step, batch);
#pragma once

#include <span>
#include <vector>

#include "heddle/nn/mlp.h"

namespace heddle::nn {

// Memory that starts on a cache line.
class AlignedFloats {
 public:
  AlignedFloats() = default;
  explicit AlignedFloats(std::size_t size) : values_(size + 16) {}
  float* data();
  const float* data() const { return const_cast<AlignedFloats*>(this)->data(); }

 private:
  std::vector<float> values_;
};

// Running moments of one net, laid out like its parameters.
struct AdamState {
  explicit AdamState(const MlpLayout& layout) : m(layout.size()), v(layout.size()) {}
  std::vector<float> m, v;
};

class MlpWorker {
 public:
  MlpWorker(const MlpLayout& layout, int max_batch, const MlpKernels& kernels = KernelsOfMachine());

  // The inputs of sample b: layout.shape().inputs floats to fill.
  std::span<float> input_row(int b);
  void Forward(std::span<const float> parameters, int batch);
  // [batch, outputs], dense.
  std::span<const float> outputs(int batch) const;
  // h_{layer+1} of sample b, after a Forward: `width` floats.
  std::span<const float> hidden_row(int layer, int b) const;

  // L = mean over batch and outputs of (y - target)²; keeps dL/dy for the backward pass.
  float SetMeanSquaredError(std::span<const float> targets_BO, int batch);
  // dL/dparameters, laid out like them.
  void Backward(std::span<const float> parameters, std::span<float> gradient, int batch);
  void Step(std::span<float> parameters, AdamState& state, const AdamStep& step, int batch);

 private:
  // Gradient of one layer into `gradient` (from the layer's own beginning on) and, above the first, dL/d of its inputs.
  void BackwardLayer(int layer, std::span<const float> parameters, float* gradient, int batch);

  const MlpLayout layout_;
  const MlpKernels& kernels_;
  int max_batch_;
  std::size_t ld_input_, ld_hidden_;
  AlignedFloats input_, outputs_, d_outputs_, transposed_, layer_gradient_;
  std::vector<AlignedFloats> hidden_;
  AlignedFloats d_hidden_[2];
};

}  // namespace heddle::nn

// A multi-layer perceptron with ReLU, and many of them stacked: one flat block of parameters a net, trained by the
// fused kernels (heddle/nn/mlp_kernels.h).
//
//   h_1 = relu(x W_1 + b_1), ..., h_L = relu(h_{L-1} W_L + b_L),  y = h_L W_oᵀ + b_o
//
// Nets of a stack share a shape and nothing else; any number of threads may work on different nets at the same time,
// each with an MlpWorker of its own. A net's bits depend on its own inputs alone, never on the number of threads.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/nn/mlp_kernels.h"

namespace heddle::nn {

struct MlpShape {
  int inputs = 0;
  int width = 0;          // of every hidden layer; a multiple of kColumnStep
  int hidden_layers = 0;  // >= 1
  int outputs = 0;        // few: the last layer is computed as dot products

  // Floating-point operations of one forward and backward pass a sample (2 a multiply-add; no gradient to the inputs).
  std::int64_t training_flops() const;
  std::int64_t forward_flops() const;
  // Rejects what the kernels cannot do: Error of kind kUsage.
  void Validate() const;
};

// Where the parts of a net's parameters stand in its flat block. Hidden weights are [inputs, width], the last are
// [outputs, width]; every row is `row` floats long, of which the last kRowPadding are zero and stay zero.
class MlpLayout {
 public:
  explicit MlpLayout(const MlpShape& shape);
  const MlpShape& shape() const { return shape_; }
  std::size_t row() const { return row_; }
  std::size_t size() const { return size_; }
  int inputs_of(int layer) const { return layer == 0 ? padded_inputs_ : shape_.width; }
  int padded_inputs() const { return padded_inputs_; }
  // layer in [0, hidden_layers]; the last is the output layer.
  std::size_t weights(int layer) const { return weights_[layer]; }
  std::size_t bias(int layer) const { return bias_[layer]; }
  std::size_t end(int layer) const { return layer + 1 < int(weights_.size()) ? weights_[layer + 1] : size_; }

 private:
  MlpShape shape_;
  int padded_inputs_;
  std::size_t row_, size_ = 0;
  std::vector<std::size_t> weights_, bias_;
};

// The parameters of `nets` nets, one after the other.
class MlpStack {
 public:
  MlpStack(const MlpShape& shape, int nets);
  int nets() const { return nets_; }
  const MlpLayout& layout() const { return layout_; }
  std::span<float> parameters(int net);
  std::span<const float> parameters(int net) const;
  // Weights and biases uniform in ±1/√fan_in, drawn from `random` in the order of the layers.
  void Initialise(int net, RandomStream& random);

 private:
  MlpLayout layout_;
  int nets_;
  std::vector<float> values_;
};

}  // namespace heddle::nn

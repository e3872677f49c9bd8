#include "heddle/nn/packed_linear.h"

#include <algorithm>

#include "heddle/nn/mlp_kernels.h"
#include "heddle/tensor/views.h"

namespace heddle::nn {

void PackedLinear::Pack(const Linear& linear) {
  const auto weight = tensor::ViewOf<float>(linear.weight()), bias = tensor::ViewOf<float>(linear.bias());
  outputs_ = static_cast<int>(linear.weight().size(0)), inputs_ = static_cast<int>(linear.weight().size(1));
  bias_.assign(static_cast<std::size_t>(PaddedColumns(outputs_)), 0);
  std::ranges::copy(bias, bias_.begin());
  panels_.resize(bias_.size() * static_cast<std::size_t>(inputs_));
  KernelsOfMachine().tokens.pack(weight.data(), panels_.data(), inputs_, outputs_);
}

void PackedLinear::operator()(const float* x, std::size_t ld_x, float* y, std::size_t ld_y, int rows) const {
  KernelsOfMachine().tokens.linear(x, ld_x, panels_.data(), bias_.data(), y, ld_y, rows, inputs_, padded_outputs());
}

}  // namespace heddle::nn

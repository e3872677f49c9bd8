// A linear layer's weights as the kernels of heddle/nn/token_kernels.h read them: to multiply a few rows many times,
// where laying them out anew each time, as libraries do, would take as long as the product.
#pragma once

#include <cstddef>
#include <vector>

#include "heddle/nn/layers.h"

namespace heddle::nn {

class PackedLinear {
 public:
  // Takes a copy of the layer's weights, float32 on the CPU; memory of an earlier one is used again.
  void Pack(const Linear& linear);

  // y = x Wᵀ + b. Rows of y have room for padded_outputs(), and behind outputs() stands 0.
  void operator()(const float* x, std::size_t ld_x, float* y, std::size_t ld_y, int rows) const;

  int outputs() const { return outputs_; }
  int padded_outputs() const { return static_cast<int>(bias_.size()); }
  std::size_t multiplications() const { return panels_.size(); }  // of a row

 private:
  int inputs_ = 0, outputs_ = 0;
  std::vector<float> panels_, bias_;
};

}  // namespace heddle::nn

// A small convolutional net for small pictures (64 to 256 pixels a side): three convolutions with group norms, then for
// each channel where it is strongest and how strong it is.
//
//   8x8 step 4 -> c channels,  4x4 step 2 -> 2c,  3x3 -> 2c,  each with GroupNorm and SiLU
//   x, y = spatial softmax's mean place in -1..1,  m = mean over all places
//   token = W [x, y, m] + b
//
//   B pictures, H x W pixels, c channels of the first layer, E features of the token
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "heddle/nn/layers.h"

namespace heddle::nn {

class ConvStem {
 public:
  // `channels` is a multiple of 8 (DEMANDed); `inputs` 3 for colour.
  ConvStem(const ParameterScope& scope, int64_t inputs, int64_t channels, int64_t token_size);

  // [B, 3, H, W], numbers about -1..1, best in channels-last memory (what permuting [B, H, W, 3] gives, so pictures are
  // never transposed) -> [B, E]. H and W may differ from call to call; at least 32 each (DEMANDed).
  at::Tensor operator()(const at::Tensor& picture_BCHW) const;

 private:
  struct Layer {
    at::Tensor weight;  // no bias: the norm would take it away
    int64_t step, padding;
    at::Tensor gain, shift;
  };
  void AddLayer(const ParameterScope& scope, int64_t inputs, int64_t outputs, int64_t size, int64_t step);

  std::vector<Layer> layers_;
  at::Tensor sharpness_C_;  // of each channel's softmax
  Linear out_;
};

}  // namespace heddle::nn

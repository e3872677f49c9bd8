#include "heddle/nn/conv_stem.h"

#include <ATen/ATen.h>

#include "heddle/core/check.h"
#include "heddle/nn/group_norm_silu.h"

namespace heddle::nn {
namespace {

constexpr int64_t kGroups = 8, kSmallestSide = 32;

// Of each place of a map, x and y in -1..1: [H W, 2].
at::Tensor Places(int64_t height, int64_t width, const at::TensorOptions& options) {
  const at::Tensor y_H = at::linspace(-1, 1, height, options), x_W = at::linspace(-1, 1, width, options);
  return at::stack({x_W.repeat({height}), y_H.repeat_interleave(width)}, 1);
}

}  // namespace

ConvStem::ConvStem(const ParameterScope& scope, int64_t inputs, int64_t channels, int64_t token_size)
    : sharpness_C_(scope.Add("sharpness", {2 * channels}, Init::kOne)),
      out_(scope.Scope("out"), 6 * channels, token_size) {
  HEDDLE_DEMAND(channels >= kGroups && channels % kGroups == 0);
  AddLayer(scope.Scope(0), inputs, channels, 8, 4);
  AddLayer(scope.Scope(1), channels, 2 * channels, 4, 2);
  AddLayer(scope.Scope(2), 2 * channels, 2 * channels, 3, 1);
}

void ConvStem::AddLayer(const ParameterScope& scope, int64_t inputs, int64_t outputs, int64_t size, int64_t step) {
  layers_.push_back({scope.Add("weight", {outputs, inputs, size, size}, Init::kFanIn), step, (size - step + 1) / 2,
                     scope.Add("gain", {outputs}, Init::kOne), scope.Add("shift", {outputs}, Init::kZero)});
}

at::Tensor ConvStem::operator()(const at::Tensor& picture_BCHW) const {
  HEDDLE_DEMAND(picture_BCHW.size(2) >= kSmallestSide && picture_BCHW.size(3) >= kSmallestSide);
  at::Tensor map = picture_BCHW.contiguous(at::MemoryFormat::ChannelsLast);
  for (const Layer& layer : layers_) {
    map = at::conv2d(map, layer.weight, {}, layer.step, layer.padding);
    map = GroupNormSilu(map, kGroups, layer.gain, layer.shift);
  }
  const at::Tensor strength_BPC = map.permute({0, 2, 3, 1}).flatten(1, 2);  // P places: no copy in channels-last
  const at::Tensor share_BPC = at::softmax(strength_BPC * sharpness_C_, 1);
  const at::Tensor place_BC2 = at::matmul(share_BPC.transpose(1, 2), Places(map.size(2), map.size(3), map.options()));
  return out_(at::cat({place_BC2.flatten(1), strength_BPC.mean(1)}, 1));
}

}  // namespace heddle::nn

// A batch: many windows of several datasets in tensors of the same shapes, in physical units and uint8 pictures, as
// training takes it. Normalisation is the policy's.
//
//   B rows, T times of the feature, D numbers, H x W pixels, C = 3 (red, green, blue)
//
// Pictures are [B, T, H, W, C]: the order that decoders give and that training wants, as
// `pictures.to(device).permute(...)` is a channels-last tensor, and turning it into floats on the device costs one pass
// in either order. So no picture is ever transposed.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace heddle::contract {

// Where a row comes from.
struct RowOrigin {
  int32_t source = 0, domain = 0;  // places in the mixture's lists
  int64_t episode = 0;
  int64_t frame = 0;  // in the episode, at the mixture's rate: the time that the window's deltas are relative to

  friend auto operator<=>(const RowOrigin&, const RowOrigin&) = default;
};

struct Batch {
  int64_t step = 0;
  std::vector<RowOrigin> origins;  // B

  // feature -> float32 [B, T, D], or uint8 [B, T, H, W, C] for a camera.
  std::map<std::string, at::Tensor> values;
  // feature -> bool [B, T]: true where the time lies outside of the episode and its nearest row was taken.
  std::map<std::string, at::Tensor> is_pad;
  // feature -> bool [B, D], or [B] for a camera: false where the row's source has no such thing. There numbers are 0
  // and pictures a flat grey; neither is an observation.
  std::map<std::string, at::Tensor> is_present;
  // label's key -> int64 [B]: the value's place in the vocabulary plus 1, or 0 for none.
  std::map<std::string, at::Tensor> conditions;
  std::vector<std::string> tasks;  // B instructions
};

}  // namespace heddle::contract

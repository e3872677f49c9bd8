// From pictures as they are delivered to what a camera's stem reads: cropped, recoloured in training, -1 .. 1.
//
//   B rows, H x W pixels as delivered, h x w after cropping
//
// In training every row is cropped at a place of its own, and its brightness and contrast change; in use the middle is
// taken, as it is.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "heddle/core/random.h"
#include "heddle/policy/options.h"

namespace heddle::policy {

// Height or width after cropping.
int64_t CroppedSize(int64_t size, double crop);

// uint8 [B, H, W, 3] -> float [B, 3, h, w] in channels-last memory, on the CPU. `random`: of the camera; null: not in
// training. Row r uses its r-th stream.
at::Tensor PictureInput(const at::Tensor& pictures_BHWC, const CameraStemOptions& options, const RandomStream* random);

}  // namespace heddle::policy

#include "heddle/policy/picture_input.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "heddle/tensor/check_shape.h"
#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

// What happens to one row.
struct View {
  int64_t top = 0, left = 0;
  std::array<float, 256> table{};  // value of each byte
};

View ViewOf(int64_t height, int64_t width, const CameraStemOptions& options, const RandomStream* random, int64_t row) {
  const int64_t spare_y = height - CroppedSize(height, options.crop),
                spare_x = width - CroppedSize(width, options.crop);
  View view{.top = spare_y / 2, .left = spare_x / 2};
  double brightness = 0, contrast = 1;
  if (random != nullptr) {
    RandomStream own = random->Split(static_cast<uint64_t>(row));
    view.top = static_cast<int64_t>(own.Below(static_cast<uint64_t>(spare_y + 1)));
    view.left = static_cast<int64_t>(own.Below(static_cast<uint64_t>(spare_x + 1)));
    brightness = options.brightness * (2 * own.Uniform() - 1);
    contrast = 1 + options.contrast * (2 * own.Uniform() - 1);
  }
  for (size_t byte = 0; byte < view.table.size(); ++byte) {
    const double value = (static_cast<double>(byte) / 255 - .5) * contrast + .5 + brightness;
    view.table[byte] = static_cast<float>(2 * std::clamp(value, 0., 1.) - 1);
  }
  return view;
}

}  // namespace

int64_t CroppedSize(int64_t size, double crop) {
  return std::max<int64_t>(1, std::llround(crop * static_cast<double>(size)));
}

at::Tensor PictureInput(const at::Tensor& pictures_BHWC, const CameraStemOptions& options, const RandomStream* random) {
  tensor::CheckShape(pictures_BHWC, "pictures_BHWC", {tensor::kAny, tensor::kAny, tensor::kAny, 3});
  const int64_t rows = pictures_BHWC.size(0), height = pictures_BHWC.size(1), width = pictures_BHWC.size(2);
  const int64_t out_height = CroppedSize(height, options.crop), out_width = CroppedSize(width, options.crop);
  at::Tensor out_BHWC = at::empty({rows, out_height, out_width, 3}, at::kFloat);
  const auto in = tensor::ViewOf<uint8_t>(pictures_BHWC);
  const auto out = tensor::MutableViewOf<float>(out_BHWC);
  at::parallel_for(0, rows, 8, [&](int64_t first, int64_t last) {
    for (int64_t row = first; row < last; ++row) {
      const View view = ViewOf(height, width, options, random, row);
      for (int64_t y = 0; y < out_height; ++y) {
        const uint8_t* from = in.data() + ((row * height + view.top + y) * width + view.left) * 3;
        float* to = out.data() + (row * out_height + y) * out_width * 3;
        for (int64_t i = 0; i < out_width * 3; ++i) to[i] = view.table[from[i]];
      }
    }
  });
  return out_BHWC.permute({0, 3, 1, 2});
}

}  // namespace heddle::policy

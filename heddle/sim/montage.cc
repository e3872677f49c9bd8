#include "heddle/sim/montage.h"

#include "heddle/core/check.h"

namespace heddle::sim {

data::Image SideBySide(std::span<const data::Image> images) {
  HEDDLE_DEMAND(!images.empty());
  data::Image all{.height = images.front().height, .width = 0, .channels = 3, .pixels = {}};
  for (const data::Image& image : images) {
    HEDDLE_DEMAND(image.height == all.height && image.channels == 3);
    all.width += image.width;
  }
  all.pixels.reserve(static_cast<size_t>(3 * all.height * all.width));
  for (int64_t y = 0; y < all.height; ++y) {
    for (const data::Image& image : images) {
      const auto row = image.pixels.begin() + 3 * y * image.width;
      all.pixels.insert(all.pixels.end(), row, row + 3 * image.width);
    }
  }
  return all;
}

data::Image Stacked(std::span<const data::Image> images) {
  HEDDLE_DEMAND(!images.empty());
  data::Image all{.height = 0, .width = images.front().width, .channels = 3, .pixels = {}};
  for (const data::Image& image : images) {
    HEDDLE_DEMAND(image.width == all.width && image.channels == 3);
    all.height += image.height;
    all.pixels.insert(all.pixels.end(), image.pixels.begin(), image.pixels.end());
  }
  return all;
}

}  // namespace heddle::sim

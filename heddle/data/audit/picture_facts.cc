#include "heddle/data/audit/picture_facts.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "heddle/core/check.h"

namespace heddle::data::audit {
namespace {

double MeanChange(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return static_cast<double>(sum) / static_cast<double>(std::max<size_t>(a.size(), 1));
}

}  // namespace

FrameFacts MeasurePicture(int64_t frame, std::span<const uint8_t> pixels, std::span<const uint8_t> before,
                          int64_t height, int64_t width, int64_t channels) {
  HEDDLE_DEMAND(static_cast<int64_t>(pixels.size()) == height * width * channels);
  constexpr int64_t kThumb = FrameFacts::kThumb;
  FrameFacts facts;
  facts.frame = frame;
  std::array<int64_t, kThumb * kThumb> sums{}, counts{};
  int64_t sum = 0, sum_of_squares = 0;
  const uint8_t* pixel = pixels.data();
  for (int64_t y = 0; y < height; ++y) {
    const int64_t tile_row = y * kThumb / height * kThumb;
    for (int64_t x = 0; x < width; ++x) {
      int64_t level = 0;
      for (int64_t c = 0; c < channels; ++c) level += *pixel++;
      const auto tile = static_cast<size_t>(tile_row + x * kThumb / width);
      sums[tile] += level;
      ++counts[tile];
      sum += level;
      sum_of_squares += level * level;
    }
  }
  const auto num_pixels = static_cast<double>(std::max<int64_t>(height * width, 1));
  const auto levels = static_cast<double>(channels);
  facts.mean = static_cast<double>(sum) / num_pixels / levels;
  const double variance =
      static_cast<double>(sum_of_squares) / num_pixels / (levels * levels) - facts.mean * facts.mean;
  facts.deviation = std::sqrt(std::max(variance, 0.0));
  for (size_t i = 0; i < sums.size(); ++i) {
    if (counts[i] > 0) {
      facts.thumb_mean[i] = static_cast<float>(static_cast<double>(sums[i]) / static_cast<double>(counts[i]) / levels);
    }
  }
  if (before.size() == pixels.size()) facts.change = MeanChange(pixels, before);
  return facts;
}

double TileDistance(const FrameFacts& a, const FrameFacts& b) {
  double most = 0;
  for (size_t i = 0; i < a.thumb_mean.size(); ++i) {
    most = std::max(most, std::abs(double{a.thumb_mean[i]} - double{b.thumb_mean[i]}));
  }
  return most;
}

}  // namespace heddle::data::audit

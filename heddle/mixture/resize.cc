#include "heddle/mixture/resize.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "heddle/core/check.h"

namespace heddle::mixture {
namespace {

constexpr int kWeightBits = 14, kLineBits = 7;
constexpr int32_t kWhole = 1 << kWeightBits;

// Rounded to units of 2^-14 so that they sum to 1: what rounding leaves goes to the largest.
void PutWeights(const std::vector<double>& exact, int16_t* out) {
  double sum = 0;
  for (const double weight : exact) sum += weight;
  int32_t left = kWhole;
  size_t largest = 0;
  for (size_t i = 0; i < exact.size(); ++i) {
    out[i] = static_cast<int16_t>(std::lround(exact[i] / sum * kWhole));
    left -= out[i];
    if (out[i] > out[largest]) largest = i;
  }
  out[largest] = static_cast<int16_t>(out[largest] + left);
}

struct Axis {
  double from = 0, length = 0;  // of the source
  int64_t at = 0, size = 0;     // in the output
};

// The part of the source that is shown along an axis and where it stands; `scale`: output pixels a source pixel.
Axis PlaceAxis(int64_t source_size, int64_t size, double scale) {
  const double scaled = static_cast<double>(source_size) * scale;
  if (scaled >= static_cast<double>(size)) {
    const double length = static_cast<double>(size) / scale;
    return {(static_cast<double>(source_size) - length) / 2, length, 0, size};
  }
  const int64_t inner = std::clamp<int64_t>(std::llround(scaled), 1, size);
  return {0, static_cast<double>(source_size), (size - inner) / 2, inner};
}

}  // namespace

AxisFilter MakeAxisFilter(int64_t source_size, double from, double length, int64_t size) {
  HEDDLE_DEMAND(source_size >= 1 && length > 0 && size >= 1);
  const double scale = length / static_cast<double>(size), radius = std::max(1.0, scale);
  AxisFilter filter;
  filter.taps = std::min(source_size, static_cast<int64_t>(std::ceil(2 * radius)) + 1);
  filter.weights.resize(static_cast<size_t>(size * filter.taps));
  for (int64_t x = 0; x < size; ++x) {
    const double centre = from + (static_cast<double>(x) + 0.5) * scale;
    const auto first =
        std::clamp<int64_t>(static_cast<int64_t>(std::floor(centre - radius + 0.5)), 0, source_size - filter.taps);
    std::vector<double> weights;
    for (int64_t i = first; i < first + filter.taps; ++i) {
      weights.push_back(std::max(0.0, 1 - std::abs(static_cast<double>(i) + 0.5 - centre) / radius));
    }
    filter.first.push_back(static_cast<int32_t>(first));
    PutWeights(weights, filter.weights.data() + x * filter.taps);
  }
  return filter;
}

Resizer::Resizer(int64_t source_height, int64_t source_width, const CameraLayout& camera)
    : source_height_(source_height), source_width_(source_width), height_(camera.height), width_(camera.width) {
  HEDDLE_DEMAND(source_height >= 1 && source_width >= 1 && height_ >= 1 && width_ >= 1);
  is_copy_ = source_height == height_ && source_width == width_;
  if (is_copy_) return;
  double vertical = static_cast<double>(height_) / static_cast<double>(source_height);
  double horizontal = static_cast<double>(width_) / static_cast<double>(source_width);
  if (camera.fit == Fit::kCover) vertical = horizontal = std::max(vertical, horizontal);
  if (camera.fit == Fit::kContain) vertical = horizontal = std::min(vertical, horizontal);
  const Axis down = PlaceAxis(source_height, height_, vertical), across = PlaceAxis(source_width, width_, horizontal);
  top_ = down.at;
  left_ = across.at;
  rows_ = MakeAxisFilter(source_height, down.from, down.length, down.size);
  columns_ = MakeAxisFilter(source_width, across.from, across.length, across.size);
}

void Resizer::Vertical(const uint8_t* source, int64_t row, int16_t* line) const {
  constexpr int64_t kBlock = 256;
  const int64_t row_bytes = source_width_ * 3;
  const int16_t* weights = rows_.weights.data() + row * rows_.taps;
  const uint8_t* first = source + rows_.first[static_cast<size_t>(row)] * row_bytes;
  for (int64_t begin = 0; begin < row_bytes; begin += kBlock) {
    const int64_t count = std::min(kBlock, row_bytes - begin);
    int32_t sums[kBlock];
    std::fill_n(sums, count, 1 << (kWeightBits - kLineBits - 1));
    for (int64_t tap = 0; tap < rows_.taps; ++tap) {
      const int16_t weight = weights[tap];
      if (weight == 0) continue;
      const uint8_t* from = first + tap * row_bytes + begin;
      for (int64_t i = 0; i < count; ++i) sums[i] += weight * from[i];
    }
    for (int64_t i = 0; i < count; ++i) line[begin + i] = static_cast<int16_t>(sums[i] >> (kWeightBits - kLineBits));
  }
}

void Resizer::Horizontal(const int16_t* line, uint8_t* out) const {
  constexpr int kShift = kWeightBits + kLineBits;
  for (size_t x = 0; x < columns_.first.size(); ++x) {
    const int16_t* from = line + columns_.first[x] * 3;
    const int16_t* weights = columns_.weights.data() + static_cast<int64_t>(x) * columns_.taps;
    int32_t red = 1 << (kShift - 1), green = red, blue = red;
    for (int64_t tap = 0; tap < columns_.taps; ++tap) {
      const int32_t weight = weights[tap];
      red += weight * from[3 * tap];
      green += weight * from[3 * tap + 1];
      blue += weight * from[3 * tap + 2];
    }
    out[3 * x] = static_cast<uint8_t>(red >> kShift);
    out[3 * x + 1] = static_cast<uint8_t>(green >> kShift);
    out[3 * x + 2] = static_cast<uint8_t>(blue >> kShift);
  }
}

void Resizer::operator()(std::span<const uint8_t> source, std::span<uint8_t> out, std::vector<int16_t>& scratch) const {
  HEDDLE_DEMAND(static_cast<int64_t>(source.size()) == source_height_ * source_width_ * 3);
  HEDDLE_DEMAND(static_cast<int64_t>(out.size()) == height_ * width_ * 3);
  if (is_copy_) {
    std::memcpy(out.data(), source.data(), source.size());
    return;
  }
  const auto inner_height = static_cast<int64_t>(rows_.first.size());
  const auto inner_width = static_cast<int64_t>(columns_.first.size());
  if (inner_height != height_ || inner_width != width_) std::memset(out.data(), 0, out.size());
  scratch.resize(static_cast<size_t>(source_width_) * 3);
  for (int64_t row = 0; row < inner_height; ++row) {
    Vertical(source.data(), row, scratch.data());
    Horizontal(scratch.data(), out.data() + ((top_ + row) * width_ + left_) * 3);
  }
}

}  // namespace heddle::mixture

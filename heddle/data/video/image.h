// A picture in memory.
#pragma once

#include <cstdint>
#include <vector>

namespace heddle::data {

// RGB or grey, 8 bits, rows from the top: pixels[(y * width + x) * channels + c].
struct Image {
  int64_t height = 0, width = 0, channels = 3;
  std::vector<uint8_t> pixels;

  friend bool operator==(const Image&, const Image&) = default;
};

// One channel of 16-bit codes or of floats: depth as it was stored (codes, millimetres or metres).
struct DepthImage {
  int64_t height = 0, width = 0;
  std::vector<float> values;

  friend bool operator==(const DepthImage&, const DepthImage&) = default;
};

}  // namespace heddle::data

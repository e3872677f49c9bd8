// Measures decoded pictures for the checks.
#pragma once

#include <cstdint>
#include <span>

#include "heddle/data/audit/facts.h"

namespace heddle::data::audit {

// Brightness is the mean of the channels. `before`: the pixels of the frame before, of the same size, or empty.
FrameFacts MeasurePicture(int64_t frame, std::span<const uint8_t> pixels, std::span<const uint8_t> before,
                          int64_t height, int64_t width, int64_t channels);

// Largest difference between the two pictures' tiles, in levels of brightness.
double TileDistance(const FrameFacts& a, const FrameFacts& b);

}  // namespace heddle::data::audit

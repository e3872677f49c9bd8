// Distances as the 12-bit codes of depth videos, and back.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "heddle/data/lerobot/info.h"

namespace heddle::data {

inline constexpr uint16_t kLargestDepthCode = 4095;

// `per_metre`: values of the unit in a metre (1 for metres, 1000 for millimetres). What lies outside of the coding's
// range gets its nearest code.
std::vector<uint16_t> DepthToCodes(std::span<const float> values, const DepthCoding& coding, double per_metre);
// In the unit; millimetres are rounded to whole ones.
std::vector<float> CodesToDepth(std::span<const uint16_t> codes, const DepthCoding& coding, double per_metre);

}  // namespace heddle::data

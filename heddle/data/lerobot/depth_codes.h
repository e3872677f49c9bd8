// Distances as the 12-bit codes of depth videos, and back.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "heddle/data/lerobot/info.h"

namespace heddle::data {

inline constexpr size_t kNumDepthCodes = 4096;
inline constexpr uint16_t kLargestDepthCode = kNumDepthCodes - 1;

// `per_metre`: values of the unit in a metre (1 for metres, 1000 for millimetres).

// The distance of each code, in single precision as LeRobot has it; millimetres are whole, at most 65535.
std::array<float, kNumDepthCodes> DepthTable(const DepthCoding& coding, double per_metre);
std::vector<float> CodesToDepth(std::span<const uint16_t> codes, const DepthCoding& coding, double per_metre);
// What lies outside of the coding's range gets its nearest code.
std::vector<uint16_t> DepthToCodes(std::span<const float> values, const DepthCoding& coding, double per_metre);

}  // namespace heddle::data

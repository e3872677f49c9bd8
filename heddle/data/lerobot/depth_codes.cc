#include "heddle/data/lerobot/depth_codes.h"

#include <algorithm>
#include <cmath>

namespace heddle::data {
namespace {

// Codes are linear between these two in `Bend(metres)`.
double Bend(double metres, const DepthCoding& coding) {
  return coding.logarithmic ? std::log(metres + coding.shift_m) : metres;
}

}  // namespace

std::vector<uint16_t> DepthToCodes(std::span<const float> values, const DepthCoding& coding, double per_metre) {
  const double low = Bend(coding.min_m, coding), high = Bend(coding.max_m, coding);
  std::vector<uint16_t> codes(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    const double metres = std::clamp(static_cast<double>(values[i]) / per_metre, coding.min_m, coding.max_m);
    const double code = (Bend(metres, coding) - low) / (high - low) * kLargestDepthCode;
    codes[i] = static_cast<uint16_t>(std::clamp<double>(std::nearbyint(code), 0, kLargestDepthCode));
  }
  return codes;
}

std::array<float, kNumDepthCodes> DepthTable(const DepthCoding& coding, double per_metre) {
  const double low = Bend(coding.min_m, coding), high = Bend(coding.max_m, coding);
  const auto scale = static_cast<float>((high - low) / kLargestDepthCode), offset = static_cast<float>(low);
  std::array<float, kNumDepthCodes> table{};
  for (size_t code = 0; code < kNumDepthCodes; ++code) {
    float metres = static_cast<float>(code) * scale + offset;
    if (coding.logarithmic) metres = std::exp(metres) - static_cast<float>(coding.shift_m);
    metres = std::clamp(metres, static_cast<float>(coding.min_m), static_cast<float>(coding.max_m));
    const float value = metres * static_cast<float>(per_metre);
    table[code] = per_metre == 1 ? value : std::clamp(std::nearbyint(value), 0.0F, 65535.0F);
  }
  return table;
}

std::vector<float> CodesToDepth(std::span<const uint16_t> codes, const DepthCoding& coding, double per_metre) {
  const auto table = DepthTable(coding, per_metre);
  std::vector<float> values(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) values[i] = table[codes[i] % kNumDepthCodes];
  return values;
}

}  // namespace heddle::data

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

std::vector<float> CodesToDepth(std::span<const uint16_t> codes, const DepthCoding& coding, double per_metre) {
  const double low = Bend(coding.min_m, coding), high = Bend(coding.max_m, coding);
  std::vector<float> values(codes.size());
  for (size_t i = 0; i < codes.size(); ++i) {
    const double bent = low + (high - low) * codes[i] / kLargestDepthCode;
    const double metres = coding.logarithmic ? std::exp(bent) - coding.shift_m : bent;
    const double value = std::clamp(metres, coding.min_m, coding.max_m) * per_metre;
    values[i] = static_cast<float>(per_metre == 1 ? value : std::nearbyint(value));
  }
  return values;
}

}  // namespace heddle::data

#include "heddle/data/audit/gripper.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {

bool IsGripperName(const std::string& dimension) {
  std::string lower = dimension;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  for (const char* word : {"grip", "finger", "jaw", "claw"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

std::string GripperRange(double low, double high) {
  struct Usual {
    double low, high;
    const char* name;
  };
  static constexpr Usual kUsual[] = {{-1, 1, "-1..1"},       {0, 1, "0..1"},         {0, 100, "0..100"},
                                     {0, 0.04, "0..0.04 m"}, {0, 0.08, "0..0.08 m"}, {0, 255, "0..255"}};
  for (const Usual& usual : kUsual) {
    const double slack = 0.15 * (usual.high - usual.low);
    if (std::abs(low - usual.low) < slack && std::abs(high - usual.high) < slack) return usual.name;
  }
  return Figure(low) + ".." + Figure(high);
}

}  // namespace heddle::data::audit

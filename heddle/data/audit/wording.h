// Small words that findings are made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/data/lerobot/info.h"

namespace heddle::data::audit {

// "joint_3.pos" where the dimension has a name, else "dimension 3"; empty for a feature of one dimension.
std::string DimensionName(const Feature& feature, int64_t dim);
// "action[joint_3.pos]", "action[3]", "next.reward".
std::string FeatureAndDimension(const Feature& feature, int64_t dim);

// Four significant digits: "0.05", "1.234e-07".
std::string Figure(double value);
// "7 frames", "1 frame".
std::string Count(int64_t count, const std::string& noun);
// "3.1 %".
std::string Percent(double share);

// Whether the feature is what a policy sees or does: observation.* or action, of numbers.
bool IsSignal(const Feature& feature);

}  // namespace heddle::data::audit

// Numbers in toy.json, rounded to what they are worth.
#pragma once

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

namespace heddle::toy {

// x to so many significant digits.
inline double Significant(double x, int digits = 4) {
  if (x == 0 || !std::isfinite(x)) return x;
  char text[40];
  std::snprintf(text, sizeof(text), "%.*g", digits, x);
  return std::strtod(text, nullptr);
}

inline nlohmann::ordered_json Rounded(const auto& values, int digits = 4) {
  auto array = nlohmann::ordered_json::array();
  for (const auto x : values) array.push_back(Significant(double(x), digits));
  return array;
}

// Integers in hundredths.
inline nlohmann::ordered_json Hundredths(const std::vector<float>& values) {
  auto array = nlohmann::ordered_json::array();
  for (const float x : values) array.push_back(std::lround(100 * double(x)));
  return array;
}

}  // namespace heddle::toy

// What the real libraries read from the datasets in testdata/lerobot.
#pragma once

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "heddle/contract/array.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {

inline nlohmann::ordered_json SampleExpectations(const std::string& name) {
  const std::string file = SampleFolder(name) / "expected.json";
  return ParseJson(ReadFile(file), file);
}

// Whatever nesting, in C order; true and false as 1 and 0.
inline void Flatten(const nlohmann::ordered_json& json, std::vector<double>& out) {
  if (json.is_array()) {
    for (const auto& item : json) Flatten(item, out);
  } else {
    out.push_back(json.is_boolean() ? (json.get<bool>() ? 1 : 0) : json.get<double>());
  }
}

inline std::vector<double> Flattened(const nlohmann::ordered_json& json) {
  std::vector<double> values;
  Flatten(json, values);
  return values;
}

// LeRobot gives float64 features as float32.
inline std::vector<double> AsFloats(std::vector<double> values) {
  for (double& value : values) value = static_cast<double>(static_cast<float>(value));
  return values;
}

}  // namespace heddle::data

// The reference values of testdata/stats, made by statsmodels and scipy.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace heddle::stats {

inline nlohmann::json Reference() {
  std::ifstream file(HEDDLE_TESTDATA "/stats/stats.json");
  return nlohmann::json::parse(file);
}

}  // namespace heddle::stats

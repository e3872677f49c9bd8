// The reference values of testdata/stats/evidence.json.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "heddle/core/check.h"

namespace heddle::stats {

inline nlohmann::json EvidenceReference(const std::string& key) {
  std::ifstream file(HEDDLE_TESTDATA "/stats/evidence.json");
  return nlohmann::json::parse(file).at(key);
}

// A list of cases, by value: it may stand in the head of a loop.
inline std::vector<nlohmann::json> EvidenceRows(const std::string& key) {
  const std::vector<nlohmann::json> rows = EvidenceReference(key);
  HEDDLE_DEMAND(!rows.empty());
  return rows;
}

}  // namespace heddle::stats

// The reference values of testdata/stats/evidence.json.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>

namespace heddle::stats {

inline nlohmann::json EvidenceReference() {
  std::ifstream file(HEDDLE_TESTDATA "/stats/evidence.json");
  return nlohmann::json::parse(file);
}

}  // namespace heddle::stats

// The statistics of a dataset's features: what normalisation is made of.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace heddle::contract {

// One feature's, per dimension of its last axis (pictures: per channel, on 0..1; depth in its own unit). Lists that the
// source does not give are empty.
struct FeatureStatistics {
  std::vector<double> min, max, mean, std;  // std of the population (n, not n - 1)
  std::vector<double> q01, q10, q50, q90, q99;
  int64_t count = 0;  // frames; for pictures those that were sampled

  friend bool operator==(const FeatureStatistics&, const FeatureStatistics&) = default;
};

using Statistics = std::map<std::string, FeatureStatistics>;

// The lists of one feature with their names in LeRobot's order (min, max, mean, std, q01 ... q99), to go over them.
struct NamedList {
  const char* name;
  std::vector<double> FeatureStatistics::* list;
};
std::vector<NamedList> StatisticLists();

// {"feature": {"min": [..], ..., "count": [n]}}; lists that are empty are left out. Reading accepts lists nested to any
// depth (pictures: [C][1][1]) and single numbers; kInput, with `place` and key, where a value is no number, is not
// finite (std, mean, quantiles), or lists of a feature differ in length.
nlohmann::ordered_json ToJson(const Statistics& statistics);
Statistics StatisticsFromJson(const nlohmann::ordered_json& json, const std::string& place);

}  // namespace heddle::contract

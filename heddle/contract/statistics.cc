#include "heddle/contract/statistics.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"

namespace heddle::contract {
namespace {

constexpr int kMostNesting = 8;

void Flatten(const nlohmann::ordered_json& json, const std::string& place, int depth, std::vector<double>& out) {
  if (json.is_number()) {
    out.push_back(json.get<double>());
    if (!std::isfinite(out.back())) ThrowInput("is not finite", place);
  } else if (json.is_array() && depth < kMostNesting) {
    for (const auto& item : json) Flatten(item, place, depth + 1, out);
  } else {
    ThrowInput("must be a number or a list of numbers", place, "recompute the statistics");
  }
}

FeatureStatistics FeatureFromJson(const nlohmann::ordered_json& json, const std::string& place) {
  if (!json.is_object()) ThrowInput("must be an object of statistics", place);
  FeatureStatistics feature;
  size_t size = 0;
  for (const auto& [name, list] : StatisticLists()) {
    const auto found = json.find(name);
    if (found == json.end() || found->is_null()) continue;
    Flatten(*found, place + "." + name, 0, feature.*list);
    if (size != 0 && (feature.*list).size() != size) {
      ThrowInput(
          "has " + std::to_string((feature.*list).size()) + " values where the others have " + std::to_string(size),
          place + "." + name, "recompute the statistics");
    }
    size = (feature.*list).size();
  }
  if (const auto count = json.find("count"); count != json.end()) {
    std::vector<double> counts;
    Flatten(*count, place + ".count", 0, counts);
    if (!counts.empty()) {
      if (counts[0] < 0 || counts[0] > 9e15) ThrowInput("is no count", place + ".count");
      feature.count = static_cast<int64_t>(counts[0]);
    }
  }
  return feature;
}

}  // namespace

std::vector<NamedList> StatisticLists() {
  using F = FeatureStatistics;
  return {{"min", &F::min}, {"max", &F::max}, {"mean", &F::mean}, {"std", &F::std}, {"q01", &F::q01},
          {"q10", &F::q10}, {"q50", &F::q50}, {"q90", &F::q90},   {"q99", &F::q99}};
}

nlohmann::ordered_json ToJson(const Statistics& statistics) {
  auto json = nlohmann::ordered_json::object();
  for (const auto& [name, feature] : statistics) {
    auto& object = json[name] = nlohmann::ordered_json::object();
    for (const auto& [list_name, list] : StatisticLists()) {
      if (!(feature.*list).empty()) object[list_name] = feature.*list;
    }
    object["count"] = {feature.count};
  }
  return json;
}

Statistics StatisticsFromJson(const nlohmann::ordered_json& json, const std::string& place) {
  if (!json.is_object()) ThrowInput("must be an object of features", place);
  Statistics statistics;
  for (const auto& [name, feature] : json.items()) statistics[name] = FeatureFromJson(feature, place + ": " + name);
  return statistics;
}

}  // namespace heddle::contract

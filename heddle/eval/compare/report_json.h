// A comparison for programs; the keys are in docs/reference/compare-json.md.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "heddle/eval/compare/compare.h"
#include "heddle/eval/compare/published_counts.h"

namespace heddle::eval {

nlohmann::ordered_json ToJson(const CompareReport& report);
nlohmann::ordered_json ToJson(const CountsReport& report);

}  // namespace heddle::eval

// The parts of toy.json that are concluded: analysis of variance, best ratios, findings, the paper's numbers beside
// them.
#pragma once

#include <nlohmann/json.hpp>

#include "heddle/toy/sweep.h"

namespace heddle::toy {

// Over the seeds that are complete.
nlohmann::ordered_json AnovaJson(const Sweep& sweep, const std::vector<int>& seeds);
nlohmann::ordered_json BestRatiosJson(const Sweep& sweep, const std::vector<int>& seeds);
nlohmann::ordered_json FindingsJson(const Sweep& sweep, const std::vector<int>& seeds);
nlohmann::ordered_json PaperJson();
// The ratio guideline on the paper's published table.
nlohmann::ordered_json GuidelineJson();

}  // namespace heddle::toy

// What a run would take, in words and as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "heddle/train/plan.h"

namespace heddle::train {

std::string PlanText(const TrainPlan& plan);
nlohmann::ordered_json PlanJson(const TrainPlan& plan);

}  // namespace heddle::train

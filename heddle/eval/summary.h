// What an evaluation came to, in a few lines and as JSON.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "heddle/eval/evaluation.h"

namespace heddle::eval {

std::string SummaryText(const EvaluationOutcome& outcome, const sim::WorldKind& kind,
                        const std::filesystem::path& folder);
nlohmann::ordered_json SummaryJson(const EvaluationOutcome& outcome, const std::filesystem::path& folder);

}  // namespace heddle::eval

// config.json of a checkpoint.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "heddle/policy/policy.h"

namespace heddle::policy {

nlohmann::ordered_json SpecToJson(const PolicySpec& spec);
// kInput, with `place` and key.
PolicySpec SpecFromJson(const nlohmann::ordered_json& json, const std::string& place);

}  // namespace heddle::policy

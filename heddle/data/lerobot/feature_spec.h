// The description of one feature in meta/info.json.
#pragma once

#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/json_fields.h"

namespace heddle::data {

// `spec` is what stands under features.<name>; kInput where it can't be understood.
Feature ParseFeature(const std::string& name, const JsonFields& spec);

}  // namespace heddle::data

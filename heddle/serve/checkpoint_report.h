// heddle policy info: a checkpoint in one screen.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "heddle/policy/checkpoint.h"

namespace heddle::serve {

std::string CheckpointText(const policy::Checkpoint& checkpoint);
// {folder, hash, parameters, bytes, nets, floored, card}.
nlohmann::ordered_json CheckpointJson(const policy::Checkpoint& checkpoint);

}  // namespace heddle::serve

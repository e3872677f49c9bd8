// The parts of toy.json that are measured: cells, target-only nets, data.
#pragma once

#include <nlohmann/json.hpp>

#include "heddle/toy/sweep.h"

namespace heddle::toy {

// One object for each cell of which a seed is complete, with its target-only net.
nlohmann::ordered_json CellsJson(const Sweep& sweep);
nlohmann::ordered_json TargetOnlyJson(const Sweep& sweep);
// Of the first seed; the source thinned.
nlohmann::ordered_json DataJson(const Sweep& sweep);

}  // namespace heddle::toy

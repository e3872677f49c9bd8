// toy.json: all that a run found, as docs/reference/toy-json.md describes it. Numbers are rounded to what they are
// worth and no wall-clock time is in it, so that the same options give the same bytes.
#pragma once

#include <nlohmann/json.hpp>

#include "heddle/toy/match.h"
#include "heddle/toy/sweep.h"

namespace heddle::toy {

// match may be empty (the run was cut short).
nlohmann::ordered_json ToyJson(const Sweep& sweep, const Match& match, bool partial, const std::string& version);

}  // namespace heddle::toy

// JSON that is strict and the same every time.
//
// nlohmann::json writes NaN as null, does not always choose the shortest number, and lets the last of two equal keys
// win. These don't: a number that is not finite and text that is not UTF-8 are refused, doubles are written by
// FormatDouble, and a key given twice is an error. Only nlohmann::ordered_json is used in Heddle: keys stay in the
// order of their making.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace heddle {

// On one line if indent < 0, else with lists of plain values on one line each. Throws kBug for a number that is not
// finite and kInput for text that is not UTF-8, naming the key.
std::string DumpJson(const nlohmann::ordered_json& json, int indent = -1);

// On one line, keys sorted by their bytes, no spaces: what hashes are made of. 1 and 1.0 are the same.
std::string CanonicalJson(const nlohmann::ordered_json& json);

// Throws kInput naming `place` with line and column: broken syntax, a key given twice, more than 200 levels.
nlohmann::ordered_json ParseJson(std::string_view text, const std::string& place);

}  // namespace heddle

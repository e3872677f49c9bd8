// One field's value: in from JSON by strict rules, out to JSON, to a line of YAML and to words. Used by the sources of
// heddle/core/options.h only.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "heddle/core/option_tree.h"

namespace heddle {

// Where a value comes from: `place` (file:line, "--set net.width=x", or nothing) and the path of its field.
struct FieldPlace {
  std::string place;
  std::string path;
};

// Assigns and checks. Usage error at `at` if the value is of another type, out of range or not finite.
void AssignField(const OptionField& field, const nlohmann::ordered_json& value, const FieldPlace& at);

// The checks alone, on the value that the field has.
void CheckField(const OptionField& field, const FieldPlace& at);

nlohmann::ordered_json FieldJson(const OptionField& field);
std::string FieldYaml(const OptionField& field);

// "integer", "list of numbers", "'cosine' or 'linear'"; and its range in brackets, "[1, 4096]" or "(0, 1]", or nothing.
std::string TypeText(const OptionField& field);
std::string RangeText(const FieldInfo& info);

// Throws the usage error for a path that leads to nothing in the tree, naming the nearest one that does.
[[noreturn]] void ThrowUnknownKey(const OptionTree& root, const FieldPlace& at);

}  // namespace heddle

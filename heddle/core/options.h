// Options: plain structs, and one Visit that serves YAML, JSON, hash, --set and the reference documentation.
//
//   struct NetOptions {
//     int64_t width = 128;
//     Schedule schedule = Schedule::kCosine;
//     template <class V>
//     void Visit(V& v) {
//       v.Field("width", width, {.doc = "size of a hidden layer", .unit = "units", .min = 1, .max = 4096});
//       v.Field("schedule", schedule, {.doc = "how the noise grows", .names = {"cosine", "linear"}});
//     }
//   };
//   struct ToyOptions {
//     std::vector<double> w = {.1, .5};
//     NetOptions net;
//     template <class V>
//     void Visit(V& v) {
//       v.Field("w", w, {.doc = "how often the target is drawn", .min = 0, .max = 1, .min_items = 1});
//       v.Group("net", net, "what is trained");
//     }
//   };
//   ToyOptions options;
//   const OptionTree tree = OptionTree::Of("toy", options);
//   ReadYaml(tree, text, "toy.yaml");
//   SetByPath(tree, "net.width=64");
//
// A field is a bool, int64_t, double, std::string, an enum (enumerators counted from 0, one name each), a vector of
// int64_t, double or std::string, or a std::optional<double>, whose nothing is written `auto`. Defaults are the
// struct's own initialisers.
//
// Everything that reads is strict. Usage errors name the place (file:line, the --set, the key) and the mend: an unknown
// key with the nearest right one, a key given twice, a value of another type, a number that is out of range, not finite
// or (for an int64_t) not whole, a key without a value. Numbers are not taken for text nor text for numbers. What is
// not mentioned keeps its value. After an error the options are in an unspecified state.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "heddle/core/option_tree.h"

namespace heddle {

// One YAML document whose top-level keys are the fields and groups of the tree. An empty text changes nothing.
void ReadYaml(const OptionTree& tree, std::string_view text, const std::string& file_name);

// All fields, so that ReadYaml gives the same values back, numbers bit for bit.
std::string WriteYaml(const OptionTree& tree);

// `place` stands before the key in errors: a file name, or nothing.
void FromJson(const OptionTree& tree, const nlohmann::ordered_json& json, const std::string& place = "");
nlohmann::ordered_json ToJson(const OptionTree& tree);

// SHA-256, in hexadecimal, of the canonical JSON (heddle/core/json.h) of all values: equal for equal options, whatever
// they were read from.
std::string Hash(const OptionTree& tree);

// One field, from "net.width=64": what `--set` takes. The value is read as YAML ("[1, 2]" for a list). The path may
// begin with the tree's own name ("toy.net.width=64").
void SetByPath(const OptionTree& tree, std::string_view assignment);

// Checks what was assigned in code, by the rules that hold for reading.
void Validate(const OptionTree& tree);

// The reference of all fields: tables (key, type, unit, range, default, meaning), one for the tree and one a group,
// each under a heading of the given level.
std::string DescribeMarkdown(const OptionTree& tree, int heading_level = 2);

}  // namespace heddle

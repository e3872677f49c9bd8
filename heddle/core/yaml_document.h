// A YAML document as a tree of texts with their lines. Behind heddle/core/options.h, and for files that are more than
// fields and groups.
//
// Aliases, several documents and all that is left over behind the document
// are refused (yaml-cpp's own loader overlooks the last, or never ends on it).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

// Where a text comes from, for errors: a file, whose lines are named, or a flag.
struct YamlSource {
  std::string name;
  bool has_lines = true;

  std::string Place(int line) const { return has_lines ? name + ":" + std::to_string(line) : name; }
};

struct YamlNode {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  std::string text;             // of a scalar
  std::string tag;              // "?" for a plain one, "!" for one in quotes, else what was written
  int line = 1;                 // counted from 1
  std::vector<YamlNode> items;  // of a list; of a map each key and behind it its value
};

// kNull for an empty text. Usage error for what is not YAML.
YamlNode ParseYaml(std::string_view text, const YamlSource& source);

// What a value means by YAML 1.2: null, true, numbers (also .inf and .nan), texts, lists of these. A map, and a list in
// a list, are only told by an empty object and an empty list. Usage error for tags and numbers beyond a double.
nlohmann::ordered_json ValueOf(const YamlNode& node, const YamlSource& source);

}  // namespace heddle

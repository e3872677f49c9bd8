#include "heddle/core/yaml_json.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/yaml_document.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

Json Of(const YamlNode& node, const YamlSource& source) {
  if (node.kind == YamlNode::Kind::kMap) {
    Json object = Json::object();
    for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const std::string& key = node.items[i].text;
      if (object.contains(key)) ThrowUsage("'" + key + "' is given twice", source.Place(node.items[i].line));
      object[key] = Of(node.items[i + 1], source);
    }
    return object;
  }
  if (node.kind != YamlNode::Kind::kList) return ValueOf(node, source);
  Json list = Json::array();
  for (const YamlNode& item : node.items) list.push_back(Of(item, source));
  return list;
}

// Text is always in quotes, JSON's, which YAML reads as they are; keys that are plain words stand without.
std::string KeyText(const std::string& key) {
  const bool plain =
      !key.empty() && std::ranges::all_of(key, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }) &&
      key != "null" && key != "true" && key != "false" && key != "yes" && key != "no" && key != "on" && key != "off";
  return plain ? key : DumpJson(key);
}

bool IsPlain(const Json& json) {
  const auto is_leaf = [](const Json& value) { return !value.is_structured(); };
  return is_leaf(json) || json.empty() || (json.is_array() && std::ranges::all_of(json, is_leaf));
}

std::string PlainText(const Json& json) {
  if (!json.is_array() || json.empty()) return DumpJson(json);
  std::string text;
  for (const Json& value : json) text += (text.empty() ? "[" : ", ") + DumpJson(value);
  return text + "]";
}

void Write(const Json& json, const std::string& indent, std::string& out) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      out += indent + KeyText(key) + ":";
      if (IsPlain(value)) {
        out += " " + PlainText(value) + "\n";
      } else {
        out += "\n";
        Write(value, indent + "  ", out);
      }
    }
    return;
  }
  for (const Json& value : json) {
    if (IsPlain(value)) {
      out += indent + "- " + PlainText(value) + "\n";
      continue;
    }
    std::string inner;
    Write(value, indent + "  ", inner);
    out += indent + "- " + inner.substr(indent.size() + 2);
  }
}

}  // namespace

Json JsonFromYaml(std::string_view text, const std::string& file_name) {
  const YamlSource source{file_name};
  return Of(ParseYaml(text, source), source);
}

std::string YamlFromJson(const Json& json) {
  if (IsPlain(json)) return PlainText(json) + "\n";
  std::string out;
  Write(json, "", out);
  return out;
}

}  // namespace heddle

#include "heddle/mixture/sheet/yaml_fields.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::mixture {
namespace {

using Kind = YamlNode::Kind;

nlohmann::ordered_json ScalarOf(const YamlNode& node, const YamlSource& source) {
  return node.kind == Kind::kScalar ? ValueOf(node, source) : nlohmann::ordered_json(nullptr);
}

}  // namespace

std::string YamlText(const YamlNode& node, const YamlSource& source, const std::string& what) {
  const auto value = ScalarOf(node, source);
  if (!value.is_string()) {
    ThrowUsage(what + " must be text", source.Place(node.line),
               node.kind == Kind::kScalar ? "put it in quotes: \"" + node.text + "\"" : "");
  }
  if (value.get_ref<const std::string&>().empty()) ThrowUsage(what + " is empty", source.Place(node.line));
  return value;
}

double YamlNumber(const YamlNode& node, const YamlSource& source, const std::string& what) {
  const auto value = ScalarOf(node, source);
  if (!value.is_number()) ThrowUsage(what + " must be a number", source.Place(node.line));
  if (!std::isfinite(value.get<double>())) ThrowUsage(what + " is not finite", source.Place(node.line));
  return value;
}

int64_t YamlWhole(const YamlNode& node, const YamlSource& source, const std::string& what) {
  const auto value = ScalarOf(node, source);
  if (!value.is_number_integer()) ThrowUsage(what + " must be a whole number", source.Place(node.line));
  return value;
}

YamlFields::YamlFields(const YamlNode& node, const YamlSource& source, std::string what,
                       const std::vector<std::string>& known)
    : node_(node), source_(source), what_(std::move(what)) {
  const std::string self = what_.empty() ? "the sheet" : what_;
  if (node.kind != Kind::kMap) {
    ThrowUsage(self + " must be keys with values", source.Place(node.line),
               known.empty() ? "" : SuggestName("", known));
  }
  std::map<std::string, int> lines;
  for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const YamlNode& key = node.items[i];
    if (key.kind != Kind::kScalar) ThrowUsage("a key of " + self + " must be a name", source.Place(key.line));
    const auto [first, is_new] = lines.emplace(key.text, key.line);
    if (!is_new) {
      Fail(key.text, "is given twice (first on line " + std::to_string(first->second) + ")", "keep one of them");
    }
    if (!known.empty() && std::ranges::find(known, key.text) == known.end()) {
      ThrowUsage(self + " has no key '" + key.text + "'", source.Place(key.line), SuggestName(key.text, known));
    }
    if (node.items[i + 1].kind == Kind::kNull) Fail(key.text, "has no value", "give one, or leave the key out");
  }
}

const YamlNode* YamlFields::Find(const std::string& key) const {
  for (size_t i = 0; i + 1 < node_.items.size(); i += 2) {
    if (node_.items[i].text == key) return &node_.items[i + 1];
  }
  return nullptr;
}

const YamlNode& YamlFields::Require(const std::string& key) const {
  if (const YamlNode* node = Find(key)) return *node;
  ThrowUsage((what_.empty() ? "the sheet" : what_) + " has no '" + key + "'", source_.Place(node_.line), "add the key");
}

std::string YamlFields::Text(const std::string& key) const { return YamlText(Require(key), source_, key); }

std::string YamlFields::TextOr(const std::string& key, const std::string& otherwise) const {
  return Has(key) ? Text(key) : otherwise;
}

std::optional<double> YamlFields::Number(const std::string& key) const {
  const YamlNode* node = Find(key);
  return node == nullptr ? std::nullopt : std::optional(YamlNumber(*node, source_, key));
}

size_t YamlFields::ChoiceOr(const std::string& key, const std::vector<std::string>& names, size_t otherwise) const {
  if (!Has(key)) return otherwise;
  const std::string text = Text(key);
  const auto found = std::ranges::find(names, text);
  if (found == names.end()) Fail(key, "is '" + text + "'", SuggestName(text, names));
  return static_cast<size_t>(found - names.begin());
}

std::vector<std::string> YamlFields::keys() const {
  std::vector<std::string> all;
  for (size_t i = 0; i + 1 < node_.items.size(); i += 2) all.push_back(node_.items[i].text);
  return all;
}

int YamlFields::LineOf(const std::string& key) const {
  for (size_t i = 0; i + 1 < node_.items.size(); i += 2) {
    if (node_.items[i].text == key) return node_.items[i].line;
  }
  return node_.line;
}

std::string YamlFields::PlaceOf(const std::string& key) const { return source_.Place(LineOf(key)); }

void YamlFields::Fail(const std::string& key, const std::string& what, const std::string& mend) const {
  ThrowUsage((what_.empty() ? "" : what_ + ": ") + key + " " + what, PlaceOf(key), mend);
}

}  // namespace heddle::mixture

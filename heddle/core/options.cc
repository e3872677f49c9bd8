#include "heddle/core/options.h"

#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/option_value.h"
#include "heddle/core/sha256.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

// `at.path` is the path of the tree with a dot behind it, or nothing.
void TakeJson(const OptionTree& root, const OptionTree& tree, const Json& json, const FieldPlace& at) {
  if (!json.is_object())
    ThrowUsage("this must be an object", at.place, "give the options of " + tree.name() + " by key");
  for (const auto& [key, value] : json.items()) {
    if (const OptionField* field = tree.FindField(key)) {
      AssignField(*field, value, {at.place, at.path + key});
    } else if (const OptionTree* group = tree.FindGroup(key)) {
      if (!value.is_object()) ThrowUsage(at.path + key + " must be an object", at.place);
      TakeJson(root, *group, value, {at.place, at.path + key + "."});
    } else {
      ThrowUnknownKey(root, {at.place, at.path + key});
    }
  }
}

void CheckAll(const OptionTree& tree, const std::string& path) {
  for (const OptionField& field : tree.fields()) CheckField(field, {"", path + field.name});
  for (const OptionTree& group : tree.groups()) CheckAll(group, path + group.name() + ".");
}

}  // namespace

void FromJson(const OptionTree& tree, const Json& json, const std::string& place) {
  TakeJson(tree, tree, json, {place, ""});
}

Json ToJson(const OptionTree& tree) {
  Json json = Json::object();
  for (const OptionField& field : tree.fields()) json[field.name] = FieldJson(field);
  for (const OptionTree& group : tree.groups()) json[group.name()] = ToJson(group);
  return json;
}

std::string Hash(const OptionTree& tree) { return Sha256Hex(CanonicalJson(ToJson(tree))); }

void Validate(const OptionTree& tree) { CheckAll(tree, tree.name() + "."); }

}  // namespace heddle

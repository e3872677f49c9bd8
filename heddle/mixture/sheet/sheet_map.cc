#include "heddle/mixture/sheet/sheet_map.h"

#include <numbers>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/sheet/action_representation.h"
#include "heddle/mixture/sheet/yaml_fields.h"

namespace heddle::mixture {
namespace {

using Json = nlohmann::ordered_json;
using Kind = YamlNode::Kind;

const char* const kMissing = "missing";
const std::vector<std::string> kFeatureKeys = {"from", "dims"};
const std::vector<std::string> kActionKeys = {"from",           "dims",           "convert",  "pose",
                                              "position_scale", "rotation_scale", "rotation", "tool"};
const std::map<std::string, double>& Units() {
  static const std::map<std::string, double> units = {
      {"mm", 1e-3}, {"cm", 1e-2}, {"deg", std::numbers::pi / 180}, {"m", 1}, {"rad", 1}};
  return units;
}

bool IsMissing(const YamlNode& node) { return node.kind == Kind::kScalar && node.text == kMissing; }

// What of the dataset's dimensions is meant: a name, or a place.
void SetOrigin(const YamlNode& node, const YamlSource& source, const std::string& what, DimensionMap& map) {
  const auto value = node.kind == Kind::kScalar ? ValueOf(node, source) : Json(nullptr);
  if (!value.is_number_integer()) {
    map.from = YamlText(node, source, what);
    return;
  }
  map.position = value;
  if (map.position < 0) ThrowUsage(what + " is negative", source.Place(node.line), "places are counted from 0");
}

DimensionMap ParseDimension(const YamlNode& node, const YamlSource& source, const std::string& what) {
  DimensionMap map;
  if (IsMissing(node)) {
    map.missing = true;
    return map;
  }
  if (node.kind != Kind::kMap) {
    SetOrigin(node, source, what, map);
    return map;
  }
  const YamlFields fields(node, source, what, {"from", "unit", "scale", "offset"});
  SetOrigin(fields.Require("from"), source, what + ".from", map);
  map.unit = fields.TextOr("unit", "");
  if (!map.unit.empty() && !Units().contains(map.unit)) {
    fields.Fail("unit", "is '" + map.unit + "'", "one of: m, mm, cm, rad, deg; others by scale");
  }
  map.scale = fields.Number("scale").value_or(1);
  if (map.scale == 0) fields.Fail("scale", "is 0", "a dimension that is not there is missing");
  map.offset = fields.Number("offset").value_or(0);
  return map;
}

// The keys beside `convert` say nothing without it.
ConvertMap ParseConvert(const YamlFields& fields) {
  ConvertMap map;
  if (!fields.Has("convert")) {
    for (const char* key : {"pose", "position_scale", "rotation_scale", "rotation", "tool"}) {
      if (fields.Has(key)) fields.Fail(key, "has no effect without convert", "say what to convert to, or leave it out");
    }
    return map;
  }
  map.to = ActionRepresentations()[fields.ChoiceOr("convert", ActionRepresentations(), 0)];
  map.pose = fields.TextOr("pose", map.pose);
  for (const auto& [key, scale] :
       {std::pair("position_scale", &map.position_scale), std::pair("rotation_scale", &map.rotation_scale)}) {
    *scale = fields.Number(key).value_or(1);
    if (!(*scale > 0)) fields.Fail(key, "must be above 0", "give what 1 of a delta means, in m or rad");
  }
  map.rotation = fields.TextOr("rotation", "");
  if (!map.rotation.empty()) fields.ChoiceOr("rotation", {"vector", "columns", "quaternion"}, 0);
  if (const YamlNode* tool = fields.Find("tool")) {
    for (const YamlNode& item : tool->items) map.tool.push_back(YamlNumber(item, fields.source(), "tool"));
    if (tool->kind != Kind::kList || map.tool.size() != 7) fields.Fail("tool", "must be 7 numbers: x y z qx qy qz qw");
  }
  return map;
}

FeatureMap ParseFeatureMap(const YamlNode& node, const YamlSource& source, const std::string& what, bool is_action) {
  FeatureMap map;
  if (IsMissing(node)) {
    map.missing = true;
    return map;
  }
  const YamlFields fields(node, source, what, is_action ? kActionKeys : kFeatureKeys);
  map.from = fields.TextOr("from", "");
  if (is_action) map.convert = ParseConvert(fields);
  const YamlNode* dims = fields.Find("dims");
  if (dims == nullptr) return map;
  if (dims->kind == Kind::kList) {
    std::set<std::string> names;
    for (const YamlNode& item : dims->items) {
      DimensionMap dimension;
      dimension.from = YamlText(item, source, what + ".dims");
      if (!names.insert(dimension.from).second) {
        ThrowUsage(what + ".dims names '" + dimension.from + "' twice", source.Place(item.line));
      }
      map.dims.emplace_back(dimension.from, dimension);
    }
  } else {
    const YamlFields named(*dims, source, what + ".dims", {});
    for (const std::string& name : named.keys()) {
      map.dims.emplace_back(name, ParseDimension(named.Require(name), source, what + ".dims." + name));
    }
  }
  if (map.dims.empty()) fields.Fail("dims", "is empty", "say that the feature is missing, or leave the key out");
  return map;
}

Json ToJson(const DimensionMap& map) {
  if (map.missing) return kMissing;
  const Json origin = map.from.empty() ? Json(map.position) : Json(map.from);
  if (map.unit.empty() && map.scale == 1 && map.offset == 0) return origin;
  Json json = {{"from", origin}};
  if (!map.unit.empty()) json["unit"] = map.unit;
  if (map.scale != 1) json["scale"] = map.scale;
  if (map.offset != 0) json["offset"] = map.offset;
  return json;
}

Json ToJson(const FeatureMap& map) {
  if (map.missing) return kMissing;
  Json json = Json::object();
  if (!map.from.empty()) json["from"] = map.from;
  for (const auto& [name, dimension] : map.dims) json["dims"][name] = ToJson(dimension);
  if (map.convert.to.empty()) return json;
  json["convert"] = map.convert.to;
  json["pose"] = map.convert.pose;
  json["position_scale"] = map.convert.position_scale;
  json["rotation_scale"] = map.convert.rotation_scale;
  if (!map.convert.rotation.empty()) json["rotation"] = map.convert.rotation;
  if (!map.convert.tool.empty()) json["tool"] = map.convert.tool;
  return json;
}

}  // namespace

double DimensionMap::FullScale() const { return scale * (unit.empty() ? 1 : Units().at(unit)); }

SheetMap ParseSheetMap(const YamlNode& node, const YamlSource& source, const std::string& what) {
  SheetMap map;
  const YamlFields fields(node, source, what, {});
  for (const std::string& key : fields.keys()) {
    const YamlNode& value = fields.Require(key);
    if (key == "cameras") {
      const YamlFields cameras(value, source, what + ".cameras", {});
      for (const std::string& camera : cameras.keys()) {
        const bool missing = IsMissing(cameras.Require(camera));
        map.cameras[camera] = missing ? std::nullopt : std::optional(cameras.Text(camera));
      }
    } else if (key == "instruction") {
      map.instruction = fields.Text(key);
    } else if (key == "action" || key.starts_with("observation.")) {
      map.features[key] = ParseFeatureMap(value, source, what + "." + key, key == "action");
    } else {
      const std::vector<std::string> known = {"cameras", "instruction", "action", "observation.state"};
      ThrowUsage(what + " has no key '" + key + "'", source.Place(value.line),
                 SuggestName(key, known) + " (or another feature by its whole name)");
    }
  }
  return map;
}

Json ToJson(const SheetMap& map) {
  Json json = Json::object();
  for (const auto& [name, camera] : map.cameras) json["cameras"][name] = camera.value_or(kMissing);
  if (!map.instruction.empty()) json["instruction"] = map.instruction;
  for (const auto& [name, feature] : map.features) json[name] = ToJson(feature);
  return json;
}

}  // namespace heddle::mixture

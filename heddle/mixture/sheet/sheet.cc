#include "heddle/mixture/sheet/sheet.h"

#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/mixture/sheet/sheet_reader.h"

namespace heddle::mixture {
namespace {

using Json = nlohmann::ordered_json;

Json HoldoutJson(const HoldoutRule& rule) {
  switch (rule.kind) {
    case HoldoutRule::Kind::kAll: return "all";
    case HoldoutRule::Kind::kEpisodes: return rule.episodes;
    case HoldoutRule::Kind::kShare: break;
  }
  return rule.share;
}

Json LabelsJson(const std::map<std::string, SheetLabel>& labels) {
  Json json = Json::object();
  for (const auto& [key, label] : labels) {
    json[key] = label.from.empty() ? Json(label.value) : Json{{"from", label.from}};
  }
  return json;
}

Json GapJson(const std::map<GapAxis, GapLevel>& gap) {
  Json json = Json::object();
  for (const auto& [axis, level] : gap) {
    json[GapAxisNames()[static_cast<size_t>(axis)]] = GapLevelNames()[static_cast<size_t>(level)];
  }
  return json;
}

Json SourceJson(const Sheet& sheet, const SheetSource& source, bool whole_paths) {
  Json json = {{"name", source.name},
               {"dataset", whole_paths ? sheet.DatasetOf(source) : source.dataset},
               {"kind", SourceKindNames()[static_cast<size_t>(source.kind)]},
               {"domain", source.domain},
               {"embodiment", source.embodiment},
               {"license", source.license}};
  if (!source.task_family.empty()) json["task_family"] = source.task_family;
  json["label_quality"] = LabelQualityNames()[static_cast<size_t>(source.label_quality)];
  if (!source.action_representation.empty()) json["action_representation"] = source.action_representation;
  json["weight"] = source.weight ? Json(*source.weight) : Json("auto");
  if (source.episodes) json["episodes"] = *source.episodes;
  // The rule of a sheet that says nothing of it is another than that of one that says 0.1.
  if (source.lines.contains("holdout")) json["holdout"] = HoldoutJson(source.holdout);
  json["map"] = ToJson(source.map);
  json["labels"] = LabelsJson(source.labels);
  json["gap"] = GapJson(source.gap);
  if (!source.notes.empty()) json["notes"] = source.notes;
  return json;
}

}  // namespace

const std::vector<std::string>& SourceKindNames() {
  static const std::vector<std::string> names = {"robot", "simulation", "human", "web"};
  return names;
}
const std::vector<std::string>& LabelQualityNames() {
  static const std::vector<std::string> names = {"unknown", "labelled", "weak", "synthetic"};
  return names;
}
const std::vector<std::string>& SheetUseNames() {
  static const std::vector<std::string> names = {"research", "commercial", "release"};
  return names;
}
const std::vector<std::string>& GapAxisNames() {
  static const std::vector<std::string> names = {"visual", "physics", "perception", "embodiment"};
  return names;
}
const std::vector<std::string>& GapLevelNames() {
  static const std::vector<std::string> names = {"none", "small", "large"};
  return names;
}

Sheet Sheet::Load(const std::filesystem::path& file) {
  if (std::filesystem::is_directory(file)) {
    ThrowUsage("is a folder", file.string(), "name the sheet in it, mixture.yaml");
  }
  return Parse(ReadFile(file), file.string(), file.has_parent_path() ? file.parent_path() : ".");
}

Sheet Sheet::Parse(std::string_view text, const std::string& file, const std::filesystem::path& folder) {
  const YamlSource source{file};
  Sheet sheet = ParseSheet(ParseYaml(text, source), source);
  sheet.file = file;
  sheet.folder = folder;
  CheckSheet(sheet);
  return sheet;
}

std::string Sheet::PlaceOf(const SheetSource& source, const std::string& key) const {
  const auto found = source.lines.find(key);
  return file + ":" + std::to_string(found == source.lines.end() ? source.line : found->second);
}

std::string Sheet::DatasetOf(const SheetSource& source) const {
  const std::filesystem::path local = folder / source.dataset;
  if (!std::filesystem::is_directory(local)) return source.dataset;
  return std::filesystem::absolute(local).lexically_normal().string();
}

Json ToJson(const Sheet& sheet, bool whole_paths) {
  Json json = {{"target", sheet.target}, {"use", SheetUseNames()[static_cast<size_t>(sheet.use)]}};
  if (sheet.control_hz) json["control_hz"] = *sheet.control_hz;
  json["tau"] = sheet.tau;
  json["sources"] = Json::array();
  for (const SheetSource& source : sheet.sources) json["sources"].push_back(SourceJson(sheet, source, whole_paths));
  return json;
}

std::string HashOf(const Sheet& sheet) { return Sha256Hex(CanonicalJson(ToJson(sheet))); }

}  // namespace heddle::mixture

#include "heddle/mixture/sheet/sheet_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/mixture/sheet/action_representation.h"
#include "heddle/mixture/sheet/yaml_fields.h"

namespace heddle::mixture {
namespace {

using Kind = YamlNode::Kind;

constexpr int64_t kMaxEpisodes = 1'000'000;
constexpr size_t kMaxSources = 1000;

void AddEpisodes(const std::string& text, const std::string& what, const std::string& place,
                 std::vector<int64_t>& episodes) {
  int64_t from = 0, to = 0;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, from);
  const bool ranged = first.ec == std::errc() && first.ptr != end && *first.ptr == ':';
  const auto second = ranged ? std::from_chars(first.ptr + 1, end, to) : first;
  if (!ranged || second.ec != std::errc() || second.ptr != end || from < 0 || to <= from) {
    ThrowUsage(what + " has '" + text + "'", place, "give numbers, or ranges like 0:20, which ends before 20");
  }
  if (to - from > kMaxEpisodes - static_cast<int64_t>(episodes.size()))
    ThrowUsage(what + " names more than " + std::to_string(kMaxEpisodes), place);
  for (int64_t episode = from; episode < to; ++episode) episodes.push_back(episode);
}

// "0:20", or a list of numbers and ranges.
std::vector<int64_t> ParseEpisodes(const YamlNode& node, const YamlSource& source, const std::string& what) {
  std::vector<int64_t> episodes;
  const std::vector<YamlNode> one = {node};
  for (const YamlNode& item : node.kind == Kind::kList ? node.items : one) {
    const std::string place = source.Place(item.line);
    if (item.kind != Kind::kScalar) ThrowUsage(what + " must be a list of numbers or ranges", place);
    if (item.text.find(':') != std::string::npos) {
      AddEpisodes(item.text, what, place, episodes);
    } else {
      episodes.push_back(YamlWhole(item, source, what));
    }
  }
  std::set<int64_t> seen;
  for (const int64_t episode : episodes) {
    const std::string place = source.Place(node.line);
    if (episode < 0) ThrowUsage(what + " names episode " + std::to_string(episode), place, "they are counted from 0");
    if (!seen.insert(episode).second) ThrowUsage(what + " names episode " + std::to_string(episode) + " twice", place);
  }
  return episodes;
}

HoldoutRule ParseHoldout(const YamlFields& fields) {
  HoldoutRule rule;
  const YamlNode* node = fields.Find("holdout");
  if (node == nullptr) return rule;
  if (node->kind == Kind::kScalar && node->text == "all") {
    rule.kind = HoldoutRule::Kind::kAll;
  } else if (node->kind == Kind::kScalar && node->text.find(':') == std::string::npos) {
    rule.share = *fields.Number("holdout");
    rule.at_least = 1;
    if (!(rule.share >= 0 && rule.share < 1)) {
      fields.Fail("holdout", "is " + FormatDouble(rule.share),
                  "give a share below 1, a list of episodes, a range like 0:5, or all");
    }
  } else {
    rule.kind = HoldoutRule::Kind::kEpisodes;
    rule.episodes = ParseEpisodes(*node, fields.source(), "holdout");
  }
  return rule;
}

std::optional<double> ParseWeight(const YamlFields& fields) {
  const YamlNode* node = fields.Find("weight");
  if (node == nullptr) return std::nullopt;
  const auto value = node->kind == Kind::kScalar ? ValueOf(*node, fields.source()) : nlohmann::ordered_json(nullptr);
  if (value == "auto") return std::nullopt;
  if (!value.is_number()) fields.Fail("weight", "is no number", "give a number of 0 or more, or auto");
  const auto weight = value.get<double>();
  if (!(weight >= 0) || !std::isfinite(weight)) {
    fields.Fail("weight", "is " + FormatDouble(weight), "weights are 0 or more, relative to the others'");
  }
  return weight;
}

std::map<std::string, SheetLabel> ParseLabels(const YamlNode& node, const YamlSource& source, const std::string& what) {
  std::map<std::string, SheetLabel> labels;
  const YamlFields fields(node, source, what, {});
  for (const std::string& key : fields.keys()) {
    const YamlNode& value = fields.Require(key);
    // Families may change from episode to episode, the others not.
    const bool varies = key == "task_family" && value.kind == Kind::kMap;
    if (key == "domain" || key == "embodiment" || (key == "task_family" && !varies)) {
      fields.Fail(key, "is a key of the source itself", "write it there");
    }
    if (value.kind == Kind::kMap) {
      labels[key].from = YamlFields(value, source, what + "." + key, {"from"}).Text("from");
    } else {
      labels[key].value = fields.Text(key);
    }
  }
  return labels;
}

std::map<GapAxis, GapLevel> ParseGap(const YamlNode& node, const YamlSource& source, const std::string& what) {
  std::map<GapAxis, GapLevel> gap;
  const YamlFields fields(node, source, what, GapAxisNames());
  for (const std::string& key : fields.keys()) {
    const auto axis = std::ranges::find(GapAxisNames(), key) - GapAxisNames().begin();
    gap[static_cast<GapAxis>(axis)] = static_cast<GapLevel>(fields.ChoiceOr(key, GapLevelNames(), 0));
  }
  return gap;
}

// "source NAME" where there is one, for errors.
std::string WhatOf(const YamlNode& node) {
  for (size_t i = 0; node.kind == Kind::kMap && i + 1 < node.items.size(); i += 2) {
    const YamlNode& value = node.items[i + 1];
    if (node.items[i].text == "name" && value.kind == Kind::kScalar) return "source " + value.text;
  }
  return "a source";
}

SheetSource ParseSource(const YamlNode& node, const YamlSource& from) {
  static const std::vector<std::string> known = {"name",        "dataset",       "kind",
                                                 "domain",      "embodiment",    "license",
                                                 "task_family", "label_quality", "action_representation",
                                                 "weight",      "episodes",      "holdout",
                                                 "map",         "labels",        "gap",
                                                 "notes"};
  SheetSource source;
  const std::string what = WhatOf(node);
  const YamlFields fields(node, from, what, known);
  source.name = fields.Text("name");
  source.line = node.line;
  for (const std::string& key : fields.keys()) source.lines[key] = fields.LineOf(key);

  source.dataset = fields.Text("dataset");
  fields.Require("kind");
  source.kind = static_cast<SourceKind>(fields.ChoiceOr("kind", SourceKindNames(), 0));
  source.domain = fields.TextOr("domain", source.name);
  source.embodiment = fields.Text("embodiment");
  source.license = fields.TextOr("license", source.license);
  source.task_family = fields.TextOr("task_family", "");
  source.label_quality = static_cast<LabelQuality>(fields.ChoiceOr("label_quality", LabelQualityNames(), 0));
  if (fields.Has("action_representation")) {
    source.action_representation =
        ActionRepresentations()[fields.ChoiceOr("action_representation", ActionRepresentations(), 0)];
  }
  source.weight = ParseWeight(fields);
  if (const YamlNode* episodes = fields.Find("episodes")) source.episodes = ParseEpisodes(*episodes, from, "episodes");
  source.holdout = ParseHoldout(fields);
  if (const YamlNode* map = fields.Find("map")) source.map = ParseSheetMap(*map, from, what + ": map");
  if (const YamlNode* labels = fields.Find("labels")) source.labels = ParseLabels(*labels, from, what + ": labels");
  if (const YamlNode* gap = fields.Find("gap")) source.gap = ParseGap(*gap, from, what + ": gap");
  source.notes = fields.TextOr("notes", "");
  return source;
}

void CheckWeights(const Sheet& sheet) {
  bool any = false, any_auto = false;
  for (const SheetSource& source : sheet.sources) {
    any = any || !source.weight || *source.weight > 0;
    any_auto = any_auto || !source.weight;
  }
  if (!any) ThrowUsage("all weights are 0", sheet.PlaceOf(sheet.sources[0], "weight"), "give one a weight above 0");
  if (!any_auto) return;
  // A number beside `auto` says how surrogates share what the target leaves, and nothing else.
  const SheetSource *number = nullptr, *guided = nullptr;
  for (const SheetSource& source : sheet.sources) {
    if (source.weight == 0.0) continue;
    if (source.domain == sheet.target && source.weight) {
      ThrowUsage("source " + source.name + ": the target's weight is a number, and another source's is auto",
                 sheet.PlaceOf(source, "weight"), "write auto here, too, or numbers everywhere");
    }
    if (source.domain != sheet.target) (source.weight ? number : guided) = &source;
  }
  if (number != nullptr && guided != nullptr) {
    ThrowUsage("source " + guided->name + ": the weight is auto, and that of " + number->name + " is a number",
               sheet.PlaceOf(*guided, "weight"), "give all surrogates a number, or none");
  }
}

}  // namespace

Sheet ParseSheet(const YamlNode& root, const YamlSource& source) {
  Sheet sheet;
  const YamlFields fields(root, source, "", {"target", "use", "control_hz", "tau", "sources"});
  for (const std::string& key : fields.keys()) sheet.lines[key] = fields.LineOf(key);
  sheet.target = fields.Text("target");
  sheet.use = static_cast<SheetUse>(fields.ChoiceOr("use", SheetUseNames(), 0));
  sheet.control_hz = fields.Number("control_hz");
  if (sheet.control_hz && !(*sheet.control_hz > 0)) fields.Fail("control_hz", "must be above 0");
  sheet.tau = fields.Number("tau").value_or(sheet.tau);
  if (!(sheet.tau >= 0)) fields.Fail("tau", "is below 0", "1 shares in proportion to size, 0 equally");
  const YamlNode& sources = fields.Require("sources");
  if (sources.kind != Kind::kList || sources.items.empty()) fields.Fail("sources", "must be a list of sources");
  if (sources.items.size() > kMaxSources) fields.Fail("sources", "are more than " + std::to_string(kMaxSources));
  for (const YamlNode& each : sources.items) sheet.sources.push_back(ParseSource(each, source));
  return sheet;
}

void CheckSheet(const Sheet& sheet) {
  std::map<std::string, const SheetSource*> names;
  std::vector<std::string> domains;
  for (const SheetSource& source : sheet.sources) {
    const auto [first, is_new] = names.emplace(source.name, &source);
    if (!is_new) {
      ThrowUsage("the name '" + source.name + "' stands twice (first at " + sheet.PlaceOf(*first->second, "name") + ")",
                 sheet.PlaceOf(source, "name"), "names must differ");
    }
    if (std::ranges::find(domains, source.domain) == domains.end()) domains.push_back(source.domain);
  }
  if (std::ranges::find(domains, sheet.target) == domains.end()) {
    ThrowUsage("target: there is no domain '" + sheet.target + "'",
               sheet.file + ":" + std::to_string(sheet.lines.at("target")), SuggestName(sheet.target, domains));
  }
  CheckWeights(sheet);
}

}  // namespace heddle::mixture

#include <nlohmann/json.hpp>

#include "heddle/core/text.h"
#include "heddle/mixture/sheet/review_report.h"
#include "heddle/mixture/sheet/suggest.h"

namespace heddle::mixture {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

constexpr size_t kLineWidth = 100;

const std::string& AxisName(GapAxis axis) { return GapAxisNames()[static_cast<size_t>(axis)]; }
const std::string& LevelName(GapLevel level) { return GapLevelNames()[static_cast<size_t>(level)]; }

// Broken at spaces.
std::string Wrapped(const std::string& paragraph) {
  std::string text, line;
  size_t from = 0;
  while (from < paragraph.size()) {
    const size_t to = std::min(paragraph.find(' ', from), paragraph.size());
    const std::string word = paragraph.substr(from, to - from);
    if (!line.empty() && line.size() + 1 + word.size() > kLineWidth) {
      text += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    from = to + 1;
  }
  return text + line + "\n";
}

std::string TableText(const Sheet& sheet, const RatioSuggestion& suggestion) {
  std::vector<Row> rows = {{"source", "domain", "episodes", "windows", "weight at " + ShortNumber(suggestion.low.w),
                            "passes", "at " + ShortNumber(suggestion.high.w), "passes",
                            "sheet's " + ShortNumber(suggestion.now.w), "passes"}};
  for (size_t i = 0; i < sheet.sources.size(); ++i) {
    const SheetSource& source = sheet.sources[i];
    rows.push_back({source.name, source.domain + (source.domain == sheet.target ? " (target)" : ""),
                    std::to_string(suggestion.sizes[i].episodes), std::to_string(suggestion.sizes[i].windows)});
    for (const SuggestedRatio* ratio : {&suggestion.low, &suggestion.high, &suggestion.now}) {
      rows.back().push_back(ShortNumber(ratio->weights[i]));
      rows.back().push_back(ShortNumber(ratio->passes[i]));
    }
  }
  return ColumnsText(rows);
}

// The line that one would write into the sheet.
std::string ProposedLine(const SourceGap& gap) {
  std::vector<std::string> parts;
  for (const GapMeasure& measure : gap.measures) {
    if (measure.level) parts.push_back(AxisName(measure.axis) + ": " + LevelName(*measure.level));
  }
  return "gap: {" + Join(parts, ", ") + "}";
}

std::string GapsText(const Sheet& sheet, const RatioSuggestion& suggestion) {
  std::string text;
  for (const SourceGap& gap : suggestion.gaps) {
    const SheetSource& source = sheet.sources[gap.source];
    std::vector<Row> rows;
    for (const GapMeasure& measure : gap.measures) {
      const auto stated = source.gap.find(measure.axis);
      rows.push_back({"  " + AxisName(measure.axis),
                      stated == source.gap.end() ? "not stated" : "stated " + LevelName(stated->second),
                      measure.level ? "proposed " + LevelName(*measure.level) : "not measured", measure.how});
    }
    text += "\ngap of " + source.name + "\n" + ColumnsText(rows) + "  to state it: " + ProposedLine(gap) + "\n";
  }
  return text;
}

Json RatioJson(const SuggestedRatio& ratio) {
  return {{"w", ratio.w}, {"weights", ratio.weights}, {"passes", ratio.passes}};
}

Json GapJson(const Sheet& sheet, const SourceGap& gap) {
  const SheetSource& source = sheet.sources[gap.source];
  Json json = {{"source", source.name}, {"axes", Json::array()}};
  for (const GapMeasure& measure : gap.measures) {
    const auto stated = source.gap.find(measure.axis);
    json["axes"].push_back({{"axis", AxisName(measure.axis)},
                            {"stated", stated == source.gap.end() ? Json(nullptr) : Json(LevelName(stated->second))},
                            {"proposed", measure.level ? Json(LevelName(*measure.level)) : Json(nullptr)},
                            {"value", measure.value ? Json(*measure.value) : Json(nullptr)},
                            {"how", measure.how}});
  }
  return json;
}

}  // namespace

std::string SuggestionText(const Sheet& sheet, const RatioSuggestion& suggestion, const SuggestOptions&) {
  return Wrapped(suggestion.reason) + "\n" + TableText(sheet, suggestion) + GapsText(sheet, suggestion);
}

Json SuggestionJson(const Sheet& sheet, const RatioSuggestion& suggestion, const SuggestOptions& options) {
  Json json = {{"schema", 1},
               {"sheet", sheet.file},
               {"hash", HashOf(sheet)},
               {"target", sheet.target},
               {"guideline", ToJson(suggestion.guideline)},
               {"stated", suggestion.stated ? ToJson(*suggestion.stated) : Json(nullptr)},
               {"stated_odds", suggestion.stated_odds},
               {"proposed", suggestion.proposed ? ToJson(*suggestion.proposed) : Json(nullptr)},
               {"proposed_odds", suggestion.proposed_odds},
               {"steps", options.training.steps},
               {"batch_size", options.training.batch_size},
               {"sources", Json::array()}};
  for (size_t i = 0; i < sheet.sources.size(); ++i) {
    json["sources"].push_back({{"name", sheet.sources[i].name},
                               {"domain", sheet.sources[i].domain},
                               {"is_target", sheet.sources[i].domain == sheet.target},
                               {"windows", suggestion.sizes[i].windows},
                               {"episodes", suggestion.sizes[i].episodes}});
  }
  json["low"] = RatioJson(suggestion.low);
  json["high"] = RatioJson(suggestion.high);
  json["now"] = RatioJson(suggestion.now);
  json["gaps"] = Json::array();
  for (const SourceGap& gap : suggestion.gaps) json["gaps"].push_back(GapJson(sheet, gap));
  json["reason"] = suggestion.reason;
  return json;
}

}  // namespace heddle::mixture

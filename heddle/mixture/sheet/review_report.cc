#include "heddle/mixture/sheet/review_report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "heddle/core/text.h"
#include "heddle/data/labels/csv.h"
#include "heddle/mixture/sheet/convert_actions.h"

namespace heddle::mixture {
namespace {

using Json = nlohmann::ordered_json;
using Row = std::vector<std::string>;

std::string Percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", 100 * share);
  return text;
}

std::string ActionsOf(const SheetSource& source) {
  const std::string& own = RepresentationOf(source);
  if (own.empty() || own == "none") return "none";
  return own == source.action_representation ? own : source.action_representation + " -> " + own;
}

std::string TableText(const Sheet& sheet, const SheetReview& review) {
  std::vector<Row> rows = {{"source", "domain", "kind", "embodiment", "actions", "license", "labels", "episodes",
                            "held out", "windows", "weight", "passes"}};
  for (size_t i = 0; i < sheet.sources.size(); ++i) {
    const SheetSource& source = sheet.sources[i];
    rows.push_back({source.name, source.domain + (source.domain == sheet.target ? " (target)" : ""),
                    SourceKindNames()[static_cast<size_t>(source.kind)], source.embodiment, ActionsOf(source),
                    source.license, LabelQualityNames()[static_cast<size_t>(source.label_quality)]});
    if (!review.weights) {
      rows.back().insert(rows.back().end(), 5, "-");
      continue;
    }
    const SourceSize& size = review.sizes[i];
    rows.back().push_back(std::to_string(size.episodes));
    rows.back().push_back(std::to_string(size.holdout_episodes));
    rows.back().push_back(std::to_string(size.windows));
    rows.back().push_back(ShortNumber(review.weights->weights[i]));
    rows.back().push_back(ShortNumber(review.passes[i]));
  }
  return ColumnsText(rows);
}

std::string BucketsText(const SheetReview& review) {
  std::vector<std::string> parts;
  for (const ReviewBucket& bucket : review.buckets) {
    if (bucket.drawn == 0 && bucket.windows == 0) continue;
    parts.push_back(bucket.name + " " + Percent(bucket.drawn) + " of what is drawn (" + Percent(bucket.windows) +
                    " of the windows)");
  }
  return Join(parts, "; ");
}

Json SourceJson(const Sheet& sheet, const SheetReview& review, size_t i) {
  const SheetSource& source = sheet.sources[i];
  Json json = {{"name", source.name},
               {"dataset", source.dataset},
               {"domain", source.domain},
               {"is_target", source.domain == sheet.target},
               {"kind", SourceKindNames()[static_cast<size_t>(source.kind)]},
               {"embodiment", source.embodiment},
               {"license", source.license},
               {"task_family", source.task_family},
               {"label_quality", LabelQualityNames()[static_cast<size_t>(source.label_quality)]},
               {"action_representation", RepresentationOf(source)}};
  if (!review.weights) return json;
  json["episodes"] = review.sizes[i].episodes;
  json["holdout_episodes"] = review.sizes[i].holdout_episodes;
  json["windows"] = review.sizes[i].windows;
  json["weight"] = review.weights->weights[i];
  json["passes"] = review.passes[i];
  return json;
}

}  // namespace

std::string ColumnsText(std::span<const std::vector<std::string>> rows) {
  std::vector<size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      line += row[i] + (i + 1 < row.size() ? std::string(widths[i] + 2 - row[i].size(), ' ') : "");
    }
    text += WithoutControls(line) + "\n";
  }
  return text;
}

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value >= 100 ? "%.0f" : "%.3g", value);
  return text;
}

std::string ReviewText(const Sheet& sheet, const SheetReview& review, const ReviewOptions& options) {
  std::string text = sheet.file + ": target " + sheet.target + ", for " +
                     SheetUseNames()[static_cast<size_t>(sheet.use)] + "\n\n" + TableText(sheet, review);
  if (review.weights) {
    text += "\nw: " + review.weights->reason + "\n";
    const bool said = review.weights->reason.find("guideline") != std::string::npos;
    if (review.weights->guideline && !said) text += "ratio: " + review.weights->guideline->Explain() + "\n";
    text += "passes: over a source's windows in " + std::to_string(options.steps) + " steps of " +
            std::to_string(options.batch_size) + " at " + FormatDouble(review.control_hz) + " Hz\n";
    text += "labels: " + BucketsText(review) + "\n";
  }
  if (!review.findings.empty()) text += "\n";
  for (const SheetFinding& finding : review.findings) {
    text += WithoutControls(std::string(FindingLevelName(finding.level)) + ": " + finding.place + ": " + finding.what +
                            (finding.mend.empty() ? "" : " (" + finding.mend + ")")) +
            "\n";
  }
  text += review.is_refused() ? "\nrefused\n" : "\nthis mixes\n";
  return text;
}

std::string ReviewCsv(const Sheet& sheet, const SheetReview& review) {
  std::string csv =
      "name,dataset,domain,is_target,kind,embodiment,license,task_family,label_quality,action_representation,episodes,"
      "holdout_episodes,windows,weight,passes,notes\n";
  for (size_t i = 0; i < sheet.sources.size(); ++i) {
    const SheetSource& source = sheet.sources[i];
    Row row = {source.name,
               source.dataset,
               source.domain,
               source.domain == sheet.target ? "true" : "false",
               SourceKindNames()[static_cast<size_t>(source.kind)],
               source.embodiment,
               source.license,
               source.task_family,
               LabelQualityNames()[static_cast<size_t>(source.label_quality)],
               RepresentationOf(source)};
    if (review.weights) {
      row.push_back(std::to_string(review.sizes[i].episodes));
      row.push_back(std::to_string(review.sizes[i].holdout_episodes));
      row.push_back(std::to_string(review.sizes[i].windows));
      row.push_back(FormatDouble(review.weights->weights[i]));
      row.push_back(FormatDouble(review.passes[i]));
    } else {
      row.insert(row.end(), 5, "");
    }
    row.push_back(source.notes);
    for (std::string& field : row) field = data::CsvField(field);
    csv += Join(row, ",") + "\n";
  }
  return csv;
}

Json ToJson(const theory::RatioGuideline& guideline) {
  using Rule = theory::RatioGuideline::Rule;
  return {{"natural", guideline.natural},
          {"low", guideline.low},
          {"high", guideline.high},
          {"rule", guideline.rule == Rule::kSquareRoot ? "square_root"
                   : guideline.rule == Rule::kShare    ? "share"
                                                       : "natural"},
          {"capped", guideline.capped}};
}

Json ReviewJson(const Sheet& sheet, const SheetReview& review, const ReviewOptions& options) {
  Json json = {{"schema", 1},
               {"sheet", sheet.file},
               {"hash", HashOf(sheet)},
               {"target", sheet.target},
               {"use", SheetUseNames()[static_cast<size_t>(sheet.use)]},
               {"is_refused", review.is_refused()}};
  if (review.weights) {
    json["control_hz"] = review.control_hz;
    json["w"] = review.weights->w;
    json["reason"] = review.weights->reason;
    if (review.weights->guideline) json["guideline"] = ToJson(*review.weights->guideline);
    json["steps"] = options.steps;
    json["batch_size"] = options.batch_size;
  }
  json["sources"] = Json::array();
  for (size_t i = 0; i < sheet.sources.size(); ++i) json["sources"].push_back(SourceJson(sheet, review, i));
  json["labels"] = Json::array();
  for (const ReviewBucket& bucket : review.buckets) {
    json["labels"].push_back({{"bucket", bucket.name}, {"drawn", bucket.drawn}, {"windows", bucket.windows}});
  }
  json["terms"] = {{"licenses", review.terms.licenses}, {"text", review.terms.Text()}};
  json["findings"] = Json::array();
  for (const SheetFinding& finding : review.findings) {
    json["findings"].push_back({{"code", finding.code},
                                {"level", FindingLevelName(finding.level)},
                                {"place", finding.place},
                                {"what", finding.what},
                                {"mend", finding.mend}});
  }
  return json;
}

}  // namespace heddle::mixture

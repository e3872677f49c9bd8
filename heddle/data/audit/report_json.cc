#include "heddle/data/audit/report_json.h"

#include <nlohmann/json.hpp>

namespace heddle::data::audit {
namespace {

using Json = nlohmann::ordered_json;

Json FindingJson(const Finding& finding) {
  Json json = {{"code", finding.code}, {"severity", SeverityName(finding.severity)}, {"dataset", finding.dataset}};
  json["episode"] = finding.place.episode ? Json(*finding.place.episode) : Json(nullptr);
  json["frame"] = finding.place.frame ? Json(*finding.place.frame) : Json(nullptr);
  json["feature"] = finding.place.feature.empty() ? Json(nullptr) : Json(finding.place.feature);
  json["what"] = finding.what;
  json["effect"] = finding.effect;
  json["mend"] = finding.mend;
  json["evidence"] = finding.evidence;
  return json;
}

void AppendFindings(const Findings& findings, Json& list, Json& counts) {
  for (const Finding& finding : findings.Sorted()) list.push_back(FindingJson(finding));
  for (const auto& [code, count] : findings.counts()) counts[code] = counts.value(code, int64_t{0}) + count;
}

}  // namespace

Json ToJson(const AuditReport& report) {
  Json datasets = Json::array(), findings = Json::array(), counts = Json::object(), missing = Json::array();
  for (const DatasetAudit& dataset : report.datasets) {
    Json json = {{"name", dataset.name},
                 {"root", dataset.root.string()},
                 {"opened", dataset.opened},
                 {"errors", dataset.findings.Count(Severity::kError)},
                 {"warnings", dataset.findings.Count(Severity::kWarning)},
                 {"notes", dataset.findings.Count(Severity::kNote)},
                 {"frames_decoded", dataset.frames_decoded}};
    json["profile"] = dataset.profile ? ToJson(*dataset.profile) : Json(nullptr);
    datasets.push_back(std::move(json));
    AppendFindings(dataset.findings, findings, counts);
  }
  AppendFindings(report.across, findings, counts);
  for (const MissingItem& item : report.missing) {
    missing.push_back({{"code", item.code},
                       {"rank", item.rank},
                       {"what", item.what},
                       {"why", item.why},
                       {"command", item.command},
                       {"datasets", item.datasets}});
  }
  return {{"schema", 1},
          {"ok", !report.has_errors()},
          {"errors", report.Count(Severity::kError)},
          {"warnings", report.Count(Severity::kWarning)},
          {"notes", report.Count(Severity::kNote)},
          {"datasets", datasets},
          {"findings", findings},
          {"findings_by_code", counts},
          {"missing", missing}};
}

}  // namespace heddle::data::audit

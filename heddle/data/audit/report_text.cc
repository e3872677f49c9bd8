#include "heddle/data/audit/report_text.h"

#include <algorithm>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

constexpr const char* kIndent = "    ";

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  std::string Of(Severity severity, const std::string& text) const {
    switch (severity) {
      case Severity::kError: return Paint("31;1", text);
      case Severity::kWarning: return Paint("33", text);
      case Severity::kNote: return Paint("36", text);
    }
    return text;
  }
  std::string Good(const std::string& text) const { return Paint("32", text); }
  std::string Strong(const std::string& text) const { return Paint("1", text); }
  std::string Faint(const std::string& text) const { return Paint("2", text); }

 private:
  std::string Paint(const char* code, const std::string& text) const {
    return colour_ ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
  }
  bool colour_;
};

std::string Padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// The feature is left out where the sentence names it.
std::string PlaceText(const Place& place, const std::string& what) {
  std::string text;
  if (place.episode) text += "episode " + std::to_string(*place.episode);
  if (place.frame) text += " frame " + std::to_string(*place.frame);
  if (!place.feature.empty() && what.find(place.feature) == std::string::npos)
    text += (text.empty() ? "" : ", ") + place.feature;
  return text;
}

std::string ActionLine(const DatasetProfile& profile) {
  if (!profile.action) return "none";
  std::string line = Count(profile.action->num_values(), "dimension");
  if (!profile.meaning) return line;
  const ActionMeaning& meaning = *profile.meaning;
  if (meaning.kind == ActionKind::kAbsolute || meaning.kind == ActionKind::kDelta) {
    line += std::string(", ") + ActionKindName(meaning.kind) + " (" + Percent(meaning.confidence) + " sure)";
  } else {
    line += ", absolute or delta: not to be told from the data";
  }
  if (meaning.space != ActionSpace::kUnknown) line += std::string(", ") + ActionSpaceName(meaning.space) + " space";
  for (const GripperMeaning& gripper : meaning.grippers) line += ", gripper " + gripper.range;
  return line;
}

std::string ProfileText(const DatasetAudit& dataset) {
  if (!dataset.profile) return "";
  const DatasetProfile& profile = *dataset.profile;
  std::string cameras;
  for (const CameraProfile& camera : profile.cameras) {
    cameras += (cameras.empty() ? "" : ", ") + camera.name + " " + std::to_string(camera.width) + "x" +
               std::to_string(camera.height) + (camera.depth ? " (depth)" : "");
  }
  const auto line = [](const char* name, const std::string& text) { return "  " + Padded(name, 11) + text + "\n"; };
  return line("rows", Count(profile.episodes, "episode") + ", " + Count(profile.frames, "frame") + " at " +
                          Figure(profile.fps) + " Hz" + (profile.robot_type.empty() ? "" : ", " + profile.robot_type)) +
         line("cameras", cameras.empty() ? "none" : cameras) + line("action", ActionLine(profile)) +
         line("looked at", "all numbers, " + Count(dataset.frames_decoded, "picture"));
}

// Findings of one code, as one paragraph.
std::string Paragraph(const std::vector<Finding>& findings, int64_t count, const FindingKind& kind,
                      const TextStyle& style, const Painter& paint) {
  const Finding& first = findings.front();
  std::string text = "  " + paint.Of(kind.severity, Padded(SeverityName(kind.severity), 9)) + paint.Strong(kind.title) +
                     paint.Faint("  " + kind.code) + (count > 1 ? "  x" + std::to_string(count) : "") + "\n";
  const auto shown = std::min<int64_t>(style.most_places, static_cast<int64_t>(findings.size()));
  for (int64_t i = 0; i < shown; ++i) {
    const Finding& finding = findings[static_cast<size_t>(i)];
    const std::string place = PlaceText(finding.place, finding.what);
    text += "  " + std::string(9, ' ') + (place.empty() ? "" : place + ": ") + finding.what + "\n";
  }
  if (count > shown)
    text += "  " + std::string(9, ' ') + paint.Faint("and " + std::to_string(count - shown) + " more") + "\n";
  text += "  " + std::string(9, ' ') + paint.Faint("effect: ") + first.effect + "\n";
  text += "  " + std::string(9, ' ') + paint.Faint("mend:   ") + first.mend + "\n";
  return text;
}

std::string FindingsText(const Findings& findings, const std::vector<FindingKind>& kinds, const TextStyle& style,
                         const Painter& paint) {
  std::vector<std::pair<std::string, std::vector<Finding>>> groups;
  for (Finding& finding : findings.Sorted()) {
    if (groups.empty() || groups.back().first != finding.code) groups.push_back({finding.code, {}});
    groups.back().second.push_back(std::move(finding));
  }
  std::string text;
  for (const auto& [code, group] : groups) {
    const auto kind =
        std::find_if(kinds.begin(), kinds.end(), [&](const FindingKind& k) { return k.code == group[0].code; });
    text += "\n" + Paragraph(group, findings.Count(code), *kind, style, paint);
  }
  return text;
}

std::string Verdict(const Findings& findings, const Painter& paint) {
  std::vector<std::string> parts;
  for (const Severity severity : {Severity::kError, Severity::kWarning, Severity::kNote}) {
    const int64_t count = findings.Count(severity);
    if (count > 0) parts.push_back(paint.Of(severity, Count(count, SeverityName(severity))));
  }
  if (parts.empty()) return paint.Good("nothing wrong");
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string MissingText(const AuditReport& report, const TextStyle& style, const Painter& paint) {
  if (report.missing.empty()) return "";
  std::string text = "\n" + paint.Strong("What this corpus is missing") + "\n";
  const auto shown = std::min<int64_t>(style.most_missing, static_cast<int64_t>(report.missing.size()));
  for (int64_t i = 0; i < shown; ++i) {
    const MissingItem& item = report.missing[static_cast<size_t>(i)];
    const bool some = item.datasets.size() < report.datasets.size();
    std::string of = some ? " (" + item.datasets.front() + (item.datasets.size() > 1 ? ", ..." : "") + ")" : "";
    text += "  " + Padded(std::to_string(item.rank) + ".", 4) + item.what + of + paint.Faint(": " + item.why) + "\n" +
            "      " + item.command + "\n";
  }
  const auto rest = static_cast<int64_t>(report.missing.size()) - shown;
  if (rest > 0) text += "  " + paint.Faint("and " + std::to_string(rest) + " more in --json") + "\n";
  return text;
}

}  // namespace

std::string AuditText(const AuditReport& report, const TextStyle& style) {
  const Painter paint(style.colour);
  std::string text;
  for (const DatasetAudit& dataset : report.datasets) {
    text += (text.empty() ? "" : "\n") + paint.Strong(dataset.name) + kIndent + Verdict(dataset.findings, paint) + "\n";
    text += ProfileText(dataset);
    text += FindingsText(dataset.findings, AllFindingKinds(), style, paint);
  }
  if (report.datasets.size() > 1) {
    text += "\n" + paint.Strong("Together") + kIndent + Verdict(report.across, paint) + "\n";
    text += FindingsText(report.across, AllFindingKinds(), style, paint);
  }
  return text + MissingText(report, style, paint);
}

}  // namespace heddle::data::audit

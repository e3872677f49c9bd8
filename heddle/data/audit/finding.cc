#include "heddle/data/audit/finding.h"

#include <algorithm>

#include "heddle/core/check.h"

namespace heddle::data::audit {
namespace {

std::string WithDataset(std::string text, const std::string& dataset) {
  static const std::string kName = "{dataset}";
  for (size_t at = text.find(kName); at != std::string::npos; at = text.find(kName, at + dataset.size())) {
    text.replace(at, kName.size(), dataset);
  }
  return text;
}

}  // namespace

const char* SeverityName(Severity severity) {
  switch (severity) {
    case Severity::kError: return "error";
    case Severity::kWarning: return "warning";
    case Severity::kNote: return "note";
  }
  HEDDLE_DEMAND(false);
}

Findings::Findings(std::string dataset, const std::vector<FindingKind>& kinds) : dataset_(std::move(dataset)) {
  for (const FindingKind& kind : kinds) {
    const bool added = kinds_.emplace(kind.code, kind).second;
    HEDDLE_DEMAND(added);
    order_.emplace(kind.code, order_.size());
  }
}

void Findings::Add(const std::string& code, Place place, std::string what, nlohmann::ordered_json evidence) {
  const auto kind = kinds_.find(code);
  HEDDLE_DEMAND(kind != kinds_.end());
  ++counts_[code];
  auto& kept = kept_[code];
  if (static_cast<int64_t>(kept.size()) >= kMostKept) return;
  kept.push_back({code, kind->second.severity, dataset_, std::move(place), std::move(what), kind->second.effect,
                  WithDataset(kind->second.mend, dataset_), std::move(evidence)});
}

void Findings::Append(const Findings& other) {
  for (const auto& [code, findings] : other.kept_) {
    auto& kept = kept_[code];
    for (const Finding& finding : findings) {
      if (static_cast<int64_t>(kept.size()) < kMostKept) kept.push_back(finding);
    }
  }
  for (const auto& [code, count] : other.counts_) counts_[code] += count;
}

std::vector<Finding> Findings::Sorted() const {
  std::vector<Finding> sorted;
  for (const auto& [code, findings] : kept_) sorted.insert(sorted.end(), findings.begin(), findings.end());
  std::stable_sort(sorted.begin(), sorted.end(), [this](const Finding& a, const Finding& b) {
    return std::pair(a.severity, order_.at(a.code)) < std::pair(b.severity, order_.at(b.code));
  });
  return sorted;
}

int64_t Findings::Count(const std::string& code) const {
  const auto found = counts_.find(code);
  return found == counts_.end() ? 0 : found->second;
}

int64_t Findings::Count(Severity severity) const {
  int64_t count = 0;
  for (const auto& [code, of_code] : counts_) {
    if (kinds_.at(code).severity == severity) count += of_code;
  }
  return count;
}

}  // namespace heddle::data::audit

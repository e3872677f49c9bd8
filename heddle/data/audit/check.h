// The open list of checks. One small file each, check_NAME.cc; to add one, write that file and its line in checks.cc.
//
//   heddle::data::audit::CheckEntry NanCheck() {
//     return {"not-finite", {{"not-finite", Severity::kError, "...", "...", "..."}}, [] { return
//     std::make_unique<..>(); }};
//   }
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "heddle/data/audit/facts.h"
#include "heddle/data/audit/finding.h"

namespace heddle::data::audit {

// One dataset's check: Begin, then Visit for each episode that could be read, in order, then Finish; all on one thread.
class Check {
 public:
  virtual ~Check() = default;
  virtual void Begin(const DatasetFacts&, Findings&) {}
  virtual void Visit(const DatasetFacts&, const EpisodeData&, Findings&) {}
  virtual void Finish(const DatasetFacts&, Findings&) {}
};

struct CheckEntry {
  std::string name;
  std::vector<FindingKind> kinds;
  std::function<std::unique_ptr<Check>()> make;
};

// All checks of one dataset, in the order in which the table of findings shows them.
const std::vector<CheckEntry>& AllChecks();

// Begin, Visit and Finish of all checks, over episodes that are in memory.
Findings RunChecks(const DatasetFacts& facts, std::span<const EpisodeData> episodes);

// The table of findings: of opening, of all checks, and of comparing several datasets.
const std::vector<FindingKind>& AllFindingKinds();

}  // namespace heddle::data::audit

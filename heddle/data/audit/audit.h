// The audit: what is wrong with datasets, before a week of training is spent on them.
//
//   const AuditReport report = AuditDatasets({"lerobot/pusht", "out/sim"}, {}, ThreadBudget::OfMachine());
//   std::cout << AuditText(report, ...);  ToJson(report);
//
// One pass over each dataset: each episode's numbers are read once and each sampled frame decoded once, for all checks.
// The report is the same for any number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/data/audit/facts.h"
#include "heddle/data/audit/finding.h"
#include "heddle/data/audit/missing.h"
#include "heddle/data/audit/profile.h"

namespace heddle::data::audit {

struct AuditOptions {
  int64_t frames = 12;  // decoded per camera and episode; -1: all; 0: none
};

struct DatasetAudit {
  std::string name;
  std::filesystem::path root;             // empty where there is none
  bool opened = false;                    // else findings say why not, and no more is known
  std::optional<DatasetProfile> profile;  // of those that could be opened
  int64_t frames_decoded = 0;
  Findings findings;
};

struct AuditReport {
  std::vector<DatasetAudit> datasets;
  Findings across;  // of several datasets
  std::vector<MissingItem> missing;

  int64_t Count(Severity severity) const;
  bool has_errors() const { return Count(Severity::kError) > 0; }
};

// Called between episodes, from one thread.
using AuditProgress = std::function<void(const std::string& dataset, int64_t episodes_done, int64_t episodes)>;

// Never throws for what a dataset has wrong: that is the report. kUsage: a dataset that is given twice. kInput: an
// interruption by `stop`.
AuditReport AuditDatasets(const std::vector<std::string>& datasets, const AuditOptions& options,
                          const ThreadBudget& budget, const AuditProgress& progress = nullptr,
                          const StopFlag* stop = nullptr);

}  // namespace heddle::data::audit

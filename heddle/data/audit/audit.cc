#include "heddle/data/audit/audit.h"

#include <algorithm>
#include <map>

#include "heddle/core/error.h"
#include "heddle/data/audit/check.h"
#include "heddle/data/audit/compare_datasets.h"
#include "heddle/data/audit/load_episode.h"
#include "heddle/data/audit/opening.h"
#include "heddle/data/audit/scan_files.h"
#include "heddle/data/dataset.h"
#include "heddle/data/find_dataset.h"
#include "heddle/data/seal_guard.h"

namespace heddle::data::audit {
namespace {

// Episodes in memory at once, for each thread.
constexpr int64_t kEpisodesPerThread = 8;

void RefuseDoubled(const std::vector<std::string>& names) {
  std::map<std::filesystem::path, std::string> seen;  // by folder
  for (const std::string& name : names) {
    std::filesystem::path root = name;
    try {
      root = FindDataset(name);
    } catch (const Error&) {  // a finding of the audit
    }
    std::error_code error;
    const auto folder = std::filesystem::weakly_canonical(root, error);
    const auto [first, added] = seen.emplace(error ? root : folder, name);
    if (!added)
      ThrowUsage("the same dataset is given twice, as " + first->second + " and as " + name, name, "give it once");
  }
}

DatasetFacts GatherFacts(const std::string& name, const Dataset& dataset, const ThreadBudget& budget) {
  DatasetFacts facts;
  facts.name = name;
  facts.root = dataset.root();
  facts.info = dataset.info();
  facts.episodes = dataset.episodes();
  facts.tasks = dataset.tasks();
  facts.statistics = dataset.statistics();
  facts.statistics_error = dataset.statistics_error();
  facts.episode_statistics = std::filesystem::is_regular_file(facts.root / "meta/episodes_stats.jsonl");
  try {
    facts.labels = DatasetLabels::Of(dataset);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kBug) throw;
    facts.labels_error = error.what();
  }
  facts.sealed = SealGuard(dataset.root()).sealed();
  ScanFiles(dataset, facts, budget);
  return facts;
}

// All of one dataset's checks, side by side.
class CheckRow {
 public:
  CheckRow(const DatasetFacts& facts, Findings& findings) : facts_(facts), findings_(findings), profile_(facts) {
    for (const CheckEntry& entry : AllChecks()) checks_.push_back(entry.make());
    for (auto& check : checks_) check->Begin(facts_, findings_);
  }

  void Visit(const EpisodeData& episode) {
    for (auto& check : checks_) check->Visit(facts_, episode, findings_);
    profile_.Visit(episode);
  }

  DatasetProfile Finish() {
    for (auto& check : checks_) check->Finish(facts_, findings_);
    return profile_.Finish();
  }

 private:
  const DatasetFacts& facts_;
  Findings& findings_;
  ProfileBuilder profile_;
  std::vector<std::unique_ptr<Check>> checks_;
};

int64_t NumDecoded(const EpisodeData& episode) {
  size_t frames = 0;
  for (const auto& [camera, data] : episode.cameras) frames += data.frames.size();
  return static_cast<int64_t>(frames);
}

// Episodes are loaded in parallel, a batch at a time, and visited in order.
void VisitEpisodes(const Dataset& dataset, const DatasetFacts& facts, const AuditOptions& options,
                   const ThreadBudget& budget, const AuditProgress& progress, const StopFlag* stop, CheckRow& checks,
                   DatasetAudit& audit) {
  std::vector<std::unique_ptr<EpisodeLoader>> loaders;
  for (int i = 0; i < budget.threads(); ++i) {
    loaders.push_back(std::make_unique<EpisodeLoader>(dataset, facts, options.frames));
  }
  const auto total = static_cast<int64_t>(facts.episodes.size());
  const int64_t batch = kEpisodesPerThread * budget.threads();
  for (int64_t first = 0; first < total; first += batch) {
    const int64_t count = std::min(batch, total - first);
    std::vector<EpisodeData> episodes(static_cast<size_t>(count));
    const bool whole = ParallelFor(
        budget, count,
        [&](int64_t i, int worker) {
          episodes[static_cast<size_t>(i)] = loaders[static_cast<size_t>(worker)]->Load(first + i);
        },
        stop);
    if (!whole) ThrowInput("the audit was stopped", facts.root.string());
    for (const EpisodeData& episode : episodes) {
      audit.frames_decoded += NumDecoded(episode);
      checks.Visit(episode);
    }
    if (progress) progress(facts.name, first + count, total);
  }
}

std::optional<Dataset> OpenOrExplain(DatasetAudit& audit) {
  try {
    audit.root = FindDataset(audit.name);
  } catch (const Error& error) {
    ExplainOpening(error, {}, audit.findings);
    return std::nullopt;
  }
  try {
    return Dataset::Open(audit.name);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kBug) throw;
    ExplainOpening(error, audit.root, audit.findings);
    return std::nullopt;
  }
}

}  // namespace

int64_t AuditReport::Count(Severity severity) const {
  int64_t count = across.Count(severity);
  for (const DatasetAudit& dataset : datasets) count += dataset.findings.Count(severity);
  return count;
}

AuditReport AuditDatasets(const std::vector<std::string>& names, const AuditOptions& options,
                          const ThreadBudget& budget, const AuditProgress& progress, const StopFlag* stop) {
  RefuseDoubled(names);
  AuditReport report{{}, Findings("", MixFindingKinds()), {}};
  std::vector<DatasetFacts> all_facts;
  for (const std::string& name : names) {
    DatasetAudit audit{.name = name, .root = {}, .profile = {}, .findings = Findings(name, AllFindingKinds())};
    if (const auto dataset = OpenOrExplain(audit)) {
      audit.opened = true;
      all_facts.push_back(GatherFacts(name, *dataset, budget));
      CheckRow checks(all_facts.back(), audit.findings);
      VisitEpisodes(*dataset, all_facts.back(), options, budget, progress, stop, checks, audit);
      audit.profile = checks.Finish();
    }
    report.datasets.push_back(std::move(audit));
  }
  const DatasetProfile* first = nullptr;
  for (const DatasetAudit& audit : report.datasets) {
    if (!audit.profile) continue;
    if (first) {
      Findings pair(first->name + ", " + audit.name, MixFindingKinds());
      CompareDatasets(*first, *audit.profile, pair);
      report.across.Append(pair);
    } else {
      first = &*audit.profile;
    }
  }
  report.missing = WhatIsMissing(all_facts);
  return report;
}

}  // namespace heddle::data::audit

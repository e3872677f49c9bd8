// Evidence rows gathered into policies: the rows of one set-up and recipe, whichever file they come from.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "heddle/contract/evidence_row.h"
#include "heddle/eval/compare/options.h"

namespace heddle::eval {

// What stands for the training seed of a policy that was not trained.
inline constexpr int64_t kNoTrainingSeed = -1;

struct EpisodeOutcome {
  bool success_any = false, success_end = false;
  std::string failure = {};
  std::string place = {};  // file:line

  bool Success(Metric metric) const { return metric == Metric::kSuccessAny ? success_any : success_end; }
};

struct PolicyEvidence {
  std::string label = {};         // short and its own: "w = 0.1", or the policy's name
  contract::EvidenceRow example;  // the first row: its set-up and policy
  std::map<int64_t, std::map<int64_t, EpisodeOutcome>> episodes = {};  // training seed -> episode seed
  std::set<std::string> checkpoint_hashes = {}, data_seals = {};
  std::set<double> target_passes = {};
  int64_t chosen_from = 0;  // the largest that a row says; 0 where none does
  bool is_unnamed = false;  // some row has neither checkpoint hash nor training: a server that does not tell

  int64_t num_episodes() const;
};

struct EvidenceSource {
  std::string file = {}, sha256 = {};
  int64_t rows = 0, repeated_rows = 0, torn_bytes = 0;
};

struct EvidenceSet {
  std::vector<PolicyEvidence> policies = {};  // in the order of their first rows
  std::set<int64_t> tuning_seeds = {};        // episode seeds of rows that stand aside, as their suite is "tuning"
  int64_t tuning_policies = 0;
  std::vector<EvidenceSource> sources = {};
};

// Reads files and run folders. Rows of the suite "tuning" are set aside where there are others. A row that repeats
// another counts once; kInput, with both places, where the same episode of the same policy came out differently, and
// for files without rows.
EvidenceSet GatherEvidence(std::span<const std::string> paths, const std::string& over);

}  // namespace heddle::eval

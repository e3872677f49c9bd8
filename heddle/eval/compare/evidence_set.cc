#include "heddle/eval/compare/evidence_set.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "heddle/contract/evidence_compare.h"
#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/core/sha256.h"

namespace heddle::eval {
namespace {

using contract::EvidenceRow;

constexpr const char* kTuningSuite = "tuning";

class Gatherer {
 public:
  explicit Gatherer(std::string over) : over_(std::move(over)) {}

  void Read(const std::string& path) {
    const std::string file = contract::EvidencePath(path).string();
    EvidenceSource source{.file = file, .sha256 = Sha256OfFile(file).sha256};
    source.torn_bytes = contract::ForEachEvidenceRow(path, [&](EvidenceRow row, int64_t line) {
      ++source.rows;
      if (!Add(std::move(row), file + ":" + std::to_string(line))) ++source.repeated_rows;
    });
    if (source.rows == 0) ThrowInput("this file has no evidence rows", file, "run heddle eval first");
    sources_.push_back(std::move(source));
  }

  EvidenceSet Take() && {
    EvidenceSet set;
    const auto is_tuning = [](const PolicyEvidence& policy) { return policy.example.setup.suite == kTuningSuite; };
    const bool only_tuning = std::all_of(policies_.begin(), policies_.end(), is_tuning);
    for (PolicyEvidence& policy : policies_) {
      if (is_tuning(policy) && !only_tuning) {
        ++set.tuning_policies;
        for (const auto& [seed, episodes] : policy.episodes) {
          for (const auto& [episode_seed, outcome] : episodes) set.tuning_seeds.insert(episode_seed);
        }
      } else {
        set.policies.push_back(std::move(policy));
      }
    }
    set.sources = std::move(sources_);
    return set;
  }

 private:
  // Rows of one policy mostly follow each other, and a key takes a while to make.
  PolicyEvidence& PolicyOf(const EvidenceRow& row) {
    if (last_ && last_->setup == row.setup && last_->policy == row.policy) return policies_[last_policy_];
    last_ = row;
    const auto [found, is_new] = index_.try_emplace(contract::RecipeKey(row, over_), policies_.size());
    if (is_new) {
      policies_.emplace_back();
      policies_.back().example = row;
      policies_.back().label = row.policy.name;
    }
    last_policy_ = found->second;
    return policies_[last_policy_];
  }

  // False for a row that repeats another.
  bool Add(EvidenceRow row, const std::string& place) {
    PolicyEvidence& policy = PolicyOf(row);
    const auto& training = row.policy.training;
    if (!row.policy.checkpoint_hash.empty()) policy.checkpoint_hashes.insert(row.policy.checkpoint_hash);
    if (training) policy.data_seals.insert(training->data_seals.begin(), training->data_seals.end());
    if (training && training->target_passes) policy.target_passes.insert(*training->target_passes);
    policy.chosen_from = std::max(policy.chosen_from, row.policy.chosen_from.value_or(0));
    policy.is_unnamed |= row.policy.kind == "server" && row.policy.checkpoint_hash.empty() && !training;

    const int64_t seed = training ? training->training_seed.value_or(kNoTrainingSeed) : kNoTrainingSeed;
    const contract::EvidenceOutcome& o = row.outcome;
    const EpisodeOutcome outcome{o.success_any, o.success_end, o.failure, place};
    const auto [there, is_new] = policy.episodes[seed].try_emplace(o.episode_seed, outcome);
    EpisodeOutcome& other = there->second;
    if (!is_new && contract::IsUnanswered(o.failure)) return false;
    if (!is_new && contract::IsUnanswered(other.failure)) {
      other = outcome;
      return false;
    }
    const bool same = other.success_any == o.success_any && other.success_end == o.success_end;
    if (!same) {
      ThrowInput("episode seed " + std::to_string(o.episode_seed) + " of the same policy came out differently in " +
                     other.place,
                 place, "keep the rows of one of the two evaluations");
    }
    return is_new;
  }

  const std::string over_;
  std::vector<PolicyEvidence> policies_;
  std::map<std::string, size_t> index_;
  std::optional<EvidenceRow> last_;
  size_t last_policy_ = 0;
  std::vector<EvidenceSource> sources_;
};

}  // namespace

const char* MetricName(Metric metric) { return metric == Metric::kSuccessAny ? "success_any" : "success_end"; }

int64_t PolicyEvidence::num_episodes() const {
  int64_t count = 0;
  for (const auto& [seed, of_seed] : episodes) count += static_cast<int64_t>(of_seed.size());
  return count;
}

EvidenceSet GatherEvidence(std::span<const std::string> paths, const std::string& over) {
  Gatherer gatherer(over);
  for (const std::string& path : paths) gatherer.Read(path);
  return std::move(gatherer).Take();
}

}  // namespace heddle::eval

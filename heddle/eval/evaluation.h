// heddle eval: one policy in one kind of world, episode by episode, as evidence.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/contract/evidence_row.h"
#include "heddle/core/parallel.h"
#include "heddle/core/stop.h"
#include "heddle/eval/rollout.h"

namespace heddle::eval {

struct EvaluationPlan {
  std::string suite = "test";
  std::vector<uint64_t> seeds;  // of the episodes
  RolloutPlan rollout;
  int64_t videos = 0;  // of how many episodes: of failures as they come, then of successes
  // That many failures of the policy itself (no answer, an error, no action) on end stop the evaluation.
  int64_t give_up_after = 5;
  // The user says that a policy without a name of its content is the one whose rows are there.
  bool same_policy = false;
};

struct EvaluationOutcome {
  std::vector<contract::EvidenceRow> rows;  // of all seeds, those of before too; by seed
  int64_t already = 0;                      // rows that were there
  std::vector<std::string> problems;        // first lines of what went wrong with the policy
  bool stopped = false;
};

// The first seeds of the suites: demonstrations, tuning and tests never share a beginning.
inline constexpr uint64_t kFirstTuningSeed = 1'000'000, kFirstTestSeed = 2'000'000;

// Appends a row to folder/evidence.jsonl as each episode ends; seeds of which a row of this set-up and policy stands
// there are not run again, unless the policy gave no answer. Usage error if rows stand there of a server that does not
// tell which checkpoint it runs, and it is not said to be the same. Videos go to folder/videos, and the
// decisions of an actor that tells them to folder/latents, a file an episode, before its row is written. kInput if the
// policy fails give_up_after times on end: the rows of before stay.
EvaluationOutcome Evaluate(const sim::WorldKind& kind, Actor& actor, const EvaluationPlan& plan,
                           const std::filesystem::path& folder, const ThreadBudget& budget, const StopFlag& stop,
                           const std::function<void(const contract::EvidenceRow& row)>& episode_done);

// What must be equal for outcomes to be comparable.
contract::EvidenceSetup SetupOf(const sim::WorldKind& kind, const Actor& actor, const EvaluationPlan& plan);

}  // namespace heddle::eval

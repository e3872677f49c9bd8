// Evidence rows to compare: as many episodes as one likes of a small set-up.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::eval {

inline contract::EvidenceRow SampleRow() {
  contract::EvidenceRow row;
  row.setup = {
      .task = "nut_assembly", .task_options = {{"nuts", "square"}}, .suite = "test", .horizon = 400, .control_hz = 20};
  row.policy = {.kind = "checkpoint", .name = "runs/a", .checkpoint_hash = "aa"};
  row.policy.training = contract::EvidenceTraining{.method = "mix",
                                                   .w = 0.1,
                                                   .mixture_hash = "m1",
                                                   .data_seals = {"seal1"},
                                                   .training_seed = 1,
                                                   .target_passes = 4.0};
  row.policy.chosen_from = 1;
  return row;
}

// Another ratio, with what follows from it.
inline contract::EvidenceRow OtherRatio(double w = 0.3) {
  contract::EvidenceRow row = SampleRow();
  row.policy.name = "runs/b";
  row.policy.checkpoint_hash = "bb";
  row.policy.training->w = w;
  row.policy.training->mixture_hash = "m2";
  return row;
}

class EvidenceFiles {
 public:
  // Episodes first .. first + outcomes.size() - 1: 'S' succeeds, 's' at some step but not at the end, '.' fails
  // ("dropped"). Appends to NAME.jsonl and gives its path.
  std::string Write(const std::string& name, contract::EvidenceRow row, const std::string& outcomes,
                    int64_t first = 0) {
    const std::string file = (folder_.path() / (name + ".jsonl")).string();
    contract::EvidenceLog log(file);
    for (size_t i = 0; i < outcomes.size(); ++i) {
      row.outcome = {.success_any = outcomes[i] != '.',
                     .success_end = outcomes[i] == 'S',
                     .episode_seed = first + static_cast<int64_t>(i),
                     .failure = outcomes[i] == '.' ? "dropped" : "none",
                     .steps = 100};
      log.Append(row);
    }
    return file;
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  ScratchFolder folder_;
};

// n outcomes in a row: Times('S', 30) + Times('.', 20).
inline std::string Times(char outcome, size_t n) { return std::string(n, outcome); }

}  // namespace heddle::eval

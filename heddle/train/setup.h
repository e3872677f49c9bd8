// A run made ready: datasets bound, the policy with its first weights, loaders, and the card that its checkpoints get.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "heddle/align/objective.h"
#include "heddle/contract/card.h"
#include "heddle/core/parallel.h"
#include "heddle/mixture/loader.h"
#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/policy/policy.h"
#include "heddle/train/read_run.h"

namespace heddle::train {

struct RunSetup {
  RunOptions options;
  mixture::Sheet sheet;
  mixture::BoundSheet bound;
  std::shared_ptr<const mixture::Vocabulary> vocabulary;
  std::unique_ptr<policy::Policy> policy;  // its parameters are not flat yet
  std::vector<std::unique_ptr<align::Objective>> objectives;
  contract::AdaptationCard card;  // without the training's step
};

RunSetup SetUpRun(const RunFile& run);

// Of the run's windows, beginning at the step. `workers`: threads beside the caller's.
std::unique_ptr<mixture::Loader> TrainingLoader(const RunSetup& setup, int64_t first_step, int workers);

// The sources' shares of what is sampled, as the sheet has them: the mean over the training, where w has a schedule.
std::vector<double> MeanShares(const RunSetup& setup);
// The target's of them.
double MeanW(const RunSetup& setup);

// One thread reads where there is more than one; the others compute.
int LoaderThreads(const ThreadBudget& budget);
ThreadBudget TensorThreads(const ThreadBudget& budget);

// What the policy reads and does, by what the sheet was bound to.
policy::PolicyLayout LayoutOf(const mixture::BoundSheet& bound, const RunOptions& options,
                              const mixture::Vocabulary& vocabulary);

}  // namespace heddle::train

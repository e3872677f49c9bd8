#include "heddle/train/plan.h"

#include <ATen/ATen.h>

#include "heddle/core/clock.h"
#include "heddle/core/machine.h"
#include "heddle/nn/adamw.h"
#include "heddle/tensor/threads.h"
#include "heddle/train/schedule.h"
#include "heddle/train/setup.h"
#include "heddle/train/step.h"

namespace heddle::train {
namespace {

// When it is fullest: the last checkpoint is written while the one before still has its trainer's state, which is four
// times the weights.
double DiskMb(const RunSetup& setup) {
  constexpr double kFloatMb = 4e-6;
  const RunOptions& options = setup.options;
  const policy::PolicyLayout& layout = setup.policy->layout();
  const auto checkpoints =
      static_cast<double>((options.steps + options.log.checkpoint_every - 1) / options.log.checkpoint_every);
  const auto rows = static_cast<double>(options.log.holdout_windows) * static_cast<double>(setup.bound.domains.size());
  const auto row =
      static_cast<double>(2 * setup.policy->network().latent_size() + layout.action_steps * layout.num_actions() + 16);
  const auto weights = static_cast<double>(setup.policy->parameters().num_elements());
  return kFloatMb * (weights * (checkpoints + 2 * 4) + checkpoints * rows * row);
}

}  // namespace

TrainPlan PlanRun(const RunFile& file, const ThreadBudget& budget) {
  constexpr int64_t kTrial = 20, kWarm = 3;
  tensor::SetTensorThreads(TensorThreads(budget));
  RunSetup setup = SetUpRun(file);
  setup.policy->parameters().Flatten();
  nn::AdamW optimiser(setup.policy->parameters(), setup.options.optimiser);
  TrainStep step(setup, optimiser);
  const auto loader = TrainingLoader(setup, 0, LoaderThreads(budget));
  const Clock& clock = SteadyClock();
  double begin_s = 0;
  for (int64_t i = 0; i < kTrial + kWarm; ++i) {
    if (i == kWarm) begin_s = clock.NowSeconds();
    step(loader->Next(), i, false);
  }
  TrainPlan plan;
  plan.steps = setup.options.steps;
  plan.parameters = setup.policy->parameters().num_elements();
  plan.step_ms = (clock.NowSeconds() - begin_s) * 1e3 / kTrial;
  plan.seconds = plan.step_ms * 1e-3 * static_cast<double>(plan.steps);
  plan.memory_mb = static_cast<double>(PeakMemoryBytes()) * 1e-6;
  plan.disk_mb = DiskMb(setup);
  const std::string schedule = ScheduleText(setup.options.schedule);
  const std::vector<double> shares = MeanShares(setup);
  plan.w = MeanW(setup);
  plan.w_reason = schedule.empty() ? setup.bound.weights.reason : "the mean over the training; " + schedule;
  for (size_t i = 0; i < setup.bound.mixture.sources.size(); ++i) {
    const mixture::Source& source = setup.bound.mixture.sources[i];
    plan.sources.push_back({.name = source.name,
                            .domain = source.domain_name(),
                            .share = shares[i],
                            .passes = loader->order().Passes(i, plan.steps),
                            .windows = loader->order().num_windows(i),
                            .episodes = setup.bound.sizes[i].episodes});
  }
  return plan;
}

}  // namespace heddle::train

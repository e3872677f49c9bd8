#include "heddle/train/trainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "heddle/core/clock.h"
#include "heddle/core/machine.h"
#include "heddle/core/metrics_log.h"
#include "heddle/nn/with_values.h"
#include "heddle/tensor/threads.h"
#include "heddle/train/holdout.h"
#include "heddle/train/latents_file.h"
#include "heddle/train/metrics_rows.h"
#include "heddle/train/not_finite.h"
#include "heddle/train/pace.h"
#include "heddle/train/run_folder.h"
#include "heddle/train/setup.h"
#include "heddle/train/step.h"
#include "heddle/train/tensorboard.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

double WallTime() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

class Run {
 public:
  Run(const RunFile& run, RunFolder& folder, const ThreadBudget& budget, const std::string& code_version)
      : folder_(folder), setup_(SetUpRun(run)), inputs_(RunInputs::Of(setup_)) {
    setup_.policy->parameters().Flatten();
    optimiser_ = std::make_unique<nn::AdamW>(setup_.policy->parameters(), setup_.options.optimiser);
    step_ = std::make_unique<TrainStep>(setup_, *optimiser_);
    holdout_ = std::make_unique<Holdout>(setup_);
    to_be_told_ = setup_.bound.warnings;
    if (holdout_->empty()) to_be_told_.push_back("no source has held-out episodes: nothing is validated or metered");
    folder_.Begin(run, code_version);
    Restore();
    if (finished()) return;
    loader_ = TrainingLoader(setup_, done_, LoaderThreads(budget));
    folder_.CutMetrics(done_, validation_due_);
    log_ = std::make_unique<MetricsLog>(folder_.metrics());
    if (setup_.options.log.tensorboard) board_ = std::make_unique<TensorBoardLog>(folder_.folder(), WallTime());
  }

  int64_t done() const { return done_; }
  int64_t skipped() const { return skipped_; }
  bool finished() const { return done_ >= setup_.options.steps && !validation_due_; }

  // One step, and what it comes to.
  TrainProgress Next() {
    const Clock& clock = SteadyClock();
    const double before_s = clock.NowSeconds();
    const contract::Batch& batch = loader_->Next();
    const double begin_s = clock.NowSeconds();
    const LogOptions& log = setup_.options.log;
    const bool measured = (done_ + 1) % log.gradients_every == 0;
    const StepReport report = (*step_)(batch, done_, measured);
    const double end_s = clock.NowSeconds();
    ++done_;
    pace_.Step(end_s - begin_s, begin_s - before_s);
    validation_due_ = !holdout_->empty() && (AtLast() || done_ % log.validate_every == 0);
    if (memory_mb_ == 0 || done_ % kMemoryEvery == 0) memory_mb_ = static_cast<double>(ResidentMemoryBytes()) * 1e-6;
    TrainProgress progress{.step = done_,
                           .loss = report.loss,
                           .step_ms = (end_s - begin_s) * 1e3,
                           .wait_ms = (begin_s - before_s) * 1e3,
                           .memory_mb = memory_mb_,
                           .left_s = pace_.LeftSeconds(setup_.options.steps - done_, ValidationsLeft()),
                           .notes = std::exchange(to_be_told_, {})};
    if (done_ % log.every == 0 || measured || report.skipped || AtLast())
      Append(TrainRow(setup_, report, done_, pace_.SinceLast(), memory_mb_));
    Tell(report, progress);
    return progress;
  }

  // The validation and the checkpoint that stand behind the step.
  void DoWhatIsDue(const StopFlag& stop) {
    if (validation_due_) Validate(stop);
    if (done_ > 0 && (AtCheckpoint() || restored_ == done_)) Save();
  }

  void Save() {
    if (loader_) setup_.card.training.target_passes = TargetPasses();
    folder_.Save(setup_,
                 {.step = done_,
                  .values = setup_.policy->parameters().values(),
                  .moments = optimiser_->state(),
                  .skipped = skipped_,
                  .not_finite = not_finite_,
                  .validation_due = validation_due_},
                 inputs_);
  }

 private:
  bool AtLast() const { return done_ == setup_.options.steps; }
  bool AtCheckpoint() const { return AtLast() || done_ % setup_.options.log.checkpoint_every == 0; }

  int64_t ValidationsLeft() const {
    const int64_t every = setup_.options.log.validate_every, steps = setup_.options.steps;
    if (holdout_->empty()) return 0;
    return (AtLast() ? 0 : (steps + every - 1) / every - done_ / every) + (validation_due_ ? 1 : 0);
  }

  double TargetPasses() const {
    double samples = 0, windows = 0;
    for (size_t i = 0; i < setup_.bound.mixture.sources.size(); ++i) {
      if (loader_->domains_of_sources()[i] != setup_.bound.target_domain) continue;
      const auto own = static_cast<double>(loader_->order().num_windows(i));
      samples += own * loader_->order().Passes(i, done_);
      windows += own;
    }
    return windows > 0 ? samples / windows : 0;
  }

  void Restore() {
    auto state = folder_.LastState(setup_.policy->parameters(), inputs_);
    if (!state) return;
    setup_.policy->parameters().CopyIn(state->values);
    optimiser_->Restore(state->moments);
    restored_ = done_ = state->step;
    skipped_ = state->skipped;
    not_finite_ = std::move(state->not_finite);
    validation_due_ = state->validation_due && !holdout_->empty();
  }

  // Skipped steps leave the weights as they were: those are kept where too many of them stop the run.
  void Tell(const StepReport& report, TrainProgress& progress) {
    for (const std::string& note : report.notes) {
      if (told_.insert(note).second) progress.notes.push_back(note);
    }
    if (!report.skipped) {
      not_finite_.clear();
      return;
    }
    ++skipped_;
    not_finite_.push_back(NotFiniteStepOf(setup_, report, done_));
    progress.notes.push_back(NoteOf(not_finite_.back()));
    if (static_cast<int64_t>(not_finite_.size()) < kMostSkippedOnEnd) return;
    Save();
    StopForNotFinite(folder_.folder(), not_finite_);
  }

  void Append(const Json& row) {
    log_->Append(row);
    if (!board_) return;
    for (const auto& [name, value] : row.items()) {
      if (name != "step" && value.is_number())
        board_->Scalar(row["kind"].get<std::string>() + "/" + name, value.get<double>(), done_, WallTime());
    }
    board_->Flush();
  }

  // With the mean of the weights, which is what is saved.
  void Validate(const StopFlag& stop) {
    const double begin_s = SteadyClock().NowSeconds();
    const Stopped stopped = [&] { return stop.requested(); };
    const nn::WithValues mean(setup_.policy->parameters(), optimiser_->state().ema);
    const auto pass = holdout_->Pass(setup_, /*with_actions=*/true, stopped);
    if (!pass) return;
    if (AtCheckpoint() && !WriteLatents(folder_.LatentsOf(done_), setup_, *holdout_, *pass, done_, stopped)) return;
    Append(HoldoutRow(setup_, *pass, done_));
    validation_due_ = false;
    pace_.Validation(SteadyClock().NowSeconds() - begin_s);
  }

  RunFolder& folder_;
  RunSetup setup_;
  const RunInputs inputs_;
  std::unique_ptr<nn::AdamW> optimiser_;
  std::unique_ptr<TrainStep> step_;
  std::unique_ptr<Holdout> holdout_;
  std::unique_ptr<MetricsLog> log_;
  std::unique_ptr<TensorBoardLog> board_;
  std::unique_ptr<mixture::Loader> loader_;
  std::vector<std::string> to_be_told_;
  std::set<std::string> told_;             // notes of objectives, each once
  std::vector<NotFiniteStep> not_finite_;  // the last steps, if they were skipped
  Pace pace_;
  double memory_mb_ = 0;
  int64_t done_ = 0, skipped_ = 0;
  int64_t restored_ = -1;  // the step that the run goes on from
  bool validation_due_ = false;
};

}  // namespace

TrainOutcome Train(const RunFile& file, const std::filesystem::path& path, const ThreadBudget& budget,
                   const std::string& code_version, const StopFlag& stop,
                   const std::function<void(const TrainProgress&)>& progress, int64_t until) {
  tensor::SetTensorThreads(TensorThreads(budget));
  const Clock& clock = SteadyClock();
  const double begin_s = clock.NowSeconds();
  RunFolder folder(path, file);
  Run run(file, folder, budget, code_version);
  TrainOutcome outcome;
  outcome.folder = path;
  outcome.first_step = run.done();
  const int64_t end = until > 0 ? std::min(until, file.options.steps) : file.options.steps;
  if (!run.finished()) run.DoWhatIsDue(stop);  // a validation that was abandoned
  while (run.done() < end && !stop.requested()) {
    progress(run.Next());
    run.DoWhatIsDue(stop);
  }
  outcome.stopped = !run.finished();
  if (outcome.stopped) run.Save();
  outcome.step = run.done();
  outcome.skipped = run.skipped();
  outcome.checkpoint = folder.CheckpointOf(run.done());
  outcome.seconds = clock.NowSeconds() - begin_s;
  return outcome;
}

}  // namespace heddle::train

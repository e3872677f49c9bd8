#include "heddle/train/trainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "heddle/core/atomic_file.h"
#include "heddle/core/clock.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/machine.h"
#include "heddle/core/metrics_log.h"
#include "heddle/nn/with_values.h"
#include "heddle/policy/checkpoint.h"
#include "heddle/tensor/threads.h"
#include "heddle/train/holdout.h"
#include "heddle/train/latents_file.h"
#include "heddle/train/meters.h"
#include "heddle/train/run_folder.h"
#include "heddle/train/setup.h"
#include "heddle/train/step.h"
#include "heddle/train/tensorboard.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

// One thread reads where there is more than one.
int LoaderThreads(const ThreadBudget& budget) { return budget.threads() > 1 ? 1 : 0; }
ThreadBudget TensorThreads(const ThreadBudget& budget) {
  return ThreadBudget(std::max(1, budget.threads() - LoaderThreads(budget)));
}

std::string PlaceOf(const RunSetup& setup, const contract::RowOrigin& row) {
  return setup.bound.mixture.sources[static_cast<size_t>(row.source)].name + " episode " + std::to_string(row.episode) +
         " frame " + std::to_string(row.frame);
}

Json BlameOf(const RunSetup& setup, const StepReport& report) {
  constexpr size_t kMost = 16;
  Json rows = Json::array();
  for (size_t i = 0; i < std::min(kMost, report.blame.size()); ++i) rows.push_back(PlaceOf(setup, report.blame[i]));
  return rows;
}

// NaN and infinity are no JSON.
Json Number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

double WallTime() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

class Run {
 public:
  Run(const RunFile& run, RunFolder& folder, const ThreadBudget& budget, const std::string& code_version)
      : folder_(folder), setup_(SetUpRun(run)), budget_(budget) {
    setup_.policy->parameters().Flatten();
    optimiser_ = std::make_unique<nn::AdamW>(setup_.policy->parameters(), setup_.options.optimiser);
    step_ = std::make_unique<TrainStep>(setup_, *optimiser_);
    holdout_ = std::make_unique<Holdout>(setup_);
    to_be_told_ = setup_.bound.warnings;
    if (holdout_->empty()) to_be_told_.push_back("no source has held-out episodes: nothing is validated or metered");
    folder_.Begin(run, code_version);
    Restore();
    if (done_ >= setup_.options.steps) return;
    loader_ = TrainingLoader(setup_, done_, LoaderThreads(budget_));
    folder_.CutMetrics(done_);
    log_ = std::make_unique<MetricsLog>(folder_.metrics());
    if (setup_.options.log.tensorboard) board_ = std::make_unique<TensorBoardLog>(folder_.folder(), WallTime());
  }

  RunSetup& setup() { return setup_; }
  int64_t done() const { return done_; }
  int64_t skipped() const { return skipped_; }

  // One step, what is due behind it, and what it comes to.
  TrainProgress Next() {
    const Clock& clock = SteadyClock();
    const double before_s = clock.NowSeconds();
    const contract::Batch& batch = loader_->Next();
    const double begin_s = clock.NowSeconds();
    const LogOptions& log = setup_.options.log;
    const bool measured = (done_ + 1) % log.gradients_every == 0;
    const StepReport report = (*step_)(batch, done_, measured);
    ++done_;
    TrainProgress progress;
    progress.step = done_;
    progress.notes = std::exchange(to_be_told_, {});
    progress.loss = report.loss;
    progress.step_ms = (clock.NowSeconds() - begin_s) * 1e3;
    progress.wait_ms = (begin_s - before_s) * 1e3;
    Count(report, progress);
    if (done_ % log.every == 0 || measured || report.skipped || done_ == setup_.options.steps) Log(report, progress);
    const bool last = done_ == setup_.options.steps;
    const bool save = last || done_ % log.checkpoint_every == 0;
    if (done_ % log.validate_every == 0 || last) Validate(last || done_ % log.checkpoint_every == 0);
    if (save) Save();
    return progress;
  }

  void Save() {
    setup_.card.training.target_passes = TargetPasses();
    folder_.Save(setup_, {.step = done_,
                          .values = setup_.policy->parameters().values(),
                          .moments = optimiser_->state(),
                          .skipped = skipped_});
  }

 private:
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
    const auto state = folder_.LastState(setup_.policy->parameters(), setup_.bound.hash);
    if (!state) return;
    setup_.policy->parameters().CopyIn(state->values);
    optimiser_->Restore(state->moments);
    done_ = state->step;
    skipped_ = state->skipped;
  }

  void Count(const StepReport& report, TrainProgress& progress) {
    for (const std::string& note : report.notes) {
      if (told_.insert(note).second) progress.notes.push_back(note);
    }
    on_end_ = report.skipped ? on_end_ + 1 : 0;
    if (!report.skipped) return;
    ++skipped_;
    progress.notes.push_back("step " + std::to_string(done_) + " skipped: its loss is not finite" +
                             (report.blame.empty() ? "" : "; " + PlaceOf(setup_, report.blame[0])));
    if (on_end_ < kMostSkippedOnEnd) return;
    const std::filesystem::path dump = folder_.folder() / "not_finite.json";
    WriteFileAtomically(dump, DumpJson({{"step", done_}, {"rows", BlameOf(setup_, report)}}, 2) + "\n");
    ThrowInput(
        "the loss was not finite in " + std::to_string(on_end_) + " steps on end, up to step " + std::to_string(done_),
        dump.string(), "lower optimiser.learning_rate, or look at the rows that stand there");
  }

  void Log(const StepReport& report, const TrainProgress& progress) {
    Json row = {{"step", done_}, {"kind", "train"}, {"loss", Number(report.loss)}};
    for (const auto& [name, value] : report.terms) row["loss/" + name] = Number(value);
    for (const auto& [name, value] : report.scalars) row[name] = Number(value.item<double>());
    row["gradient_norm"] = Number(report.gradient_norm);
    for (const auto& [name, value] : report.gradients) row["gradient/" + name] = Number(value);
    for (const auto& [name, value] : report.domain_gradients) {
      row["domain_gradient/" + name] = Number(value.norm);
      if (value.cosine) row["domain_cosine/" + name] = Number(*value.cosine);
    }
    if (report.skipped) row["skipped"] = BlameOf(setup_, report);
    row["step_ms"] = progress.step_ms;
    row["wait_ms"] = progress.wait_ms;
    Append(row);
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
  void Validate(bool with_latents) {
    if (holdout_->empty()) return;
    const nn::WithValues mean(setup_.policy->parameters(), optimiser_->state().ema);
    const HoldoutPass pass = holdout_->Pass(setup_, /*with_actions=*/true);
    Json row = {{"step", done_}, {"kind", "holdout"}};
    for (const auto& [domain, loss] : pass.loss) row["loss/" + domain] = Number(loss);
    for (const auto& [source, loss] : pass.source_loss) row["source_loss/" + source] = Number(loss);
    for (const auto& [domain, error] : pass.action_error) row["action_error/" + domain] = Number(error);
    Meter(pass, row);
    Append(row);
    if (with_latents) WriteLatents(folder_.LatentsOf(done_), setup_, *holdout_, pass, done_);
  }

  void Meter(const HoldoutPass& pass, Json& row) const {
    const int32_t target = setup_.bound.target_domain;
    for (size_t d = 0; d < setup_.bound.domains.size(); ++d)
      row["holdout_episodes/" + setup_.bound.domains[d]] = NumEpisodes(pass.origins, static_cast<int32_t>(d));
    for (const auto& [layer, latents] : {std::pair("shallow", &pass.shallow_NW), std::pair("z", &pass.z_NW)}) {
      const at::Tensor own_ND = RowsOfDomain(*latents, pass.origins, target);
      for (size_t d = 0; d < setup_.bound.domains.size(); ++d) {
        const auto domain = static_cast<int32_t>(d);
        const at::Tensor other_ND = RowsOfDomain(*latents, pass.origins, domain);
        if (domain == target || own_ND.size(0) < 2 || other_ND.size(0) < 2) continue;
        const std::string name = std::string(layer) + "/" + setup_.bound.domains[d];
        row["sliced_wasserstein/" + name] = Number(SlicedWasserstein(own_ND, other_ND));
        row["probe/" + name] = Number(LinearProbe(*latents, pass.origins, target, domain));
      }
    }
  }

  RunFolder& folder_;
  RunSetup setup_;
  ThreadBudget budget_;
  std::unique_ptr<nn::AdamW> optimiser_;
  std::unique_ptr<TrainStep> step_;
  std::unique_ptr<Holdout> holdout_;
  std::unique_ptr<MetricsLog> log_;
  std::unique_ptr<TensorBoardLog> board_;
  std::unique_ptr<mixture::Loader> loader_;
  std::vector<std::string> to_be_told_;
  std::set<std::string> told_;  // notes of objectives, each once
  int64_t done_ = 0, skipped_ = 0, on_end_ = 0;
};

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
  while (run.done() < end && !stop.requested()) progress(run.Next());
  if (run.done() < file.options.steps) run.Save();
  outcome.stopped = run.done() < file.options.steps;
  outcome.step = run.done();
  outcome.skipped = run.skipped();
  outcome.checkpoint = folder.CheckpointOf(run.done());
  outcome.seconds = clock.NowSeconds() - begin_s;
  return outcome;
}

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
  plan.memory_mb = static_cast<double>(ResidentMemoryBytes()) * 1e-6;
  plan.disk_mb = DiskMb(setup);
  plan.w = setup.bound.w;
  plan.w_reason = setup.bound.weights.reason;
  for (size_t i = 0; i < setup.bound.mixture.sources.size(); ++i) {
    const mixture::Source& source = setup.bound.mixture.sources[i];
    plan.sources.push_back({.name = source.name,
                            .domain = source.domain_name(),
                            .share = setup.bound.weights.weights[i],
                            .passes = loader->order().Passes(i, plan.steps),
                            .windows = loader->order().num_windows(i),
                            .episodes = setup.bound.sizes[i].episodes});
  }
  return plan;
}

}  // namespace heddle::train

#include "heddle/train/sweep.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>
#include <set>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/train/trainer.h"

namespace heddle::train {
namespace {

int64_t StepsOf(const RunFile& run, double share) {
  return std::max<int64_t>(1, std::llround(share * static_cast<double>(run.options.steps)));
}

class Search {
 public:
  Search(const SweepPlan& plan, const ThreadBudget& budget, const std::string& code_version, const StopFlag& stop)
      : plan_(plan),
        budget_(budget),
        code_version_(code_version),
        stop_(stop),
        candidates_(CandidatesOf(plan.spec)),
        base_(SweepBase(plan.spec)),
        scored_(CanBeScored(candidates_.front())) {
    if (!scored_ && !plan.evaluate)
      ThrowUsage("no episode of the target with actions is held out, so there is nothing to tell candidates by",
                 plan.spec.file.string(), "hold some out in the sheet, or give --task");
    std::vector<std::string> names;
    for (const SweepCandidate& candidate : candidates_) {
      outcome_.trials.push_back({.name = candidate.name, .folder = candidate.folder, .errors = {}, .success = {}});
      names.push_back(candidate.name);
    }
    for (SweepTrial& trial : EarlierTrials(plan.spec.folder, base_, names)) outcome_.trials.push_back(std::move(trial));
    RequireWritableFolder(plan.spec.folder);
  }

  SweepOutcome Run() {
    std::vector<size_t> left(candidates_.size());
    std::iota(left.begin(), left.end(), 0);
    if (!scored_) Tell("no target episode is held out: all candidates train to their end");
    for (const double rung : kRungs) {
      std::vector<double> scores;
      for (size_t place = 0; place < left.size(); ++place) {
        SweepTrial& trial = outcome_.trials[left[place]];
        trial.errors.push_back(scored_ || rung == 1 ? TrainTo(left[place], rung, place + 1, left.size())
                                                    : std::nullopt);
        if (stop_.requested()) {
          trial.errors.pop_back();  // it did not come so far
          return Stopped();
        }
        scores.push_back(trial.errors.back().value_or(NAN));
      }
      Save();
      if (rung == 1 || !scored_) continue;
      std::vector<size_t> next;
      for (const size_t place : Survivors(scores)) next.push_back(left[place]);
      left = next;
    }
    for (SweepTrial& trial : outcome_.trials) {
      if (!trial.is_finished()) continue;
      if (plan_.evaluate) trial.success = plan_.evaluate(trial.folder);
      if (stop_.requested()) return Stopped();
    }
    Choose();
    Save();
    return outcome_;
  }

 private:
  void Tell(const std::string& line) const {
    if (plan_.told) plan_.told(line);
  }

  SweepOutcome Stopped() {
    outcome_.stopped = true;
    return outcome_;
  }

  void Save() const {
    WriteFileAtomically(plan_.spec.folder / "sweep.json",
                        DumpJson(SweepJson(outcome_, plan_.spec.over, base_), 2) + "\n");
  }

  std::optional<double> TrainTo(size_t i, double rung, size_t place, size_t of) {
    const SweepCandidate& candidate = candidates_[i];
    const int64_t until = StepsOf(candidate.run, rung);
    std::filesystem::create_directories(candidate.folder);
    const auto moved = [&](const TrainProgress& progress) {
      for (const std::string& note : progress.notes) {
        if (told_.insert(note).second) Tell(candidate.name + ": " + note);
      }
      if (plan_.moved) plan_.moved({candidate.name, place, of, progress.step, until, progress.loss});
    };
    Train(candidate.run, candidate.folder, budget_, code_version_, stop_, moved, until);
    if (stop_.requested() || !scored_) return std::nullopt;
    const std::optional<double> error = ErrorAt(candidate.folder, candidate.run.sheet.target, until);
    Tell(candidate.name + " at step " + std::to_string(until) + ": held-out target action error " +
         (error ? ShortNumber(*error) : "not a number"));
    return error;
  }

  // The best of all that came to the end.
  void Choose() {
    bool by_success = static_cast<bool>(plan_.evaluate);
    for (const SweepTrial& trial : outcome_.trials)
      by_success = by_success && (!trial.is_finished() || trial.success.has_value());
    const auto is_better = [&](const SweepTrial& a, const SweepTrial& b) {
      if (by_success && a.success != b.success) return *a.success > *b.success;
      return a.errors.back().value_or(INFINITY) < b.errors.back().value_or(INFINITY);
    };
    for (size_t i = 0; i < outcome_.trials.size(); ++i) {
      const SweepTrial& trial = outcome_.trials[i];
      if (!trial.is_finished() || (!by_success && !trial.errors.back())) continue;
      if (!outcome_.best || is_better(trial, outcome_.trials[*outcome_.best])) outcome_.best = i;
    }
    outcome_.reason = !outcome_.best ? "none has a score"
                      : by_success   ? "highest success in closed loop on " + plan_.evaluated_on
                                     : "least error of held-out target actions";
  }

  const SweepPlan& plan_;
  const ThreadBudget& budget_;
  const std::string& code_version_;
  const StopFlag& stop_;
  const std::vector<SweepCandidate> candidates_;
  const std::string base_;
  const bool scored_;
  SweepOutcome outcome_;
  std::set<std::string> told_;  // notes, which each training would say again
};

}  // namespace

SweepOutcome Sweep(const SweepPlan& plan, const ThreadBudget& budget, const std::string& code_version,
                   const StopFlag& stop) {
  return Search(plan, budget, code_version, stop).Run();
}

}  // namespace heddle::train

#include "heddle/train/sweep.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/text.h"
#include "heddle/train/setup.h"
#include "heddle/train/trainer.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kRungs[] = {0.25, 0.5, 1};
constexpr int64_t kFewest = 3, kMost = 5;
constexpr int64_t kFinalists = 2;  // fewer would leave closed loop nothing to say

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

SweepOver OverRange(const RunFile& run, int64_t count) {
  const auto guideline = SetUpRun(run).bound.weights.guideline;
  if (!guideline || !(guideline->low < guideline->high))
    ThrowUsage("the guideline gives no range of w for this mixture", "--over w=auto",
               "name values: --over w=0.1,0.3,0.5");
  SweepOver over{.key = "w", .values = {}, .reason = guideline->Explain()};
  for (int64_t i = 0; i < count; ++i) {
    const double share = count == 1 ? .5 : static_cast<double>(i) / static_cast<double>(count - 1);
    over.values.push_back(ShortNumber(guideline->low * std::pow(guideline->high / guideline->low, share)));
  }
  return over;
}

RunFile RunOf(const std::filesystem::path& file, const SweepPlan& plan, size_t trial) {
  std::vector<std::string> settings = plan.settings;
  settings.push_back(plan.over.key + "=" + plan.over.values[trial]);
  RunFile run = ReadRun(file, plan.method, settings);
  // A score at each rung, whatever the file says of its log.
  run.options.log.validate_every = std::max<int64_t>(1, run.options.steps / 4);
  return run;
}

int64_t StepsOf(const RunFile& run, double share) {
  return std::max<int64_t>(1, std::llround(share * static_cast<double>(run.options.steps)));
}

// Of the target, at the last validation up to the step.
std::optional<double> ErrorAt(const std::filesystem::path& run, const std::string& target, int64_t step) {
  if (!std::filesystem::exists(run / "metrics.jsonl")) return std::nullopt;
  std::istringstream lines(ReadFile(run / "metrics.jsonl"));
  std::optional<double> error;
  for (std::string line; std::getline(lines, line);) {
    const Json row = ParseJson(line, (run / "metrics.jsonl").string());
    const auto found = row.find("action_error/" + target);
    if (row["step"].get<int64_t>() <= step && found != row.end() && found->is_number()) error = found->get<double>();
  }
  return error;
}

void SaveSweep(const SweepPlan& plan, const SweepOutcome& outcome) {
  WriteFileAtomically(plan.folder / "sweep.json", DumpJson(SweepJson(outcome, plan.over), 2) + "\n");
}

// The best of those that came to the end.
void Choose(const SweepPlan& plan, const std::vector<size_t>& finished, SweepOutcome& outcome) {
  const auto error = [&](size_t i) { return outcome.trials[i].errors.back().value_or(INFINITY); };
  bool by_success = static_cast<bool>(plan.evaluate);
  for (const size_t i : finished) by_success = by_success && outcome.trials[i].success.has_value();
  outcome.best = *std::ranges::min_element(finished, [&](size_t a, size_t b) {
    if (by_success && outcome.trials[a].success != outcome.trials[b].success)
      return *outcome.trials[a].success > *outcome.trials[b].success;
    return error(a) < error(b);
  });
  outcome.reason =
      by_success ? "highest success in closed loop on the tuning episodes" : "least error of held-out target actions";
}

}  // namespace

SweepOver ParseOver(const std::string& text, const RunFile& run, int64_t count) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    ThrowUsage("'" + text + "' is not KEY=VALUES", "--over", "say w=auto, or e.g. policy.trunk.width=128,256,512");
  const std::string key = text.substr(0, equals), values = text.substr(equals + 1);
  for (const std::string free : {"log.", "run.log."}) {
    if (key.starts_with(free)) ThrowUsage("what is written down changes no policy", "--over " + text, "search another");
  }
  if (values == "auto") {
    if (key != "w") ThrowUsage("only w has a range of its own", "--over", "name the values: " + key + "=A,B,C");
    return OverRange(run, count);
  }
  SweepOver over{.key = key, .values = {}, .reason = "asked for"};
  std::istringstream parts(values);
  for (std::string part; std::getline(parts, part, ',');) {
    if (part.empty() || std::ranges::find(over.values, part) != over.values.end())
      ThrowUsage("an empty value, or one that stands twice", "--over " + text,
                 "name each value once: " + key + "=A,B,C");
    over.values.push_back(part);
  }
  if (over.values.size() < 2) ThrowUsage("one value is no search", "--over " + text, "name two or more");
  return over;
}

double CostOf(int64_t candidates) {
  double cost = 0, before = 0;
  for (const double rung : kRungs) {
    cost += static_cast<double>(candidates) * (rung - before);
    before = rung;
    candidates = std::max(kFinalists, (candidates + 1) / 2);
  }
  return cost;
}

int64_t CandidatesFor(double budget) {
  for (int64_t count = kMost; count > kFewest; --count) {
    if (CostOf(count) <= budget) return count;
  }
  if (CostOf(kFewest) > budget) {
    ThrowUsage(
        "even " + std::to_string(kFewest) + " candidates cost " + ShortNumber(CostOf(kFewest)) + " whole trainings",
        "--budget", "allow more");
  }
  return kFewest;
}

std::vector<size_t> Survivors(const std::vector<double>& scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, [&](size_t a, size_t b) {
    if (std::isnan(scores[a]) || std::isnan(scores[b])) return !std::isnan(scores[a]) && std::isnan(scores[b]);
    return scores[a] < scores[b];
  });
  const size_t half = (scores.size() + 1) / 2;
  order.resize(std::min(scores.size(), std::max(static_cast<size_t>(kFinalists), half)));
  std::ranges::sort(order);
  return order;
}

SweepOutcome Sweep(const std::filesystem::path& file, const SweepPlan& plan, const ThreadBudget& budget,
                   const std::string& code_version, const StopFlag& stop) {
  RequireWritableFolder(plan.folder);
  SweepOutcome outcome;
  std::vector<size_t> left(plan.over.values.size());
  std::iota(left.begin(), left.end(), 0);
  for (const std::string& value : plan.over.values) {
    const std::string name = plan.over.key + "=" + value;
    outcome.trials.push_back({.name = name, .folder = plan.folder / "trials" / name, .errors = {}, .success = {}});
  }
  for (const double rung : kRungs) {
    std::vector<double> scores;
    for (const size_t i : left) {
      const RunFile run = RunOf(file, plan, i);
      const int64_t until = StepsOf(run, rung);
      SweepTrial& trial = outcome.trials[i];
      std::filesystem::create_directories(trial.folder);
      Train(run, trial.folder, budget, code_version, stop, [](const TrainProgress&) {}, until);
      if (stop.requested()) return outcome;
      trial.errors.push_back(ErrorAt(trial.folder, run.sheet.target, until));
      scores.push_back(trial.errors.back().value_or(NAN));
      plan.told(trial.name + " at step " + std::to_string(until) + ": held-out target action error " +
                ShortNumber(scores.back()));
    }
    if (rung == 1) break;
    std::vector<size_t> next;
    for (const size_t place : Survivors(scores)) next.push_back(left[place]);
    left = next;
    SaveSweep(plan, outcome);
  }
  for (const size_t i : left) {
    if (plan.evaluate) outcome.trials[i].success = plan.evaluate(outcome.trials[i].folder);
    if (stop.requested()) return outcome;
  }
  Choose(plan, left, outcome);
  SaveSweep(plan, outcome);
  return outcome;
}

std::vector<std::string> SweepCommands(const std::filesystem::path& file, const SweepPlan& plan) {
  std::vector<std::string> commands;
  for (const std::string& value : plan.over.values) {
    const std::string name = plan.over.key + "=" + value;
    std::string command = "heddle train '" + file.string() + "'";
    if (!plan.method.empty()) command += " --method " + plan.method;
    for (const std::string& setting : plan.settings) command += " --set '" + setting + "'";
    command += " --set '" + name + "' --out '" + (plan.folder / "trials" / name).string() + "'";
    commands.push_back(std::move(command));
  }
  return commands;
}

Json SweepJson(const SweepOutcome& outcome, const SweepOver& over) {
  Json trials = Json::array();
  for (const SweepTrial& trial : outcome.trials) {
    Json errors = Json::array();
    for (const auto& error : trial.errors) errors.push_back(error ? Json(*error) : Json(nullptr));
    trials.push_back({{"name", trial.name},
                      {"run", trial.folder.string()},
                      {"action_error", errors},
                      {"success", trial.success ? Json(*trial.success) : Json(nullptr)}});
  }
  return {{"over", over.key},
          {"reason", over.reason},
          {"trials", trials},
          {"best", outcome.best ? Json(outcome.trials[*outcome.best].name) : Json(nullptr)},
          {"chosen_by", outcome.reason}};
}

}  // namespace heddle::train

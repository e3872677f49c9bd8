#include "heddle/train/sweep_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

Json NumberOrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::optional<double> NumberOf(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return json.get<double>();
}

SweepTrial TrialOf(const Json& json, const std::filesystem::path& folder) {
  SweepTrial trial;
  trial.name = json.at("name").get<std::string>();
  trial.folder = folder / "trials" / trial.name;
  for (const Json& error : json.at("action_error")) trial.errors.push_back(NumberOf(error));
  trial.success = NumberOf(json.at("success"));
  return trial;
}

}  // namespace

Json SweepJson(const SweepOutcome& outcome, const SweepOver& over, const std::string& base) {
  Json trials = Json::array();
  for (const SweepTrial& trial : outcome.trials) {
    Json errors = Json::array();
    for (const auto& error : trial.errors) errors.push_back(NumberOrNull(error));
    trials.push_back({{"name", trial.name},
                      {"run", trial.folder.string()},
                      {"action_error", errors},
                      {"success", NumberOrNull(trial.success)}});
  }
  return {{"over", over.key},
          {"reason", over.reason},
          {"base", base},
          {"trials", trials},
          {"best", outcome.best ? Json(outcome.trials[*outcome.best].name) : Json(nullptr)},
          {"chosen_by", outcome.reason}};
}

std::vector<SweepTrial> EarlierTrials(const std::filesystem::path& folder, const std::string& base,
                                      const std::vector<std::string>& but) {
  const std::filesystem::path file = folder / "sweep.json";
  if (!std::filesystem::exists(file)) return {};
  const Json json = ParseJson(ReadFile(file), file.string());
  std::vector<SweepTrial> trials;
  std::string of;
  try {
    of = json.at("base").get<std::string>();
    for (const Json& trial : json.at("trials")) trials.push_back(TrialOf(trial, folder));
  } catch (const Json::exception&) {
    ThrowInput("is no longer what a search wrote", file.string(), "bring it back, or give another --out");
  }
  if (of != base)
    ThrowUsage("a search of another run is there, and its trials can't be compared with these", file.string(),
               "give another --out, or the same file, --method and --set");
  std::erase_if(trials, [&](const SweepTrial& trial) { return std::ranges::find(but, trial.name) != but.end(); });
  return trials;
}

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

}  // namespace heddle::train

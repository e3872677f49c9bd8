#include "heddle/train/not_finite.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"

namespace heddle::train {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

NotFiniteStep NotFiniteStepOf(const RunSetup& setup, const StepReport& report, int64_t step) {
  NotFiniteStep found{.step = step, .what = std::isfinite(report.loss) ? "gradient" : "loss"};
  for (const contract::RowOrigin& row : report.blame) {
    found.rows.push_back(setup.bound.mixture.sources[static_cast<size_t>(row.source)].name + " episode " +
                         std::to_string(row.episode) + " frame " + std::to_string(row.frame));
  }
  found.all = found.what == "loss" && static_cast<int64_t>(found.rows.size()) == setup.options.batch_size;
  return found;
}

std::string NoteOf(const NotFiniteStep& step) {
  std::string text = "step " + std::to_string(step.step) + " skipped: its " + step.what + " is not finite";
  if (step.what == "gradient") return text;
  if (step.rows.empty()) return text + ", and each row's is: an objective's";
  if (step.all)
    return text + "; all " + Counted(static_cast<int64_t>(step.rows.size()), "row") + ": the weights, not the data";
  text += "; " + step.rows[0];
  if (step.rows.size() > 1) text += " and " + Counted(static_cast<int64_t>(step.rows.size()) - 1, "row") + " more";
  return text;
}

Json ToJson(const std::vector<NotFiniteStep>& steps) {
  Json json = Json::array();
  for (const NotFiniteStep& step : steps)
    json.push_back({{"step", step.step}, {"what", step.what}, {"all", step.all}, {"rows", step.rows}});
  return json;
}

std::vector<NotFiniteStep> NotFiniteStepsFromJson(const Json& json, const std::string& place) {
  std::vector<NotFiniteStep> steps;
  try {
    for (const Json& one : json) {
      steps.push_back({.step = one.at("step").get<int64_t>(),
                       .what = one.at("what").get<std::string>(),
                       .rows = one.at("rows").get<std::vector<std::string>>(),
                       .all = one.at("all").get<bool>()});
    }
  } catch (const nlohmann::json::exception&) {
    ThrowInput("'not_finite_on_end' is no list of steps", place);
  }
  return steps;
}

void StopForNotFinite(const std::filesystem::path& folder, const std::vector<NotFiniteStep>& on_end) {
  const std::filesystem::path dump = folder / "not_finite.json";
  WriteFileAtomically(dump, DumpJson({{"step", on_end.back().step}, {"steps", ToJson(on_end)}}, 2) + "\n");
  const bool weights = std::ranges::all_of(on_end, &NotFiniteStep::all);
  ThrowInput("the " + on_end.back().what + " was not finite in " + std::to_string(on_end.size()) +
                 " steps on end, up to step " + std::to_string(on_end.back().step) +
                 (weights ? ", in all rows: the weights, not the data" : ""),
             dump.string(),
             std::string("begin a new run with a lower optimiser.learning_rate") +
                 (weights ? "" : ", or look at the rows that stand there"));
}

}  // namespace heddle::train

#include <algorithm>
#include <fstream>
#include <optional>

#include "heddle/core/text.h"
#include "heddle/data/audit/action_meaning.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/mixture/action_conversion.h"
#include "heddle/mixture/sheet/draft.h"
#include "heddle/mixture/sheet/terms.h"

namespace heddle::mixture {
namespace {

namespace audit = data::audit;

constexpr int64_t kEpisodesLookedAt = 8;

// The dataset's label of a key as a whole.
std::optional<data::Label> LabelOf(const data::Dataset& dataset, const std::string& key) {
  const data::DatasetLabels labels = data::DatasetLabels::Of(dataset);
  for (const data::Label& label : labels.All()) {
    if (label.level == data::LabelLevel::kDataset && label.key == key) return label;
  }
  return std::nullopt;
}

bool HasActions(const data::Dataset& dataset) {
  const data::Feature* action = dataset.info().Find("action");
  return action != nullptr && action->kind == data::FeatureKind::kNumeric;
}

bool IsHand(const data::Dataset& dataset) {
  const std::string body = GuessEmbodiment(dataset).value;
  return body.find("hand") != std::string::npos || body.find("human") != std::string::npos;
}

audit::Trajectory TrajectoryOf(const data::Dataset& dataset, int64_t episode) {
  const auto read = [&](const char* feature) {
    const contract::Array array = dataset.ReadNumbers(feature, episode);
    const int64_t rows = dataset.episode(episode).length;
    return audit::Numbers{rows, rows == 0 ? 0 : array.size() / rows, array.ToDoubles()};
  };
  return {read("observation.state"), read("action")};
}

std::optional<Guess> ByNames(const std::vector<std::string>& names, const std::string& body) {
  if (FindPoseForm(names, true)) return Guess{body + "_delta", "its dimensions are called " + Join(names, " ")};
  if (FindPoseForm(names, false)) return Guess{body + "_absolute", "its dimensions are called " + Join(names, " ")};
  return std::nullopt;
}

Guess ByMotion(const data::Dataset& dataset, const data::Feature& action, const std::string& body) {
  const data::Feature* state = dataset.info().Find("observation.state");
  if (state == nullptr || state->kind != data::FeatureKind::kNumeric) {
    return {"other", "there is no observation.state to compare actions with"};
  }
  std::vector<audit::Trajectory> trajectories;
  for (const data::Episode& episode : dataset.episodes()) {
    if (static_cast<int64_t>(trajectories.size()) == kEpisodesLookedAt) break;
    trajectories.push_back(TrajectoryOf(dataset, episode.index));
  }
  const audit::ActionMeaning meaning = audit::InferActionMeaning(*state, action, trajectories);
  const bool moves = meaning.kind == audit::ActionKind::kAbsolute || meaning.kind == audit::ActionKind::kDelta;
  if (!moves || meaning.space == audit::ActionSpace::kUnknown) {
    return {"other", "how the state follows the action does not tell"};
  }
  const std::string space = meaning.space == audit::ActionSpace::kJoint ? "joint" : body;
  return {space + "_" + audit::ActionKindName(meaning.kind), "by how the state follows the action"};
}

}  // namespace

Guess GuessKind(const data::Dataset& dataset) {
  if (const auto task = LabelOf(dataset, "task"); task && task->by == "sim") return {"simulation", ""};
  if (!HasActions(dataset)) return {"web", "it has no actions"};
  if (IsHand(dataset)) return {"human", "a hand acts"};
  return {"robot", dataset.info().robot_type.empty() ? "it has actions" : "it names a robot"};
}

Guess GuessEmbodiment(const data::Dataset& dataset) {
  if (const auto label = LabelOf(dataset, "embodiment")) return {label->value, ""};
  if (!dataset.info().robot_type.empty()) return {dataset.info().robot_type, ""};
  return HasActions(dataset) ? Guess{"robot", "it does not say which"} : Guess{"people", "it does not say whose"};
}

Guess GuessLicense(const data::Dataset& dataset) {
  static const std::vector<std::string> known = {"apache-2.0",      "mit",          "cc0-1.0",
                                                 "cc-by-4.0",       "cc-by-sa-4.0", "cc-by-nc-4.0",
                                                 "cc-by-nc-sa-4.0", "cc-by-nd-4.0", "odbl-1.0"};
  static const std::vector<std::string> spdx = {"Apache-2.0",      "MIT",          "CC0-1.0",
                                                "CC-BY-4.0",       "CC-BY-SA-4.0", "CC-BY-NC-4.0",
                                                "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "ODbL-1.0"};
  std::ifstream file(dataset.root() / "README.md");
  std::string line;
  if (!std::getline(file, line) || line != "---") return {"unknown", "it does not say"};
  while (std::getline(file, line) && line != "---") {
    if (!line.starts_with("license:")) continue;
    const size_t from = line.find_first_not_of(" '\"", 8);
    if (from == std::string::npos) break;
    const std::string name = line.substr(from, line.find_last_not_of(" '\"\r") + 1 - from);
    const auto found = std::ranges::find(known, name);
    if (found != known.end()) return {spdx[static_cast<size_t>(found - known.begin())], ""};
    if (TermsOf(name).is_known && name != "own") return {name, ""};
    return {"unknown", "its README.md says " + name};
  }
  return {"unknown", "it does not say"};
}

Guess GuessActions(const data::Dataset& dataset) {
  if (!HasActions(dataset)) return {"none", ""};
  const data::Feature& action = dataset.info().Require("action");
  const std::string body = IsHand(dataset) ? "wrist" : "ee";
  if (const auto named = ByNames(action.names, body)) return *named;
  return ByMotion(dataset, action, body);
}

}  // namespace heddle::mixture

#include "heddle/mixture/sheet/draft.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/mixture/sheet/convert_actions.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;

struct Drafted {
  std::string name, path;
  data::Dataset dataset;
  Guess kind, embodiment, license, actions;
};

// As YAML reads it back: in quotes where it must be.
std::string Yaml(const std::string& text) {
  const bool plain = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) &&
                     text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-") ==
                         std::string::npos &&
                     text != "true" && text != "false" && text != "null";
  return plain || text.starts_with("../") ? text : DumpJson(text);
}

std::string Line(const std::string& key, const Guess& guess) {
  const std::string line = key + ": " + Yaml(guess.value);
  return guess.why.empty() ? line : line + "  # guessed: " + WithoutControls(guess.why);
}

// The dataset's own folder's name, with a number behind it where it stands already.
std::string NameOf(const std::string& named, std::set<std::string>& taken) {
  std::string base = fs::path(named).lexically_normal().filename().string();
  if (base.empty()) base = fs::path(named).lexically_normal().parent_path().filename().string();
  std::string name = base;
  for (int i = 2; !taken.insert(name).second; ++i) name = base + "_" + std::to_string(i);
  return name;
}

// A folder relative to where the sheet will stand; owner/name as it is.
std::string PathOf(const std::string& named, const fs::path& folder) {
  if (!fs::is_directory(named)) return named;
  const fs::path relative =
      fs::absolute(named).lexically_normal().lexically_relative(fs::absolute(folder).lexically_normal());
  return relative.empty() ? fs::absolute(named).string() : relative.string();
}

// What comes behind the last dot: "front" of "observation.images.front".
std::string LastOf(const std::string& name) { return name.substr(name.rfind('.') + 1); }

// For each camera of the target that the source has not by that name: one of its own that is called alike, else none.
std::vector<std::string> CameraLines(const data::Dataset& target, const data::Dataset& source) {
  const std::vector<std::string> own = source.info().Cameras();
  std::vector<std::string> short_names, lines;
  for (const std::string& camera : own) short_names.push_back(LastOf(camera));
  for (const std::string& camera : target.info().Cameras()) {
    if (own.empty() || std::ranges::find(own, camera) != own.end()) continue;
    const auto near = Nearest(LastOf(camera), short_names);
    const auto place = near ? std::ranges::find(short_names, *near) - short_names.begin() : 0;
    lines.push_back("  " + Yaml(camera) + ": " + (near ? Yaml(own[static_cast<size_t>(place)]) : "missing") +
                    "  # guessed: " + (near ? "called alike" : "none is called alike"));
  }
  if (!lines.empty()) lines.insert(lines.begin(), "cameras:");
  return lines;
}

// Where a source of the same body acts in another form than the first one of it.
std::vector<std::string> ActionLines(const Drafted& first, const Drafted& source) {
  const std::string &to = first.actions.value, &from = source.actions.value;
  if (from == to || from == "none" || to == "none") return {};
  if (WhyNotConvertible(from, to, false)) return {};
  return {"action:", "  convert: " + to + "  # guessed: so that it mixes with " + first.name,
          "  position_scale: 1  # guessed: what 1 of a delta is, in m",
          "  rotation_scale: 1  # guessed: what 1 of a delta is, in rad"};
}

std::vector<std::string> MapLines(const std::vector<Drafted>& drafts, size_t i) {
  std::vector<std::string> lines =
      i == 0 ? std::vector<std::string>{} : CameraLines(drafts[0].dataset, drafts[i].dataset);
  for (size_t first = 0; first < i; ++first) {
    if (drafts[first].embodiment.value != drafts[i].embodiment.value || drafts[first].actions.value == "none") continue;
    for (const std::string& line : ActionLines(drafts[first], drafts[i])) lines.push_back(line);
    break;
  }
  return lines;
}

std::string SourceText(const std::vector<Drafted>& drafts, size_t i) {
  const Drafted& draft = drafts[i];
  std::vector<std::string> lines = {"name: " + Yaml(draft.name), "dataset: " + Yaml(draft.path),
                                    Line("kind", draft.kind), Line("embodiment", draft.embodiment),
                                    Line("license", draft.license)};
  const std::vector<std::string>& tasks = draft.dataset.tasks();
  if (tasks.size() == 1 && !tasks[0].empty()) lines.push_back(Line("task_family", {tasks[0], "its only instruction"}));
  if (draft.actions.value != "none") {
    const bool made = draft.kind.value == "simulation";
    lines.push_back(Line("label_quality", {made ? "synthetic" : "labelled", made ? "a simulation" : "it has actions"}));
  }
  lines.push_back(Line("action_representation", draft.actions));
  lines.push_back("weight: auto");
  const std::vector<std::string> map = MapLines(drafts, i);
  if (!map.empty()) lines.push_back("map:");
  for (const std::string& line : map) lines.push_back("  " + line);
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "  - " : "    ") + line + "\n";
  return text;
}

}  // namespace

std::string DraftSheet(const std::vector<std::string>& names, const fs::path& folder) {
  std::vector<Drafted> drafts;
  std::set<std::string> taken, roots;
  for (const std::string& named : names) {
    data::Dataset dataset = data::Dataset::Open(named);
    if (!roots.insert(fs::weakly_canonical(dataset.root()).string()).second) {
      ThrowUsage("the dataset is named twice", named, "name each once");
    }
    const Guess kind = GuessKind(dataset), body = GuessEmbodiment(dataset), license = GuessLicense(dataset),
                actions = GuessActions(dataset);
    drafts.push_back({NameOf(named, taken), PathOf(named, folder), std::move(dataset), kind, body, license, actions});
  }
  std::string text =
      "# Read each line that says guessed, then: heddle mix check, heddle mix suggest\n"
      "target: " +
      Yaml(drafts[0].name) +
      "  # guessed: the dataset that was named first\n"
      "use: research  # or commercial, or release\n"
      "sources:\n";
  for (size_t i = 0; i < drafts.size(); ++i) text += SourceText(drafts, i);
  return text;
}

}  // namespace heddle::mixture

#include "heddle/train/run_folder.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <system_error>
#include <vector>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/options.h"
#include "heddle/core/read_file.h"
#include "heddle/core/text.h"
#include "heddle/core/yaml_json.h"
#include "heddle/mixture/sheet/sheet.h"
#include "heddle/policy/checkpoint.h"

namespace heddle::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kAnotherOut = "bring it back, or begin a new run with another --out";

std::string StepName(int64_t step) {
  char name[32];
  std::snprintf(name, sizeof name, "%07lld", static_cast<long long>(step));
  return name;
}

// Whole checkpoints, by rising step. Without the folder there are none.
std::vector<std::pair<int64_t, fs::path>> Checkpoints(const fs::path& folder) {
  std::vector<std::pair<int64_t, fs::path>> found;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder / "checkpoints", none)) {
    const std::string name = entry.path().filename().string();
    int64_t step = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), step);
    if (error == std::errc() && end == name.data() + name.size()) found.emplace_back(step, entry.path());
  }
  std::ranges::sort(found);
  return found;
}

bool IsPart(const std::string& name) { return name.starts_with(".") && name.ends_with(".part"); }

bool IsNumber(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool IsOfARun(const std::string& name) {
  const std::set<std::string> known = {"run.yaml",    "mixture.yaml", "provenance.json", "metrics.jsonl",
                                       "checkpoints", "latents",      "not_finite.json"};
  return known.contains(name) || IsPart(name) || name.starts_with("events.out.tfevents");
}

// The first thing in the folder that no run leaves there; "" if there is none.
std::string Foreign(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!IsOfARun(name)) return name;
  }
  for (const std::string part : {"checkpoints", "latents"}) {
    if (fs::exists(folder / part) && !fs::is_directory(folder / part)) return part;
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(folder / part, none)) {
      const fs::path name = entry.path().filename();
      const bool own = part == "checkpoints" ? name == "latest" || IsNumber(name.string())
                                             : name.extension() == ".safetensors" && IsNumber(name.stem().string());
      if (!own && !IsPart(name.string())) return part + "/" + name.string();
    }
  }
  return "";
}

void Flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& out) {
  if (!json.is_object()) {
    out[path] = DumpJson(json);
    return;
  }
  for (const auto& [key, value] : json.items()) Flatten(value, path.empty() ? key : path + "." + key, out);
}

// What stands in one and not, or otherwise, in the other; the log's options may change from run to run.
std::vector<std::string> Differences(const Json& before, const Json& now) {
  std::map<std::string, std::string> a, b;
  Flatten(before, "", a);
  Flatten(now, "", b);
  std::set<std::string> keys;
  for (const auto* side : {&a, &b}) {
    for (const auto& [key, value] : *side) keys.insert(key);
  }
  std::vector<std::string> differences;
  for (const std::string& key : keys) {
    if (key.starts_with("log.") || a[key] == b[key]) continue;
    differences.push_back(key + " was " + (a[key].empty() ? "absent" : a[key]) + " and is " +
                          (b[key].empty() ? "absent" : b[key]));
  }
  return differences;
}

void RequireSame(const fs::path& file, const Json& now) {
  const Json before = JsonFromYaml(ReadFile(file), file.string());
  if (!before.is_object()) ThrowInput("is no longer what the run wrote", file.string(), kAnotherOut);
  const std::vector<std::string> differences = Differences(before, now);
  if (differences.empty()) return;
  std::string text = differences[0];
  if (differences.size() > 1) text += ", and " + std::to_string(differences.size() - 1) + " more";
  ThrowUsage("another run is there: " + text, file.string(), "give another --out, or go on with the run that is there");
}

}  // namespace

RunFolder::RunFolder(fs::path folder, const RunFile& run) : folder_(std::move(folder)) {
  RequireWritableFolder(folder_);
  auto lock = FolderLock::Try(folder_);
  if (!lock)
    ThrowUsage("another process trains here", folder_.string(), "wait until it is done, or give another --out");
  lock_.emplace(std::move(*lock));
  if (HasBegun()) {
    RunOptions options = run.options;
    options.mixture = "mixture.yaml";
    RequireSame(folder_ / "run.yaml", JsonFromYaml(RunYaml(options), "run.yaml"));
    RequireSame(folder_ / "mixture.yaml", mixture::ToJson(run.sheet, /*whole_paths=*/true));
  } else {
    RequireNothingElse(run);
  }
}

void RunFolder::RequireNothingElse(const RunFile& run) const {
  const std::string foreign = Foreign(folder_);
  if (!foreign.empty())
    ThrowUsage("is not empty: " + foreign + " is of no run", folder_.string(), "give another --out");
  // A person's run.yaml or sheet has the name of what is written here.
  for (const fs::path& given : {run.file, run.file.parent_path() / run.options.mixture}) {
    std::error_code none;
    if (fs::equivalent(fs::absolute(given).parent_path(), folder_, none))
      ThrowUsage("holds the file that is trained from, " + given.filename().string(), folder_.string(),
                 "give another --out");
  }
  for (const char* name : {"run.yaml", "mixture.yaml"}) {
    if (fs::exists(folder_ / name) && !fs::exists(folder_ / "provenance.json"))
      ThrowUsage("is not empty: no run wrote its " + std::string(name), folder_.string(), "give another --out");
  }
}

bool RunFolder::HasBegun() const {
  std::error_code none;
  const auto written = fs::file_size(metrics(), none);
  const bool begun = (!none && written > 0) || !Checkpoints(folder_).empty();
  if (begun && !fs::exists(folder_ / "run.yaml"))
    ThrowUsage("has parts of a run and no run.yaml", folder_.string(), "give another --out");
  return begun;
}

void RunFolder::Begin(const RunFile& run, const std::string& code_version) const {
  if (HasBegun()) return;
  RunOptions options = run.options;
  options.mixture = "mixture.yaml";
  fs::create_directories(folder_ / "checkpoints");
  fs::create_directories(folder_ / "latents");
  // The first of them: without it, the others are a person's.
  WriteFileAtomically(folder_ / "provenance.json",
                      DumpJson({{"code_version", code_version}, {"file", fs::absolute(run.file).string()}}, 2) + "\n");
  WriteFileAtomically(folder_ / "mixture.yaml", YamlFromJson(mixture::ToJson(run.sheet, /*whole_paths=*/true)));
  WriteFileAtomically(folder_ / "run.yaml", RunYaml(options));
}

fs::path RunFolder::CheckpointOf(int64_t step) const { return folder_ / "checkpoints" / StepName(step); }
fs::path RunFolder::LatentsOf(int64_t step) const { return folder_ / "latents" / (StepName(step) + ".safetensors"); }

std::optional<TrainerState> RunFolder::LastState(const nn::ParameterSet& parameters, const RunInputs& inputs) const {
  const auto all = Checkpoints(folder_);
  const auto found =
      std::ranges::find_if(all.rbegin(), all.rend(), [](const auto& one) { return HasTrainerState(one.second); });
  if (found == all.rend()) {
    if (all.empty()) return std::nullopt;
    ThrowInput("no checkpoint has the trainer.json from which training goes on", (folder_ / "checkpoints").string(),
               kAnotherOut);
  }
  const auto& [step, last] = *found;
  TrainerState state = ReadTrainerState(last, step, parameters, inputs);
  // A run that was killed between a checkpoint and its link.
  std::error_code none;
  if (fs::read_symlink(folder_ / "checkpoints" / "latest", none) != last.filename())
    PointLatestTo(last.filename().string());
  return state;
}

void RunFolder::Save(const RunSetup& setup, const TrainerState& state, const RunInputs& inputs) const {
  const fs::path folder = CheckpointOf(state.step);
  if (fs::exists(folder)) {  // the run was stopped right behind it: it is the same
    if (!state.validation_due) MarkValidated(folder);
    return;
  }
  contract::AdaptationCard card = setup.card;
  card.training.step = state.step;
  policy::SaveCheckpoint(folder, *setup.policy, state.moments.ema, card,
                         [&](const fs::path& part) { WriteTrainerState(part, state, inputs); });
  PointLatestTo(folder.filename().string());
  for (const auto& entry : fs::directory_iterator(folder_ / "checkpoints")) {
    if (entry.path() != folder && entry.path().filename() != "latest") RemoveTrainerState(entry.path());
  }
}

void RunFolder::PointLatestTo(const std::string& name) const {
  const fs::path link = folder_ / "checkpoints" / ".latest.part";
  std::error_code error;
  fs::remove(link, error);
  fs::create_symlink(name, link, error);
  if (!error) fs::rename(link, folder_ / "checkpoints" / "latest", error);
  if (error) ThrowSystem("can't point to the last checkpoint", link.string(), error.value());
}

void RunFolder::CutMetrics(int64_t step, bool validation_due) const {
  if (!fs::exists(metrics())) return;
  std::istringstream lines(ReadFile(metrics()));
  std::string kept, line;
  bool cut = false;
  while (std::getline(lines, line)) {
    const Json row = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    const bool whole = row.is_object() && row.contains("step") && row["step"].is_number_integer();
    const bool again = whole && validation_due && row["step"] == step && row.value("kind", Json()) == "holdout";
    if (!whole || again || row["step"].get<int64_t>() > step) {
      cut = true;
      continue;
    }
    kept += line + "\n";
  }
  if (cut) WriteFileAtomically(metrics(), kept);
}

}  // namespace heddle::train

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
#include "heddle/tensor/safetensors.h"

namespace heddle::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kState = "trainer.safetensors";
constexpr const char* kStateJson = "trainer.json";

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

bool IsOfARun(const std::string& name) {
  const std::set<std::string> known = {"run.yaml",    "mixture.yaml", "provenance.json", "metrics.jsonl",
                                       "checkpoints", "latents",      "not_finite.json"};
  return known.contains(name) || name.starts_with(".") || name.starts_with("events.out.tfevents");
}

// What training goes on from is worth no guess.
int64_t CountAt(const Json& json, const std::string& key, const std::string& place) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer() || found->get<int64_t>() < 0)
    ThrowInput("'" + key + "' is no count", place, kAnotherOut);
  return found->get<int64_t>();
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
  if (HasBegun()) {
    RunOptions options = run.options;
    options.mixture = "mixture.yaml";
    RequireSame(folder_ / "run.yaml", JsonFromYaml(RunYaml(options), "run.yaml"));
    RequireSame(folder_ / "mixture.yaml", mixture::ToJson(run.sheet, /*whole_paths=*/true));
    return;
  }
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string name = entry.path().filename().string();
    if (!IsOfARun(name)) ThrowUsage("is not empty: " + name + " is of no run", folder_.string(), "give another --out");
  }
  // A person's run.yaml or sheet has the name of what is written here.
  for (const fs::path& given : {run.file, run.file.parent_path() / run.options.mixture}) {
    std::error_code none;
    if (fs::equivalent(fs::absolute(given).parent_path(), folder_, none))
      ThrowUsage("holds the file that is trained from, " + given.filename().string(), folder_.string(),
                 "give another --out");
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
  WriteFileAtomically(folder_ / "mixture.yaml", YamlFromJson(mixture::ToJson(run.sheet, /*whole_paths=*/true)));
  WriteFileAtomically(folder_ / "provenance.json",
                      DumpJson({{"code_version", code_version}, {"file", fs::absolute(run.file).string()}}, 2) + "\n");
  WriteFileAtomically(folder_ / "run.yaml", RunYaml(options));
}

fs::path RunFolder::CheckpointOf(int64_t step) const { return folder_ / "checkpoints" / StepName(step); }
fs::path RunFolder::LatentsOf(int64_t step) const { return folder_ / "latents" / (StepName(step) + ".safetensors"); }

std::optional<TrainerState> RunFolder::LastState(const nn::ParameterSet& parameters,
                                                 const std::string& mixture_hash) const {
  const auto all = Checkpoints(folder_);
  const auto found = std::ranges::find_if(all.rbegin(), all.rend(),
                                          [](const auto& one) { return fs::exists(one.second / kStateJson); });
  if (found == all.rend()) {
    if (all.empty()) return std::nullopt;
    ThrowInput("no checkpoint has the " + std::string(kStateJson) + " from which training goes on",
               (folder_ / "checkpoints").string(), kAnotherOut);
  }
  const fs::path& last = found->second;
  const std::string place = (last / kStateJson).string();
  const Json json = ParseJson(ReadFile(last / kStateJson), place);
  if (!json.is_object() || CountAt(json, "step", place) != found->first)
    ThrowInput("is not of this checkpoint's step", place, kAnotherOut);
  if (json.value("mixture_hash", Json()) != Json(mixture_hash))
    ThrowUsage("the datasets are no longer those that the run began with", place,
               "bring them back, or begin a new run with another --out");
  const tensor::Safetensors file = tensor::ReadSafetensors(last / kState);
  const auto block = [&](const std::string& name) {
    const auto own = file.tensors.find(name);
    if (own == file.tensors.end() || own->second.dim() != 1 || own->second.numel() != parameters.num_elements())
      ThrowInput("has no '" + name + "' of " + std::to_string(parameters.num_elements()) + " numbers",
                 (last / kState).string());
    return own->second;
  };
  TrainerState state;
  state.step = found->first;
  state.skipped = CountAt(json, "skipped", place);
  state.values = block("values");
  state.moments = {block("m"), block("v"), block("ema"), CountAt(json, "optimiser_steps", place)};
  // A run that was killed between a checkpoint and its link.
  std::error_code none;
  if (fs::read_symlink(folder_ / "checkpoints" / "latest", none) != last.filename())
    PointLatestTo(last.filename().string());
  return state;
}

void RunFolder::Save(const RunSetup& setup, const TrainerState& state) const {
  const fs::path folder = CheckpointOf(state.step);
  if (fs::exists(folder)) return;  // the run was stopped right behind it: it is the same
  contract::AdaptationCard card = setup.card;
  card.training.step = state.step;
  policy::SaveCheckpoint(folder, *setup.policy, state.moments.ema, card, [&](const fs::path& part) {
    tensor::WriteSafetensors(
        part / kState,
        {{"values", state.values}, {"m", state.moments.m}, {"v", state.moments.v}, {"ema", state.moments.ema}});
    const Json json = {{"step", state.step},
                       {"optimiser_steps", state.moments.steps},
                       {"skipped", state.skipped},
                       {"mixture_hash", setup.bound.hash}};
    WriteFileAtomically(part / kStateJson, DumpJson(json, 2) + "\n");
  });
  PointLatestTo(folder.filename().string());
  for (const auto& entry : fs::directory_iterator(folder_ / "checkpoints")) {
    if (entry.path() == folder || entry.path().filename() == "latest") continue;
    std::error_code ignored;
    // In this order, so that a state is never without the file that says which it is.
    fs::remove(entry.path() / kStateJson, ignored);
    fs::remove(entry.path() / kState, ignored);
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

void RunFolder::CutMetrics(int64_t step) const {
  if (!fs::exists(metrics())) return;
  std::istringstream lines(ReadFile(metrics()));
  std::string kept, line;
  bool cut = false;
  while (std::getline(lines, line)) {
    const Json row = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    const bool whole = row.is_object() && row.contains("step") && row["step"].is_number_integer();
    if (!whole || row["step"].get<int64_t>() > step) {
      cut = true;
      continue;
    }
    kept += line + "\n";
  }
  if (cut) WriteFileAtomically(metrics(), kept);
}

}  // namespace heddle::train

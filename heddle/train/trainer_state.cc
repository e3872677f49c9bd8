#include "heddle/train/trainer_state.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/tensor/safetensors.h"

namespace heddle::train {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kState = "trainer.safetensors";
constexpr const char* kStateJson = "trainer.json";
constexpr const char* kAnotherOut = "bring it back, or begin a new run with another --out";
constexpr const char* kNewRun = "bring them back, or begin a new run with another --out";

// What training goes on from is worth no guess.
int64_t CountAt(const Json& json, const std::string& key, const std::string& place) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer() || found->get<int64_t>() < 0)
    ThrowInput("'" + key + "' is no count", place, kAnotherOut);
  return found->get<int64_t>();
}

// Of a state that an older version wrote, the field is missing and nothing is known.
std::map<std::string, std::string> HashesAt(const Json& json, const std::string& key, const std::string& place) {
  std::map<std::string, std::string> hashes;
  const auto found = json.find(key);
  if (found == json.end()) return hashes;
  if (!found->is_object()) ThrowInput("'" + key + "' is no list of names and hashes", place, kAnotherOut);
  for (const auto& [name, hash] : found->items()) {
    if (!hash.is_string()) ThrowInput("'" + key + "." + name + "' is no hash", place, kAnotherOut);
    hashes[name] = hash.get<std::string>();
  }
  return hashes;
}

std::vector<std::string> Changed(const std::map<std::string, std::string>& before,
                                 const std::map<std::string, std::string>& now) {
  std::vector<std::string> names;
  for (const auto& [name, hash] : before) {
    const auto own = now.find(name);
    if (own == now.end() || own->second != hash) names.push_back(name);
  }
  return names;
}

void RequireSameInputs(const Json& json, const RunInputs& now, const std::string& place) {
  const auto scripts = Changed(HashesAt(json, "scripts", place), now.scripts);
  if (!scripts.empty())
    ThrowUsage("the module that " + scripts[0] + " names is no longer the one that the run began with", place,
               kAnotherOut);
  const auto datasets = Changed(HashesAt(json, "datasets", place), now.datasets);
  if (!datasets.empty())
    ThrowUsage("the dataset of source " + datasets[0] + " is no longer the one that the run began with", place,
               kAnotherOut);
  const auto hash = json.find("mixture_hash");
  if (hash == json.end() || !hash->is_string()) ThrowInput("'mixture_hash' is no hash", place, kAnotherOut);
  if (hash->get<std::string>() != now.mixture_hash)
    ThrowUsage("the datasets are no longer those that the run began with", place, kNewRun);
}

bool FlagAt(const Json& json, const std::string& key, const std::string& place) {
  const auto found = json.find(key);
  if (found == json.end()) return false;
  if (!found->is_boolean()) ThrowInput("'" + key + "' is neither true nor false", place, kAnotherOut);
  return found->get<bool>();
}

}  // namespace

RunInputs RunInputs::Of(const RunSetup& setup) {
  RunInputs inputs;
  inputs.mixture_hash = setup.bound.hash;
  for (size_t i = 0; i < setup.bound.mixture.sources.size(); ++i)
    inputs.datasets[setup.bound.mixture.sources[i].name] = setup.bound.dataset_ids[i];
  const RunOptions& options = setup.options;
  for (const auto& [key, file] : {std::pair("align.script.file", options.align.Of<align::ScriptOptions>().file),
                                  std::pair("policy.trunk.script", options.policy.trunk.script),
                                  std::pair("policy.camera.script", options.policy.camera.script)}) {
    if (!file.empty()) inputs.scripts[key] = Sha256OfFile(file).sha256;
  }
  return inputs;
}

void WriteTrainerState(const fs::path& checkpoint, const TrainerState& state, const RunInputs& inputs) {
  tensor::WriteSafetensors(
      checkpoint / kState,
      {{"values", state.values}, {"m", state.moments.m}, {"v", state.moments.v}, {"ema", state.moments.ema}});
  const Json json = {{"step", state.step},
                     {"optimiser_steps", state.moments.steps},
                     {"skipped", state.skipped},
                     {"not_finite_on_end", ToJson(state.not_finite)},
                     {"validation_due", state.validation_due},
                     {"mixture_hash", inputs.mixture_hash},
                     {"datasets", Json(inputs.datasets)},
                     {"scripts", Json(inputs.scripts)}};
  WriteFileAtomically(checkpoint / kStateJson, DumpJson(json, 2) + "\n");
}

bool HasTrainerState(const fs::path& checkpoint) { return fs::exists(checkpoint / kStateJson); }

TrainerState ReadTrainerState(const fs::path& checkpoint, int64_t step, const nn::ParameterSet& parameters,
                              const RunInputs& inputs) {
  const std::string place = (checkpoint / kStateJson).string();
  const Json json = ParseJson(ReadFile(checkpoint / kStateJson), place);
  if (!json.is_object() || CountAt(json, "step", place) != step)
    ThrowInput("is not of this checkpoint's step", place, kAnotherOut);
  RequireSameInputs(json, inputs, place);
  const tensor::Safetensors file = tensor::ReadSafetensors(checkpoint / kState);
  const auto block = [&](const std::string& name) {
    const auto own = file.tensors.find(name);
    if (own == file.tensors.end() || own->second.dim() != 1 || own->second.numel() != parameters.num_elements())
      ThrowInput("has no '" + name + "' of " + std::to_string(parameters.num_elements()) + " numbers",
                 (checkpoint / kState).string());
    return own->second;
  };
  TrainerState state;
  state.step = step;
  state.skipped = CountAt(json, "skipped", place);
  state.validation_due = FlagAt(json, "validation_due", place);
  const auto not_finite = json.find("not_finite_on_end");
  if (not_finite != json.end()) state.not_finite = NotFiniteStepsFromJson(*not_finite, place);
  state.values = block("values");
  state.moments = {block("m"), block("v"), block("ema"), CountAt(json, "optimiser_steps", place)};
  return state;
}

void MarkValidated(const fs::path& checkpoint) {
  if (!HasTrainerState(checkpoint)) return;
  const fs::path file = checkpoint / kStateJson;
  Json json = ParseJson(ReadFile(file), file.string());
  if (!FlagAt(json, "validation_due", file.string())) return;
  json["validation_due"] = false;
  WriteFileAtomically(file, DumpJson(json, 2) + "\n");
}

// In this order, so that a state is never without the file that says which it is.
void RemoveTrainerState(const fs::path& checkpoint) {
  std::error_code ignored;
  fs::remove(checkpoint / kStateJson, ignored);
  fs::remove(checkpoint / kState, ignored);
}

}  // namespace heddle::train

// An evidence row: what one episode showed of one policy in one set-up. evidence.jsonl holds one a line.
//
//   {"schema": 1,
//    "setup": {"task": "nut_assembly", "gap": {"text": "visual", "hash": "..", "resolved": {..}}, ...},
//    "policy": {"kind": "checkpoint", ..., "training": {"w": 0.1, "training_seed": 3, ...}},
//    "outcome": {"success_any": true, "success_end": false, "episode_seed": 17, "failure": "dropped", ...}}
//
// All keys are always written. Text that does not apply is "", a number that does not apply is null; these may be left
// out when reading. Nothing else may, and no other key may stand there.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace heddle::contract {

inline constexpr int64_t kEvidenceSchema = 1;

struct EvidenceGap {
  std::string text = "none";  // canonical short form, such as "visual+physics:0.5"
  std::string hash = {};      // of `resolved`
  nlohmann::ordered_json resolved = nlohmann::ordered_json::object();  // every axis with its values

  friend bool operator==(const EvidenceGap&, const EvidenceGap&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("text", self.text), v.Optional("hash", self.hash), v.Optional("resolved", self.resolved);
  }
};

// What must be equal for outcomes to be comparable. What an episode begins with is decided by task, task_options and
// the episode's seed alone.
struct EvidenceSetup {
  std::string task = {};
  nlohmann::ordered_json task_options = nlohmann::ordered_json::object();  // resolved: defaults are written out
  EvidenceGap gap = {};
  std::string suite = {};       // which list of episode seeds: "test", "tuning", ...
  std::string embodiment = {};  // the body that acts
  std::string dataset = {};     // where episodes begin or actions come from, if from a dataset
  std::string observation_contract_hash = {}, action_contract_hash = {};
  int64_t horizon = 0;            // control steps until the episode ends as a timeout
  int64_t actions_per_chunk = 1;  // executed before the policy is asked again
  double control_hz = 0;
  std::string simulator = {};  // with version: "mujoco 3.14.0"
  std::string renderer = {};   // back-end and driver; "" where nothing was rendered

  friend bool operator==(const EvidenceSetup&, const EvidenceSetup&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("task", self.task), v.Optional("task_options", self.task_options), v.Field("gap", self.gap);
    v.Optional("suite", self.suite), v.Optional("embodiment", self.embodiment), v.Optional("dataset", self.dataset);
    v.Optional("observation_contract_hash", self.observation_contract_hash);
    v.Optional("action_contract_hash", self.action_contract_hash);
    v.Field("horizon", self.horizon, 1), v.Field("actions_per_chunk", self.actions_per_chunk, 1);
    v.Field("control_hz", self.control_hz);
    v.Optional("simulator", self.simulator), v.Optional("renderer", self.renderer);
  }
};

// The run that made a checkpoint.
struct EvidenceTraining {
  std::string method = {};                   // "mix", "cfg-adda", ...: a name for align + discern
  std::string align = {}, discern = {};      // the objectives
  std::optional<double> w = {};              // the probability of drawing from the target
  std::string mixture_hash = {};             // of the resolved mixture sheet
  std::vector<std::string> data_seals = {};  // of the sheet's datasets, in its order
  std::optional<int64_t> training_seed = {}, step = {};
  std::optional<double> target_passes = {};  // how often the target's windows were gone through until `step`

  friend bool operator==(const EvidenceTraining&, const EvidenceTraining&) = default;
  static void Visit(auto& self, auto& v) {
    v.Optional("method", self.method), v.Optional("align", self.align), v.Optional("discern", self.discern);
    v.Optional("w", self.w), v.Optional("mixture_hash", self.mixture_hash), v.Optional("data_seals", self.data_seals);
    v.Optional("training_seed", self.training_seed), v.Optional("step", self.step);
    v.Optional("target_passes", self.target_passes);
  }
};

struct EvidencePolicy {
  std::string kind = {};             // "expert", "random", "replay", "server", "checkpoint", ...
  std::string name = {};             // as it was named on the command line
  std::string checkpoint_hash = {};  // "" where there is none, or a server does not tell
  std::optional<EvidenceTraining> training = {};
  std::optional<double> guidance = {};
  std::string sampler = {};
  std::optional<int64_t> sampler_steps = {};
  std::string strategy = {};  // the strategy that it was asked for
  // Labels that it was told in place of its card's, "guidance_over_time" where that is not constant, "against_KEY"
  // where guidance's other branch has a label.
  std::map<std::string, std::string> acting = {};
  std::optional<int64_t> chosen_from = {};  // best of so many candidates (checkpoints, ratios); 1: there was no choice

  friend bool operator==(const EvidencePolicy&, const EvidencePolicy&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("kind", self.kind), v.Field("name", self.name), v.Optional("checkpoint_hash", self.checkpoint_hash);
    v.Optional("training", self.training), v.Optional("guidance", self.guidance), v.Optional("sampler", self.sampler);
    v.Optional("sampler_steps", self.sampler_steps), v.Optional("strategy", self.strategy);
    v.Optional("acting", self.acting), v.Optional("chosen_from", self.chosen_from);
  }
};

struct EvidenceOutcome {
  bool success_any = false;           // at any step
  bool success_end = false;           // at the last step
  int64_t episode_seed = 0;           // >= 0
  std::string failure = "none";       // label: the task's own, or "timeout", "bad-action", ...
  int64_t steps = 0;                  // control steps that were taken
  std::optional<double> value = {};   // a graded score, where the task has one
  std::string video = {};             // path, relative to the file of the row
  std::optional<double> wall_s = {};  // no part of the result: two runs of the same episode differ in it

  friend bool operator==(const EvidenceOutcome&, const EvidenceOutcome&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("success_any", self.success_any), v.Field("success_end", self.success_end);
    v.Field("episode_seed", self.episode_seed, 0), v.Field("failure", self.failure), v.Field("steps", self.steps, 0);
    v.Optional("value", self.value), v.Optional("video", self.video), v.Optional("wall_s", self.wall_s);
  }
};

struct EvidenceRow {
  EvidenceSetup setup;
  EvidencePolicy policy;
  EvidenceOutcome outcome;
};

// The policy gave no answer (labels "policy-timeout", "policy-closed", ...): a failure that says nothing of what it can
// do. Such an episode may be run again, and the answered row takes the place of the unanswered one.
bool IsUnanswered(const std::string& failure);

nlohmann::ordered_json ToJson(const EvidenceRow& row);
// kInput, naming `place` ("evidence.jsonl:12") and key: another schema, an unknown key (with the nearest right one), a
// missing one, a value of another type or out of its range.
EvidenceRow EvidenceRowFromJson(const nlohmann::ordered_json& json, const std::string& place);

// SHA-256 of the canonical JSON. Equal set-ups (policies) have equal hashes, whatever program wrote them.
std::string SetupHash(const EvidenceSetup& setup);
std::string PolicyHash(const EvidencePolicy& policy);

}  // namespace heddle::contract

// The adaptation card: what a checkpoint needs to be used rightly. `card.yaml` beside the weights; checked at every
// load, so that a client or a task that does not fit is refused by the field's name.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/evidence_row.h"

namespace heddle::contract {

inline constexpr int64_t kCardSchema = 1;

// A vector of numbers that the policy reads.
struct CardNumbers {
  std::string name = {};                // of the feature: "observation.state"
  std::vector<std::string> names = {};  // of its dimensions, in order

  friend bool operator==(const CardNumbers&, const CardNumbers&) = default;
  static void Visit(auto& self, auto& v) { v.Field("name", self.name), v.Field("names", self.names); }
};

struct CardCamera {
  std::string name = {};  // "observation.images.agentview"
  int64_t height = 0, width = 0;
  std::string colours = "rgb", values = "uint8 0..255";
  std::string fit = "stretch";  // how a picture of another size is brought to this one

  friend bool operator==(const CardCamera&, const CardCamera&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("name", self.name), v.Field("height", self.height, 1), v.Field("width", self.width, 1);
    v.Field("colours", self.colours), v.Field("values", self.values), v.Field("fit", self.fit);
  }
};

struct CardObservation {
  std::vector<CardNumbers> numbers = {};
  std::vector<CardCamera> cameras = {};  // in this order

  friend bool operator==(const CardObservation&, const CardObservation&) = default;
  static void Visit(auto& self, auto& v) { v.Field("numbers", self.numbers), v.Field("cameras", self.cameras); }
};

struct CardAction {
  std::string representation = {};      // "ee_delta", ...
  std::vector<std::string> names = {};  // of the dimensions
  int64_t steps = 0;                    // of a chunk
  int64_t execute = 0;                  // of them, before the policy is asked again
  std::string normalisation = {};       // "range to -1..1"

  friend bool operator==(const CardAction&, const CardAction&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("representation", self.representation), v.Field("names", self.names);
    v.Field("steps", self.steps, 1), v.Field("execute", self.execute, 1);
    v.Field("normalisation", self.normalisation);
  }
};

// What an action may be: the target's own data with a margin. What a policy says beyond it is cut off there.
struct CardLimits {
  double margin = 0;  // share of each dimension's range, on both sides
  std::vector<double> low = {}, high = {};

  friend bool operator==(const CardLimits&, const CardLimits&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("margin", self.margin), v.Field("low", self.low), v.Field("high", self.high);
  }
};

struct CardCondition {
  std::string key = {};                  // "domain", "strategy"
  std::vector<std::string> values = {};  // that it was trained with
  std::string act = {};                  // the one to act under: the target's; "" asks for none
  std::string against = {};              // guidance's other branch: "" is without the label, else a value

  friend bool operator==(const CardCondition&, const CardCondition&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("key", self.key), v.Field("values", self.values), v.Field("act", self.act);
    v.Optional("against", self.against);
  }
};

// λ of s + λ (s - s_against); 0 acts by the label alone, -1 by the other branch alone.
struct CardGuidance {
  double lambda = 0;
  std::string over_time = "constant";                                  // or "early", "late": heddle/policy/guidance.h
  nlohmann::ordered_json evidence = nlohmann::ordered_json::object();  // why this one

  friend bool operator==(const CardGuidance&, const CardGuidance&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("lambda", self.lambda), v.Optional("over_time", self.over_time), v.Optional("evidence", self.evidence);
  }
};

struct CardSampler {
  std::string kind = {};  // "ddim", "euler"
  int64_t steps = 0;

  friend bool operator==(const CardSampler&, const CardSampler&) = default;
  static void Visit(auto& self, auto& v) { v.Field("kind", self.kind), v.Field("steps", self.steps, 1); }
};

struct CardLanguage {
  std::string encoder = {}, tokenizer = {};  // "" where instructions are not read

  friend bool operator==(const CardLanguage&, const CardLanguage&) = default;
  static void Visit(auto& self, auto& v) {
    v.Optional("encoder", self.encoder), v.Optional("tokenizer", self.tokenizer);
  }
};

// Under which terms the weights may be used: those of the data, the strictest first.
struct CardTerms {
  std::string use = {};                    // what the mixture was made for: "research", "commercial", "release"
  std::vector<std::string> licenses = {};  // of the sources
  std::string strictest = {};              // what they come to: "non-commercial, share alike, attribution"; "none"

  friend bool operator==(const CardTerms&, const CardTerms&) = default;
  static void Visit(auto& self, auto& v) {
    v.Field("use", self.use), v.Field("licenses", self.licenses), v.Optional("strictest", self.strictest);
  }
};

struct AdaptationCard {
  std::string base_model = {};  // "" : trained from random weights
  std::string embodiment = {};
  double control_hz = 0;
  CardObservation observation = {};
  CardAction action = {};
  CardLimits limits = {};
  CardLanguage language = {};
  std::vector<CardCondition> conditions = {};
  CardGuidance guidance = {};
  CardSampler sampler = {};
  CardTerms terms = {};
  EvidenceTraining training = {};
  std::string code_version = {};

  friend bool operator==(const AdaptationCard&, const AdaptationCard&) = default;
  static void Visit(auto& self, auto& v) {
    v.Optional("base_model", self.base_model), v.Field("embodiment", self.embodiment);
    v.Field("control_hz", self.control_hz), v.Field("observation", self.observation), v.Field("action", self.action);
    v.Field("limits", self.limits), v.Optional("language", self.language), v.Field("conditions", self.conditions);
    v.Field("guidance", self.guidance), v.Field("sampler", self.sampler), v.Field("terms", self.terms);
    v.Field("training", self.training), v.Field("code_version", self.code_version);
  }
};

nlohmann::ordered_json ToJson(const AdaptationCard& card);
// kInput, naming `place` and the field, for what is missing, unknown, of another type or does not fit together.
AdaptationCard CardFromJson(const nlohmann::ordered_json& json, const std::string& place);

// Of the parts alone; rows of evidence carry these.
std::string ObservationHash(const CardObservation& observation);
std::string ActionHash(const CardAction& action);

}  // namespace heddle::contract

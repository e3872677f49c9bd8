#include "heddle/serve/policy_service.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/policy/acting_policy.h"
#include "heddle/serve/observation_reader.h"
#include "heddle/tensor/views.h"

namespace heddle::serve {
namespace {

using contract::Array;
using wire::List;
using wire::Map;
using wire::Value;

// Of the stream for clients that say no seed: none that an episode has.
constexpr uint64_t kOwnSeed = std::numeric_limits<uint64_t>::max();

template <class T>
Value ListOf(const std::vector<T>& values) {
  List list;
  for (const T& value : values) list.push_back(value);
  return list;
}

Value ObservationKeys(const contract::CardObservation& observation) {
  Map keys;
  for (const contract::CardNumbers& numbers : observation.numbers) {
    keys.push_back({KeyOf(numbers.name), Map{{"dtype", "float32"},
                                             {"shape", List{static_cast<int64_t>(numbers.names.size())}},
                                             {"names", ListOf(numbers.names)}}});
  }
  for (const contract::CardCamera& camera : observation.cameras) {
    keys.push_back(
        {KeyOf(camera.name), Map{{"dtype", "uint8"}, {"shape", List{camera.height, camera.width, int64_t{3}}}}});
  }
  return keys;
}

Value ActionFacts(const contract::AdaptationCard& card) {
  return Map{{"representation", card.action.representation},
             {"names", ListOf(card.action.names)},
             {"low", ListOf(card.limits.low)},
             {"high", ListOf(card.limits.high)}};
}

Value TrainingFacts(const contract::AdaptationCard& card) {
  Map facts = {{"method", card.training.method}};
  if (card.training.w) facts.push_back({"w", *card.training.w});
  if (card.training.training_seed) facts.push_back({"training_seed", *card.training.training_seed});
  if (card.training.step) facts.push_back({"step", *card.training.step});
  return facts;
}

}  // namespace

struct PolicyService::Parts {
  Parts(policy::Checkpoint checkpoint, const policy::ActingChanges& changes)
      : policy(std::move(checkpoint), changes),
        reader(policy.card(), policy.layout(), policy.checkpoint().policy->normaliser()) {}

  policy::ActingPolicy policy;
  ObservationReader reader;
  int64_t unseeded = 0;  // how many were asked for without a seed
};

PolicyService::PolicyService(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PolicyService::~PolicyService() = default;
PolicyService::PolicyService(PolicyService&&) noexcept = default;

PolicyService PolicyService::Load(const std::filesystem::path& folder, const policy::ActingChanges& changes) {
  return PolicyService(std::make_unique<Parts>(policy::LoadCheckpoint(folder), changes));
}

const contract::AdaptationCard& PolicyService::card() const { return parts_->policy.card(); }
const std::string& PolicyService::checkpoint_hash() const { return parts_->policy.checkpoint().hash; }
const std::filesystem::path& PolicyService::folder() const { return parts_->policy.checkpoint().folder; }

Value PolicyService::Metadata() const {
  Map conditions;
  for (const contract::CardCondition& condition : card().conditions)
    conditions.push_back({condition.key, Map{{"act", condition.act}, {"values", ListOf(condition.values)}}});
  Map metadata = {{"policy", "heddle"},
                  {"checkpoint_hash", checkpoint_hash()},
                  {"embodiment", card().embodiment},
                  {"control_hz", card().control_hz},
                  {"observation", ObservationKeys(card().observation)},
                  {"action", ActionFacts(card())},
                  {"action_horizon", card().action.steps},
                  {"execute", card().action.execute},
                  {"conditions", std::move(conditions)},
                  {"sampler", card().sampler.kind},
                  {"sampler_steps", card().sampler.steps},
                  {"training", TrainingFacts(card())},
                  {"terms", Map{{"use", card().terms.use}, {"licenses", ListOf(card().terms.licenses)}}}};
  Map acting;
  for (const auto& [key, value] : parts_->policy.acting()) acting.push_back({key, value});
  metadata.push_back({"acting", std::move(acting)});
  if (!card().conditions.empty()) {
    metadata.push_back({"guidance", card().guidance.lambda});
    metadata.push_back({"guidance_over_time", card().guidance.over_time});
  }
  return metadata;
}

Value PolicyService::Answer(const Value& observation) {
  const auto start = std::chrono::steady_clock::now();
  policy::Moment moment{.observation = parts_->reader.Read(observation)};
  if (const std::optional<Chance> chance = ChanceOf(observation)) {
    moment.episode_seed = chance->episode_seed;
    moment.step = chance->step;
  } else {
    moment.episode_seed = kOwnSeed;
    moment.step = parts_->unseeded++;
  }
  const policy::Acted acted = parts_->policy.Act(moment);
  const auto actions = tensor::ViewOf<float>(acted.actions_BHD);
  for (const float action : actions) {
    if (!std::isfinite(action)) ThrowInput("the policy's actions for it are not finite", "observation");
  }
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  return Map{{"actions", Array::Of<float>(actions, {acted.actions_BHD.size(1), acted.actions_BHD.size(2)})},
             {"policy_timing", Map{{"infer_ms", took.count()}}}};
}

std::string ServiceText(const PolicyService& service) {
  const contract::AdaptationCard& card = service.card();
  std::string text = "policy     " + service.folder().string() + ", " + service.checkpoint_hash().substr(0, 12) + "\n";
  text += "body       " + card.embodiment + ", " + FormatDouble(card.control_hz) + " Hz\n";
  text += "expects\n";
  for (const contract::CardNumbers& numbers : card.observation.numbers) {
    text += "  " + KeyOf(numbers.name) + "  [" + std::to_string(numbers.names.size()) +
            "]: " + Join(numbers.names, ", ") + "\n";
  }
  for (const contract::CardCamera& camera : card.observation.cameras) {
    text += "  " + KeyOf(camera.name) + "  uint8 [" + std::to_string(camera.height) + ", " +
            std::to_string(camera.width) + ", 3], red green blue\n";
  }
  text += "answers    actions float32 [" + std::to_string(card.action.steps) + ", " +
          std::to_string(card.action.names.size()) + "], " + card.action.representation + ": " +
          Join(card.action.names, ", ") + "; execute " + std::to_string(card.action.execute) +
          " of them, then ask again\n";
  for (const contract::CardCondition& condition : card.conditions)
    text += "acts as    " + condition.key + " " + (condition.act.empty() ? "(none)" : condition.act) + "\n";
  if (!card.conditions.empty())
    text += "guidance   " + FormatDouble(card.guidance.lambda) + ", " + card.guidance.over_time + "\n";
  return WithoutControls(text);
}

}  // namespace heddle::serve

#include "heddle/eval/actors/policy_actor.h"

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "heddle/contract/card_fit.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/policy/acting_policy.h"
#include "heddle/tensor/views.h"

namespace heddle::eval {
namespace {

constexpr const char* kImages = "observation.images.";

std::vector<float> Floats(const std::vector<double>& values) { return {values.begin(), values.end()}; }

contract::OfferedBody OfferedBy(const sim::WorldKind& kind, const contract::AdaptationCard& card) {
  const sim::World world = kind.NewWorld();
  const sim::EmbodimentFacts& body = world.embodiment().facts();
  const sim::ActionSpace actions = world.actions();
  contract::OfferedBody offered;
  offered.embodiment = body.name;
  offered.control_hz = kind.task->facts().control_hz;
  offered.numbers = {{"observation.state", body.state_names},
                     {"observation.environment_state", sim::EnvironmentNames(kind.task->Objects())},
                     {"observation.tactile", sim::TactileNames(body)}};
  offered.cameras = card.observation.cameras;  // any size can be rendered; CameraRig says which cameras there are
  offered.action_representation = actions.representation;
  offered.action_names = actions.names;
  return offered;
}

sim::CameraPlan CamerasOf(const contract::AdaptationCard& card) {
  sim::CameraPlan plan;
  for (const contract::CardCamera& camera : card.observation.cameras) {
    if (!camera.name.starts_with(kImages))
      ThrowInput("the policy reads '" + camera.name + "', which the simulation has not", "card.yaml");
    plan.cameras.push_back(camera.name.substr(std::string(kImages).size()));
    plan.height = camera.height;
    plan.width = camera.width;
  }
  return plan;
}

// Threads cost more than they bring below some million weights, which numbers alone rarely reach.
bool IsLarge(const policy::Checkpoint& checkpoint) {
  constexpr int64_t kWeights = 1'000'000;
  int64_t weights = 0;
  for (const at::Tensor& tensor : checkpoint.policy->parameters().tensors()) weights += tensor.numel();
  return weights > kWeights || !checkpoint.card.observation.cameras.empty();
}

// From how many values the card's guidance was picked, if it tells.
std::optional<int64_t> ChosenFrom(const nlohmann::ordered_json& evidence) {
  const auto found = evidence.find("chosen_from");
  if (found == evidence.end() || !found->is_number_integer() || *found < 1) return std::nullopt;
  return found->get<int64_t>();
}

class PolicyActor final : public Actor {
 public:
  PolicyActor(std::string name, policy::Checkpoint checkpoint, const PolicyActorOptions& options)
      : name_(std::move(name)),
        policy_(std::move(checkpoint), options.changes),
        is_cards_guidance_(!options.changes.guidance),
        tells_decisions_(options.tells_decisions) {
    const contract::CardAction& action = policy_.card().action;
    execute_ = options.actions_per_chunk.value_or(action.execute);
    if (execute_ > action.steps) {
      ThrowUsage("a chunk of this policy has " + std::to_string(action.steps) + " actions", "--execute",
                 "give at most as many");
    }
  }

  void SetGuidance(double lambda) {
    policy_.SetGuidance(lambda);
    is_cards_guidance_ = false;
  }

  contract::EvidencePolicy identity() const override {
    const contract::AdaptationCard& card = policy_.card();
    contract::EvidencePolicy policy;
    policy.kind = "checkpoint";
    policy.name = name_;
    policy.checkpoint_hash = policy_.checkpoint().hash;
    policy.training = card.training;
    if (!card.conditions.empty()) policy.guidance = card.guidance.lambda;
    policy.sampler = card.sampler.kind;
    policy.sampler_steps = card.sampler.steps;
    for (const contract::CardCondition& condition : card.conditions) {
      if (condition.key == "strategy") policy.strategy = condition.act;
    }
    policy.acting = policy_.acting();
    if (is_cards_guidance_) policy.chosen_from = ChosenFrom(card.guidance.evidence);
    return policy;
  }
  int64_t actions_per_chunk() const override { return execute_; }
  int64_t batch_size() const override { return 1; }

  void Begin(const ActRequest&) override {}

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) {
      const policy::Moment moment{ObservationOf(requests[i]), requests[i].world->seed(), requests[i].world->step()};
      policy::Thoughts thoughts;
      const policy::Acted acted = tells_decisions_ ? policy_.Act(moment, thoughts) : policy_.Act(moment);
      const auto numbers = tensor::ViewOf<float>(acted.actions_BHD);
      const auto dims = static_cast<size_t>(acted.actions_BHD.size(2));
      for (size_t from = 0; from < numbers.size(); from += dims) {
        const auto action = numbers.subspan(from, dims);
        replies[i].actions.emplace_back(action.begin(), action.end());
      }
      if (tells_decisions_) replies[i].decision = DecisionOf(thoughts, moment.step);
    }
  }

 private:
  static policy::Observation ObservationOf(const ActRequest& request) {
    const sim::Observation& seen = request.world->observation();
    policy::Observation observation;
    observation.numbers = {{"observation.state", Floats(seen.state)},
                           {"observation.environment_state", Floats(seen.environment)},
                           {"observation.tactile", Floats(seen.tactile)}};
    for (const auto& [camera, image] : request.rig->images())
      observation.pictures[kImages + camera] = {image.pixels.data(), image.height, image.width};
    return observation;
  }

  static std::vector<float> Row(const at::Tensor& values_1W) {
    const at::Tensor values_W = values_1W.contiguous();
    const auto view = tensor::ViewOf<float>(values_W);
    return {view.begin(), view.end()};
  }
  DecidedChunk DecisionOf(const policy::Thoughts& thoughts, int64_t step) const {
    DecidedChunk decision{.step = step,
                          .z = Row(thoughts.latents.z_BW),
                          .shallow = Row(thoughts.latents.shallow_BW),
                          .chunk = Row(thoughts.chunk_BC),
                          .condition = {},
                          .effect = thoughts.effect_B.item<float>()};
    const auto& conditions = policy_.layout().conditions;
    for (size_t k = 0; k < conditions.size(); ++k) decision.condition[conditions[k].key] = policy_.told()[k];
    return decision;
  }

  std::string name_;
  policy::ActingPolicy policy_;
  bool is_cards_guidance_, tells_decisions_;
  int64_t execute_ = 1;
};

}  // namespace

void RequireFit(const contract::AdaptationCard& card, const sim::WorldKind& kind, const std::string& place) {
  const auto misfits = contract::Misfits(card, OfferedBy(kind, card));
  if (misfits.empty()) return;
  std::vector<std::string> texts;
  for (const contract::CardMisfit& misfit : misfits) texts.push_back(misfit.Text());
  ThrowInput("this world does not fit the policy's card: " + Join(texts, "; "), place,
             "evaluate it in the world that it was trained for (--gap, --actions, task)");
}

PolicyActorChoice MakePolicyActor(const std::string& folder, const sim::WorldKind& kind,
                                  const PolicyActorOptions& options) {
  policy::Checkpoint checkpoint = policy::LoadCheckpoint(folder);
  RequireFit(checkpoint.card, kind, (checkpoint.folder / "card.yaml").string());
  const sim::CameraPlan cameras = CamerasOf(checkpoint.card);
  const bool is_large = IsLarge(checkpoint);
  auto actor = std::make_unique<PolicyActor>(folder, std::move(checkpoint), options);
  const auto set_guidance = [&policy = *actor](double lambda) { policy.SetGuidance(lambda); };
  return {.actor = std::move(actor), .cameras = cameras, .is_large = is_large, .set_guidance = set_guidance};
}

}  // namespace heddle::eval

#include "heddle/eval/actors/policy_actor.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>
#include <utility>

#include "heddle/contract/card_fit.h"
#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/policy/acting.h"
#include "heddle/policy/checkpoint.h"
#include "heddle/policy/observation.h"
#include "heddle/tensor/views.h"

namespace heddle::eval {
namespace {

// Rows of one batch. Always as many, so that a row's numbers do not depend on how many others there are.
constexpr int64_t kBatch = 16;
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

void RequireFit(const contract::AdaptationCard& card, const sim::WorldKind& kind, const std::string& place) {
  const auto misfits = contract::Misfits(card, OfferedBy(kind, card));
  if (misfits.empty()) return;
  std::vector<std::string> texts;
  for (const contract::CardMisfit& misfit : misfits) texts.push_back(misfit.Text());
  ThrowInput("this world does not fit the policy's card: " + Join(texts, "; "), place,
             "evaluate it in the world that it was trained for (--gap, --actions, task)");
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

class PolicyActor final : public Actor {
 public:
  PolicyActor(std::string name, policy::Checkpoint checkpoint, const PolicyActorOptions& options)
      : name_(std::move(name)), checkpoint_(std::move(checkpoint)) {
    contract::AdaptationCard& card = checkpoint_.card;
    if (options.guidance) card.guidance.lambda = *options.guidance;
    for (const auto& [key, value] : options.act_as) ActAs(key, value);
    plan_ = policy::ActPlan::Of(*checkpoint_.policy, card, (checkpoint_.folder / "card.yaml").string());
    execute_ = options.actions_per_chunk.value_or(card.action.execute);
    if (execute_ > card.action.steps) {
      ThrowUsage("a chunk of this policy has " + std::to_string(card.action.steps) + " actions", "--execute",
                 "give at most as many");
    }
  }

  contract::EvidencePolicy identity() const override {
    const contract::AdaptationCard& card = checkpoint_.card;
    contract::EvidencePolicy policy;
    policy.kind = "checkpoint";
    policy.name = name_;
    policy.checkpoint_hash = checkpoint_.hash;
    policy.training = card.training;
    if (!card.conditions.empty()) policy.guidance = card.guidance.lambda;
    policy.sampler = card.sampler.kind;
    policy.sampler_steps = card.sampler.steps;
    for (const contract::CardCondition& condition : card.conditions) {
      if (condition.key == "strategy") policy.strategy = condition.act;
    }
    return policy;
  }
  int64_t actions_per_chunk() const override { return execute_; }
  int64_t batch_size() const override { return kBatch; }

  void Begin(const ActRequest&) override {}

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    std::vector<policy::Observation> observations;
    std::vector<at::Tensor> noise;
    const policy::PolicyLayout& layout = checkpoint_.policy->layout();
    for (const ActRequest& request : requests) {
      observations.push_back(ObservationOf(request));
      noise.push_back(policy::ActingNoise(layout, plan_, request.world->seed(), request.world->step()));
    }
    const contract::Batch batch = policy::BatchOf(observations, layout, checkpoint_.card.embodiment);
    const policy::PolicyRows rows = policy::RowsOf(batch, layout, checkpoint_.policy->normaliser());
    const policy::Acted acted = policy::Act(*checkpoint_.policy, rows, at::stack(noise), plan_);
    const auto numbers = tensor::ViewOf<float>(acted.actions_BHD);
    const auto steps = static_cast<size_t>(acted.actions_BHD.size(1)),
               dims = static_cast<size_t>(acted.actions_BHD.size(2));
    for (size_t i = 0; i < requests.size(); ++i) {
      for (size_t step = 0; step < steps; ++step) {
        const auto row = numbers.subspan((i * steps + step) * dims, dims);
        replies[i].actions.emplace_back(row.begin(), row.end());
      }
    }
  }

 private:
  void ActAs(const std::string& key, const std::string& value) {
    std::vector<std::string> keys;
    for (contract::CardCondition& condition : checkpoint_.card.conditions) {
      keys.push_back(condition.key);
      if (condition.key != key) continue;
      if (!value.empty() && std::ranges::find(condition.values, value) == condition.values.end())
        ThrowUsage("the policy was not trained with " + key + " '" + value + "'", "--act-as",
                   SuggestName(value, condition.values));
      condition.act = value;
      return;
    }
    ThrowUsage("the policy has no condition '" + key + "'", "--act-as", SuggestName(key, keys));
  }

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

  std::string name_;
  policy::Checkpoint checkpoint_;
  policy::ActPlan plan_;
  int64_t execute_ = 1;
};

}  // namespace

PolicyActorChoice MakePolicyActor(const std::string& folder, const sim::WorldKind& kind,
                                  const PolicyActorOptions& options) {
  policy::Checkpoint checkpoint = policy::LoadCheckpoint(folder);
  RequireFit(checkpoint.card, kind, (checkpoint.folder / "card.yaml").string());
  const sim::CameraPlan cameras = CamerasOf(checkpoint.card);
  return {std::make_unique<PolicyActor>(folder, std::move(checkpoint), options), cameras};
}

}  // namespace heddle::eval

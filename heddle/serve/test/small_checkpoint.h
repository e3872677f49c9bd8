// Checkpoints of small policies with random weights.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/policy/checkpoint.h"

namespace heddle::serve {

using Names = std::vector<std::string>;

// A body with a state, what it feels of things, and an action; `pictures`: with a camera of 40 x 48, too; `labelled`:
// told one of two domains.
struct SmallPolicy {
  policy::PolicySpec spec;
  contract::AdaptationCard card;

  static SmallPolicy Of(const std::vector<contract::CardNumbers>& numbers, const Names& action_names, bool pictures,
                        bool labelled) {
    SmallPolicy small;
    policy::PolicyLayout& layout = small.spec.layout;
    for (const contract::CardNumbers& input : numbers)
      layout.numbers.push_back(
          {.name = input.name + "@panda", .feature = input.name, .embodiment = "panda", .names = input.names});
    if (pictures) layout.cameras = {{.name = "observation.images.front", .height = 40, .width = 48}};
    layout.actions = {
        {.name = "action@panda", .embodiment = "panda", .representation = "ee_delta", .names = action_names}};
    layout.action_steps = 8;
    layout.control_hz = 20;
    small.spec.options.trunk = {.width = 16, .layers = 1, .heads = 2};
    small.spec.options.head.width = 16;
    small.spec.options.head.layers = 1;
    small.spec.options.camera.channels = 8;

    contract::AdaptationCard& card = small.card;
    card.embodiment = "panda";
    card.control_hz = 20;
    card.observation.numbers = numbers;
    if (pictures) card.observation.cameras = {{.name = "observation.images.front", .height = 40, .width = 48}};
    card.action = {.representation = "ee_delta",
                   .names = action_names,
                   .steps = 8,
                   .execute = 4,
                   .normalisation = "range to -1..1"};
    card.limits = {.margin = .1,
                   .low = std::vector<double>(action_names.size(), -1.2),
                   .high = std::vector<double>(action_names.size(), 1.2)};
    card.sampler = {.kind = "ddim", .steps = 10};
    card.terms = {.use = "research", .licenses = {"own"}};
    card.training = {.method = "mix", .align = "none", .discern = "none", .w = .1, .training_seed = 3, .step = 100};
    if (labelled) {
      layout.conditions = {{.key = "domain", .values = {"robot", "sim"}}};
      small.spec.conditions.keys = {"domain"};
      card.conditions = {{.key = "domain", .values = {"robot", "sim"}, .act = "robot"}};
      card.training.method = "cfg";
    }
    return small;
  }
  static SmallPolicy OfStates(bool labelled = true) {
    return Of({{.name = "observation.state", .names = {"x", "y", "z"}},
               {.name = "observation.environment_state", .names = {"nut.x", "nut.y"}}},
              {"dx", "dy"}, /*pictures=*/false, labelled);
  }

  // What the simulated panda senses and does by small steps of its hand, at the pace of nut_assembly.
  static SmallPolicy OfPanda() {
    return Of({{.name = "observation.state",
                .names = {"x", "y", "z", "qx", "qy", "qz", "qw", "left_finger", "right_finger", "joint1", "joint2",
                          "joint3", "joint4", "joint5", "joint6", "joint7"}}},
              {"dx", "dy", "dz", "drx", "dry", "drz", "grip"}, /*pictures=*/false, /*labelled=*/true);
  }

  void Save(const std::filesystem::path& folder) const {
    contract::Statistics statistics;
    for (const policy::NumberInput& input : spec.layout.numbers) statistics[input.name] = Unit(input.names.size());
    for (const policy::ActionOutput& action : spec.layout.actions) statistics[action.name] = Unit(action.names.size());
    policy::Policy policy(spec, policy::Normaliser::Of(spec.layout, statistics), RandomStream(7, "small"));
    policy.parameters().Flatten();
    policy::SaveCheckpoint(folder, policy, policy.parameters().values(), card);
  }

 private:
  static contract::FeatureStatistics Unit(size_t size) {
    return {.min = std::vector<double>(size, -1),
            .max = std::vector<double>(size, 1),
            .mean = std::vector<double>(size, 0),
            .std = std::vector<double>(size, .5),
            .q01 = {},
            .q10 = {},
            .q50 = {},
            .q90 = {},
            .q99 = {}};
  }
};

}  // namespace heddle::serve

#include "heddle/policy/test/small_policy.h"

#include <ATen/ATen.h>

#include <utility>

#include "heddle/tensor/views.h"

namespace heddle::policy {
namespace {

// Centre 0, scale 1.
contract::FeatureStatistics Plain(size_t size) {
  contract::FeatureStatistics statistics;
  statistics.min.assign(size, -1), statistics.max.assign(size, 1);
  statistics.mean.assign(size, 0), statistics.std.assign(size, 1);
  return statistics;
}

}  // namespace

PolicyLayout SmallLayout() {
  PolicyLayout layout;
  layout.numbers = {{"state@arm", "state", "arm", {"x", "y", "z"}},
                    {"state@hand", "state", "hand", {"a", "b"}},
                    {"world", "world", "", {"w"}}};
  layout.actions = {{"action@arm.delta", "arm", "delta", {"dx", "dy"}},
                    {"action@hand.pose", "hand", "pose", {"p", "q", "r"}}};
  layout.action_steps = 4;
  layout.control_hz = 10;
  layout.conditions = {{"domain", {"real", "sim"}}};
  return layout;
}

std::unique_ptr<Policy> SmallPolicy(HeadOptions head, TrunkOptions trunk, bool embedded) {
  trunk.width = 16, trunk.heads = 2;
  head.width = 16, head.heads = 2, head.layers = 2, head.noise_steps = 20, head.sampler_steps = 5;
  PolicySpec spec{
      SmallLayout(), {.trunk = trunk, .head = head, .camera = {}}, {.keys = {"domain"}, .embedded = embedded}};
  contract::Statistics statistics;
  for (const NumberInput& input : spec.layout.numbers) statistics[input.name] = Plain(input.names.size());
  for (const ActionOutput& action : spec.layout.actions) statistics[action.name] = Plain(action.names.size());
  Normaliser normaliser = Normaliser::Of(spec.layout, statistics);
  auto policy = std::make_unique<Policy>(std::move(spec), std::move(normaliser), RandomStream(7, "test"));
  policy->parameters().Flatten();
  return policy;
}

contract::Batch SmallBatch(int64_t rows, uint64_t seed) {
  const PolicyLayout layout = SmallLayout();
  RandomStream random(seed, "batch");
  contract::Batch batch;
  batch.origins.resize(static_cast<size_t>(rows));
  const auto fill = [&](const std::string& name, int64_t times, int64_t size, const std::string& embodiment) {
    at::Tensor values = at::zeros({rows, times, size});
    random.FillNormal(tensor::MutableViewOf<float>(values));
    at::Tensor present = at::ones({rows, size}, at::kBool);
    for (int64_t row = 0; row < rows; ++row) {
      const bool is_arm = row % 2 == 0, without = times > 1 && row % 5 == 4;
      if (!embodiment.empty() && ((embodiment == "arm") != is_arm || without)) {
        values[row].zero_();
        present[row].fill_(false);
      }
    }
    batch.values[name] = values;
    batch.is_present[name] = present;
    batch.is_pad[name] = at::zeros({rows, times}, at::kBool);
  };
  for (const NumberInput& input : layout.numbers) fill(input.name, 1, input.size(), input.embodiment);
  for (const ActionOutput& action : layout.actions) {
    fill(action.name, layout.action_steps, action.size(), action.embodiment);
    batch.values[action.name].clamp_(-1, 1);
  }
  batch.conditions["domain"] = at::arange(rows) % 2 + 1;
  return batch;
}

contract::AdaptationCard SmallCard(const Policy& policy) {
  contract::AdaptationCard card;
  card.embodiment = "arm";
  card.control_hz = 10;
  card.observation.numbers = {{"state", {"x", "y", "z"}}, {"world", {"w"}}};
  card.action = {.representation = "delta", .names = {"dx", "dy"}, .steps = 4, .execute = 2, .normalisation = "range"};
  card.limits = {.margin = .1, .low = {-1, -1}, .high = {1, 1}};
  card.conditions = {{.key = "domain", .values = {"real", "sim"}, .act = "real", .against = ""}};
  card.guidance.lambda = 0;
  card.sampler = {policy.noise().sampler_name(), static_cast<int64_t>(policy.noise().sampler().size()) - 1};
  card.terms.use = "research";
  return card;
}

}  // namespace heddle::policy

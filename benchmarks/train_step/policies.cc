#include "policies.h"

#include <ATen/ATen.h>

#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/tensor/views.h"

namespace heddle::benchmarks {
namespace {

constexpr int64_t kPictureSize = 84;

policy::NumberInput NumbersOf(const std::string& name, int size) {
  policy::NumberInput input{.name = name, .feature = name};
  for (int i = 0; i < size; ++i) input.names.push_back(std::to_string(i));
  return input;
}

// Centre 0, scale 1.
contract::FeatureStatistics Plain(size_t size) {
  contract::FeatureStatistics statistics;
  statistics.min.assign(size, -1), statistics.max.assign(size, 1);
  statistics.mean.assign(size, 0), statistics.std.assign(size, 1);
  return statistics;
}

}  // namespace

Measured MeasuredPolicy(const std::string& name, bool told) {
  const bool transformer = name == "transformer";
  if (!transformer && name != "mlp" && name != "image" && name != "diffusion")
    ThrowUsage("there is no policy '" + name + "' to measure", "", "mlp, image, transformer, diffusion");
  Measured measured;
  policy::PolicyLayout& layout = measured.spec.layout;
  layout.numbers = {NumbersOf("observation.state", 16), NumbersOf("observation.object", 14),
                    NumbersOf(transformer ? "observation.tactile" : "observation.goal", 8)};
  policy::ActionOutput action{.name = "action", .embodiment = "arm", .representation = "delta"};
  for (int i = 0; i < 7; ++i) action.names.push_back(std::to_string(i));
  layout.actions = {action};
  layout.action_steps = transformer ? 16 : 8;
  layout.control_hz = 20;
  policy::PolicyOptions& options = measured.spec.options;
  if (name != "diffusion") options.head.path = policy::Path::kFlow;
  if (transformer) {
    options.trunk.kind = policy::TrunkKind::kTransformer, options.trunk.layers = 4;
    options.head.kind = policy::HeadKind::kTransformer, options.head.layers = 4;
  }
  if (name == "image") {
    for (const char* camera : {"observation.images.front", "observation.images.wrist"})
      layout.cameras.push_back({.name = camera, .height = kPictureSize, .width = kPictureSize});
    measured.batch_size = 32;
  }
  if (told) {
    layout.conditions = {{.key = "domain", .values = {"real", "sim"}}};
    measured.spec.conditions.keys = {"domain"};
  }
  return measured;
}

std::unique_ptr<policy::Policy> MakePolicy(const Measured& measured) {
  contract::Statistics statistics;
  for (const auto& input : measured.spec.layout.numbers) statistics[input.name] = Plain(input.names.size());
  for (const auto& action : measured.spec.layout.actions) statistics[action.name] = Plain(action.names.size());
  policy::Normaliser normaliser = policy::Normaliser::Of(measured.spec.layout, statistics);
  auto policy =
      std::make_unique<policy::Policy>(measured.spec, std::move(normaliser), RandomStream(1, "benchmark.init"));
  policy->parameters().Flatten();
  return policy;
}

contract::Batch MakeBatch(const Measured& measured, int64_t rows, uint64_t seed) {
  const policy::PolicyLayout& layout = measured.spec.layout;
  RandomStream random(seed, "benchmark.batch");
  contract::Batch batch;
  batch.origins.resize(static_cast<size_t>(rows));
  const auto numbers = [&](const std::string& name, int64_t times, int64_t size, float scale) {
    const at::Tensor values = at::empty({rows, times, size}, at::kFloat);
    random.FillNormal(tensor::MutableViewOf<float>(values));
    batch.values[name] = (values * scale).clamp_(-1 / scale, 1 / scale);
    batch.is_present[name] = at::ones({rows, size}, at::kBool);
    batch.is_pad[name] = at::zeros({rows, times}, at::kBool);
  };
  for (const auto& input : layout.numbers) numbers(input.name, 1, input.size(), 0.9f);
  for (const auto& action : layout.actions) numbers(action.name, layout.action_steps, action.size(), 0.4f);
  for (const policy::CameraInput& camera : layout.cameras) {
    const at::Tensor pixels = at::empty({rows, 1, camera.height, camera.width, 3}, at::kFloat);
    random.FillUniform(tensor::MutableViewOf<float>(pixels));
    batch.values[camera.name] = (pixels * 255).to(at::kByte);
    batch.is_present[camera.name] = at::ones({rows}, at::kBool);
    batch.is_pad[camera.name] = at::zeros({rows, 1}, at::kBool);
  }
  for (const policy::ConditionInput& condition : layout.conditions)
    batch.conditions[condition.key] = at::arange(rows) % 2 + 1;
  return batch;
}

}  // namespace heddle::benchmarks

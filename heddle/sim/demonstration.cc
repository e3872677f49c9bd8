#include "heddle/sim/demonstration.h"

#include <utility>

namespace heddle::sim {
namespace {

constexpr const char* kImages = "observation.images.";
constexpr const char* kDepth = "observation.depth.";

contract::Array Floats(std::span<const double> values) {
  std::vector<float> floats(values.begin(), values.end());
  return contract::Array::Of<float>(floats, {static_cast<int64_t>(floats.size())});
}

data::FrameValues FrameOf(const World& world, const CameraRig& rig, const std::vector<double>& action,
                          const FramePlan& plan) {
  data::FrameValues frame;
  frame.task = world.task().instruction();
  for (const auto& [camera, image] : rig.images()) frame.images[kImages + camera] = image;
  for (const auto& [camera, depth] : rig.depths()) frame.depths[kDepth + camera] = depth;
  if (plan.pictures_only) return frame;
  frame.numbers["observation.state"] = Floats(world.observation().state);
  frame.numbers["observation.environment_state"] = Floats(world.observation().environment);
  frame.numbers["observation.tactile"] = Floats(world.observation().tactile);
  frame.numbers["action"] = Floats(action);
  return frame;
}

void Mark(std::vector<StageSpan>& stages, const std::string& stage, int64_t frame) {
  if (stages.empty() || stages.back().stage != stage) stages.push_back({.stage = stage, .from_frame = frame});
  stages.back().to_frame = frame + 1;
}

}  // namespace

nlohmann::ordered_json FeaturesOf(const World& world, const FramePlan& plan) {
  nlohmann::ordered_json features = nlohmann::ordered_json::object();
  const auto add = [&](const char* name, const std::vector<std::string>& names) {
    features[name] = data::NumberFeature(contract::DType::kF32, {static_cast<int64_t>(names.size())}, names);
  };
  if (!plan.pictures_only) {
    add("observation.state", world.embodiment().facts().state_names);
    add("observation.environment_state", EnvironmentNames(world.task().Objects()));
    add("observation.tactile", TactileNames(world.embodiment().facts()));
    add("action", world.actions().names);
  }
  const CameraPlan& cameras = plan.cameras;
  for (const std::string& camera : cameras.cameras) {
    features[kImages + camera] = data::VideoFeature(cameras.height, cameras.width);
    if (cameras.depth) features[kDepth + camera] = data::DepthFeature(cameras.height, cameras.width, "m");
  }
  return features;
}

Demonstration Demonstrate(World& world, CameraRig& rig, const std::string& strategy, uint64_t seed,
                          const FramePlan& plan) {
  Demonstration demo;
  demo.seed = seed;
  demo.strategy = strategy;
  world.Reset(seed);
  const auto expert = world.task().NewExpert(strategy);
  expert->Reset(world, RandomStream(seed, world.task().facts().name).Split("expert"));
  while (!world.over() && !world.settled() && !expert->finished()) {
    const std::vector<double> action = expert->Act(world);
    rig.Look(world);
    demo.frames.push_back(FrameOf(world, rig, action, plan));
    Mark(demo.stages, expert->stage(), world.step());
    world.Step(action);
  }
  demo.steps = world.step();
  demo.success_any = world.success_any();
  demo.success_end = world.success();
  demo.failure = demo.success_end ? "none" : world.diverged() ? "diverged" : world.judge().FailureLabel();
  return demo;
}

}  // namespace heddle::sim

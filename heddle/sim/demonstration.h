// One attempt of an expert, from its reset to its end, with all that a dataset keeps of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "heddle/data/frame_values.h"
#include "heddle/data/writer_options.h"
#include "heddle/sim/camera_rig.h"
#include "heddle/sim/world.h"
#include "heddle/sim/world_spec.h"

namespace heddle::sim {

// Half-open.
struct StageSpan {
  std::string stage;
  int64_t from_frame = 0, to_frame = 0;
};

struct Demonstration {
  uint64_t seed = 0;
  std::string strategy;
  bool success_any = false, success_end = false;
  std::string failure;  // "none" after a success at the end
  int64_t steps = 0;
  std::vector<StageSpan> stages;
  std::vector<data::FrameValues> frames;
};

// What of an episode is recorded.
struct FramePlan {
  CameraPlan cameras;
  bool pictures_only = false;  // neither states nor actions: what a video of a person's hands is
};

// The dataset's features for such frames.
nlohmann::ordered_json FeaturesOf(const World& world, const FramePlan& plan);

// Frame k holds what was seen before action k. The world and the rig are used up to the episode's end; the expert draws
// from streams of the seed.
Demonstration Demonstrate(World& world, CameraRig& rig, const std::string& strategy, uint64_t seed,
                          const FramePlan& plan);

}  // namespace heddle::sim

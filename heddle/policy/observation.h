// What a robot, a client or a world has to show at one moment, as the policy's batch: the same shapes and units as a
// loader's, so that the same observation gives the same action wherever it comes from.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/policy/layout.h"

namespace heddle::policy {

struct Picture {
  const uint8_t* pixels = nullptr;  // height * width * 3, red green blue
  int64_t height = 0, width = 0;
};

struct Observation {
  std::map<std::string, std::vector<float>> numbers;  // by the datasets' names: "observation.state"
  std::map<std::string, Picture> pictures;            // "observation.images.agentview"
};

// One row an observation, of this embodiment. What the layout has of other embodiments is absent. kInput, with the
// name, for what the policy reads and an observation lacks or has in another size.
contract::Batch BatchOf(std::span<const Observation> observations, const PolicyLayout& layout,
                        const std::string& embodiment);

}  // namespace heddle::policy

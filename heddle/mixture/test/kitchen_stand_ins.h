// Small datasets that stand in for those of recipes/kitchen.yaml: of the right features, rates and labels, a few
// episodes each, with motions that are smooth and mean nothing.
#pragma once

#include <filesystem>

namespace heddle::mixture {

// folder/robot, simulation, hands, web and other_arm; what is there already stays. Seconds.
void WriteKitchenStandIns(const std::filesystem::path& folder);

}  // namespace heddle::mixture

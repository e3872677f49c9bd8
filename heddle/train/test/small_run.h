// A mixture that trains in a second: a point is moved to a goal, by two bodies in four sources.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/train/read_run.h"

namespace heddle::train {

// Writes datasets and mixture.yaml: `real` (target; 6 episodes) and `sim` (10; its goals are perceived aside), both of
// a point that is told steps; `hand` (6), told three numbers; `video` (5), without actions. `sources`: how many of
// these. With pictures if asked for: 36 x 36, camera observation.images.top.
std::filesystem::path WriteSmallMixture(const std::filesystem::path& folder, int sources, bool pictures = false);

// The run of that sheet: 30 steps of small nets.
RunFile SmallRun(const std::filesystem::path& sheet, const std::string& method, std::vector<std::string> settings = {});

}  // namespace heddle::train

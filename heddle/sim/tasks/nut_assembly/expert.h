// A scripted expert for nut_assembly: closed-loop, with strategies, human-like variation, mistakes that it mends.
//
// A strategy is a pace and a grasp: "fast-handle", "safe-handle", "fast-rim", "safe-rim". The pace decides speed, how
// high it passes, how deep it lowers a nut before it lets go, how long it waits. The grasp decides where it holds the
// nut: by its handle, or by the wall opposite to it, with one finger inside of the opening.
//
// Variation, drawn from the episode's stream: pace, heights, where exactly it grasps, a sideways arc, a slow tremor.
// In a third of the episodes it is disturbed once: its hand is pushed off for a moment, or the nut is let go in mid-air
// or not grasped at the first try; it notices and mends it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "heddle/sim/task.h"
#include "heddle/sim/tasks/nut_assembly/nut_assembly.h"

namespace heddle::sim::nut_assembly {

std::vector<std::string> StrategyNames();

std::unique_ptr<Expert> MakeExpert(const std::vector<Assembly>& assemblies, const std::string& strategy);

}  // namespace heddle::sim::nut_assembly

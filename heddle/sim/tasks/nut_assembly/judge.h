// Whether nuts are on their pegs, and why not.
//
// The failure labels of nut_assembly, the first that holds, for the first nut that is not on its peg:
//
//   collision      arm or hand pushed the table or a peg with more than 60 N
//   never-reached  the hand was never within 6 cm of the nut
//   missed-grasp   the fingers closed and never held the nut off the table
//   dropped        the nut was held, and was let go, or slipped, away from its peg
//   misaligned     the nut was brought to its peg (within 6 cm) and is not on it
//   timeout        none of these: the time was over, before the nut was held or before the hand had moved off
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "heddle/sim/task.h"
#include "heddle/sim/tasks/nut_assembly/nut_assembly.h"

namespace heddle::sim::nut_assembly {

std::vector<std::string> FailureLabels();

std::unique_ptr<Judge> MakeJudge(const std::vector<Assembly>& assemblies, const mjModel& model,
                                 const Embodiment& embodiment);

}  // namespace heddle::sim::nut_assembly

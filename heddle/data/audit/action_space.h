// Joints or the end-effector: told by names, else by unit quaternions. Private to action_meaning.cc.
#pragma once

#include "heddle/data/audit/action_meaning.h"

namespace heddle::data::audit {

// Fills space and why_space of a meaning whose dims are known.
void JudgeSpace(const Feature& state, const Feature& action, const std::vector<Trajectory>& trajectories,
                ActionMeaning& meaning);

}  // namespace heddle::data::audit

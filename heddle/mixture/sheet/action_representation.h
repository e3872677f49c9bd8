// What the numbers of actions and states mean, by what the sheet says and by the names of their dimensions.
#pragma once

#include <string>
#include <vector>

#include "heddle/mixture/layout.h"

namespace heddle::mixture {

// What a sheet may say of actions:
//   ee_delta, ee_absolute         the end effector's pose: by how much to move, or where to go; and a gripper
//   wrist_delta, wrist_absolute   the same of a wrist, with fingers
//   joint_delta, joint_absolute, joint_velocity
//   other                         known by its name alone: never resampled, never converted
//   none                          there are no actions
const std::vector<std::string>& ActionRepresentations();

// One slot a dimension, named after it; four neighbours that are a quaternion (qx qy qz qw or qw qx qy qz, with any
// common prefix that ends in '.' or '_') are one slot, named PREFIX + "quaternion".
// What is not known means kUnknown: a source at another rate is then refused.
//   of actions     deltas or absolute as the representation says; names with vel are absolute; grippers, fingers,
//                  thumbs and grips are held; rotation vectors (rx ry rz) that are absolute are unknown, as they jump
//                  at half a turn
//   of the others  absolute; rotation vectors, and dimensions that have only numbers for names, unknown
std::vector<Slot> SlotsOfAction(const std::vector<std::string>& names, const std::string& representation);
std::vector<Slot> SlotsOfObservation(const std::vector<std::string>& names);

// The names "0", "1", ... of a feature that has none.
std::vector<std::string> NumberNames(int64_t count);

}  // namespace heddle::mixture

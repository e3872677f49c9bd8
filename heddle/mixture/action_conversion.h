// Actions that say where the end effector is to go, from one form into another, where the dataset holds its pose.
//
// With p_t, R_t the pose at frame t, in the frame that actions are given in (the robot's base),
//
//   a delta (d, r) goes to    p* = p_t + s_p d,             R* = exp(s_r r) R_t
//   and back                  d = (p* - p_t) / s_p,         r = log(R* R_t^-1) / s_r
//
// s_p is what 1 of the delta's position means in m, s_r of its rotation in rad. Where wrist and end effector are apart
// by a fixed motion T, R* and R_t become those of the other one: goal T and pose T. What else an action says (grippers,
// fingers) is passed through. At another rate it is goals and poses that are resampled, in positions and quaternions,
// and deltas are made of them behind it.
//
// Joint angles and poses are tied by the arm's kinematics, which a dataset does not hold: these are not converted.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/mixture/layout.h"
#include "heddle/mixture/pose_math.h"
#include "heddle/mixture/slot_map.h"

namespace heddle::mixture {

enum class RotationForm {
  kNone,        // positions only
  kVector,      // rx ry rz, of deltas drx dry drz
  kColumns,     // r11 r21 r31 r12 r22 r32
  kQuaternion,  // qx qy qz qw
};
const std::vector<std::string>& RotationFormNames();  // "none", "vector", "columns", "quaternion"

// How a pose lies in the first numbers of a row: position, then rotation.
struct PoseForm {
  bool is_delta = false;
  int64_t position_dims = 3;  // 2: x and y
  RotationForm rotation = RotationForm::kVector;

  int64_t size() const;
  std::vector<std::string> Names() const;  // "x", "y", "z", "rx", ... or "dx", ..., "drx", ...
};

// The form whose names are among these; nothing where x and y (dx and dy) are not.
std::optional<PoseForm> FindPoseForm(const std::vector<std::string>& names, bool is_delta);

struct ActionConversion {
  PoseForm from, to, pose;  // of the dataset's actions, of the layout's, of the dataset's state; `pose` is no delta
  double position_scale = 1, rotation_scale = 1;  // s_p, s_r
  std::optional<RigidPose> tool;                  // T: the layout's frame in the dataset's
  // Rows as they are picked from the dataset: pose first, then all that is passed through.
  NumericLayout actions, poses;
  std::map<std::string, SlotMap> action_slots, pose_slots;
  std::vector<int64_t> order;  // the layout's number -> its place in a converted row

  int64_t num_rest() const { return actions.size() - from.size(); }
};

// A goal or pose as it is resampled: position (3), quaternion w x y z, and of goals the rest, whose slots are those of
// `actions`.
NumericLayout GoalLayout(const ActionConversion& conversion);
NumericLayout PoseLayout();

// [L, 7 + rest] and [L, 7], in the layout's frame. kInput, naming the frame, for a rotation that is none (a quaternion
// of zeros).
std::vector<float> GoalsOf(const ActionConversion& conversion, std::span<const float> actions_LA,
                           std::span<const float> poses_LP, const std::string& where);
std::vector<float> PosesOf(const ActionConversion& conversion, std::span<const float> poses_LP,
                           const std::string& where);
// [L, to + rest], in the order of the layout.
std::vector<float> ActionsOf(const ActionConversion& conversion, std::span<const float> goals_LG,
                             std::span<const float> poses_L7);

}  // namespace heddle::mixture

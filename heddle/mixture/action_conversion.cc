#include "heddle/mixture/action_conversion.h"

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

constexpr size_t kPoseSize = 7;

size_t SizeOf(RotationForm rotation) {
  switch (rotation) {
    case RotationForm::kNone: return 0;
    case RotationForm::kVector: return 3;
    case RotationForm::kColumns: return 6;
    case RotationForm::kQuaternion: return 4;
  }
  return 0;
}

std::vector<std::string> RotationNames(RotationForm rotation, bool is_delta) {
  switch (rotation) {
    case RotationForm::kNone: return {};
    case RotationForm::kVector:
      return is_delta ? std::vector<std::string>{"drx", "dry", "drz"} : std::vector<std::string>{"rx", "ry", "rz"};
    case RotationForm::kColumns: return {"r11", "r21", "r31", "r12", "r22", "r32"};
    case RotationForm::kQuaternion: return {"qx", "qy", "qz", "qw"};
  }
  return {};
}

std::optional<Quat> ReadRotation(RotationForm rotation, std::span<const float> in, double scale) {
  switch (rotation) {
    case RotationForm::kNone: return Quat{1, 0, 0, 0};
    case RotationForm::kVector: return FromRotationVector({scale * in[0], scale * in[1], scale * in[2]});
    case RotationForm::kColumns: return FromColumns({in[0], in[1], in[2], in[3], in[4], in[5]});
    case RotationForm::kQuaternion: return Normalised({in[3], in[0], in[1], in[2]});
  }
  return std::nullopt;
}

void WriteRotation(RotationForm rotation, const Quat& q, double scale, std::vector<double>& out) {
  if (rotation == RotationForm::kVector) {
    for (const double value : RotationVector(q)) out.push_back(value / scale);
  } else if (rotation == RotationForm::kColumns) {
    for (const double value : Columns(q)) out.push_back(value);
  } else if (rotation == RotationForm::kQuaternion) {
    // With w >= 0, so that neighbours don't jump.
    const double sign = q[0] < 0 ? -1 : 1;
    for (const size_t i : {1, 2, 3, 0}) out.push_back(sign * q[i]);
  }
}

// A pose from the first numbers of a row; scales are those of deltas.
std::optional<RigidPose> ReadPose(const PoseForm& form, std::span<const float> row, double position_scale,
                                  double rotation_scale) {
  const auto dims = static_cast<size_t>(form.position_dims);
  RigidPose pose;
  for (size_t i = 0; i < dims; ++i) pose.position[i] = position_scale * row[i];
  const auto rotation = ReadRotation(form.rotation, row.subspan(dims), rotation_scale);
  if (!rotation) return std::nullopt;
  pose.rotation = *rotation;
  return pose;
}

// `delta` in the base's frame, seen from `pose`.
RigidPose Moved(const RigidPose& pose, const RigidPose& delta) {
  RigidPose goal{pose.position, Times(delta.rotation, pose.rotation)};
  for (size_t i = 0; i < 3; ++i) goal.position[i] += delta.position[i];
  return goal;
}

RigidPose Between(const RigidPose& pose, const RigidPose& goal) {
  RigidPose delta{goal.position, Times(goal.rotation, Conjugate(pose.rotation))};
  for (size_t i = 0; i < 3; ++i) delta.position[i] -= pose.position[i];
  return delta;
}

void Append(const RigidPose& pose, std::vector<float>& out) {
  for (const double value : pose.position) out.push_back(static_cast<float>(value));
  for (const double value : pose.rotation) out.push_back(static_cast<float>(value));
}

RigidPose PoseAt(std::span<const float> row) {
  const auto rotation = Normalised({row[3], row[4], row[5], row[6]});
  return {{row[0], row[1], row[2]}, rotation.value_or(Quat{1, 0, 0, 0})};
}

[[noreturn]] void ThrowNoRotation(const std::string& what, const std::string& where, size_t frame) {
  ThrowInput("the rotation of the " + what + " is none", where + ", frame " + std::to_string(frame),
             "leave the episode out, or mend the dataset");
}

RigidPose StateAt(const ActionConversion& conversion, std::span<const float> row, const std::string& where,
                  size_t frame) {
  const auto pose = ReadPose(conversion.pose, row, 1, 1);
  if (!pose) ThrowNoRotation("state", where, frame);
  return *pose;
}

}  // namespace

const std::vector<std::string>& RotationFormNames() {
  static const std::vector<std::string> names = {"none", "vector", "columns", "quaternion"};
  return names;
}

int64_t PoseForm::size() const { return position_dims + static_cast<int64_t>(SizeOf(rotation)); }

std::vector<std::string> PoseForm::Names() const {
  std::vector<std::string> names = {"x", "y", "z"};
  names.resize(static_cast<size_t>(position_dims));
  if (is_delta) {
    for (std::string& name : names) name = "d" + name;
  }
  std::ranges::copy(RotationNames(rotation, is_delta), std::back_inserter(names));
  return names;
}

std::optional<PoseForm> FindPoseForm(const std::vector<std::string>& names, bool is_delta) {
  const auto has_all = [&](const PoseForm& form) {
    return std::ranges::all_of(form.Names(),
                               [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); });
  };
  for (const RotationForm rotation : {RotationForm::kQuaternion, RotationForm::kColumns, RotationForm::kVector}) {
    const PoseForm form{is_delta, 3, rotation};
    if ((!is_delta || rotation == RotationForm::kVector) && has_all(form)) return form;
  }
  for (const int64_t dims : {3, 2}) {
    const PoseForm form{is_delta, dims, RotationForm::kNone};
    if (has_all(form)) return form;
  }
  return std::nullopt;
}

NumericLayout PoseLayout() {
  return {"pose", {{"position", 3, Meaning::kAbsolute}, {"rotation", 4, Meaning::kQuaternionWxyz}}};
}

NumericLayout GoalLayout(const ActionConversion& conversion) {
  NumericLayout layout = PoseLayout();
  int64_t place = 0;
  for (const Slot& slot : conversion.actions.slots) {
    if (place >= conversion.from.size()) layout.slots.push_back(slot);
    place += slot.size;
  }
  layout.name = conversion.actions.name;
  return layout;
}

std::vector<float> GoalsOf(const ActionConversion& conversion, std::span<const float> actions_LA,
                           std::span<const float> poses_LP, const std::string& where) {
  const auto row_size = static_cast<size_t>(conversion.actions.size());
  const auto pose_size = static_cast<size_t>(conversion.poses.size());
  const auto own = static_cast<size_t>(conversion.from.size());
  std::vector<float> goals;
  goals.reserve(actions_LA.size() / row_size * (kPoseSize + row_size - own));
  for (size_t frame = 0; frame * row_size < actions_LA.size(); ++frame) {
    const std::span<const float> row = actions_LA.subspan(frame * row_size, row_size);
    const bool is_delta = conversion.from.is_delta;
    auto goal = ReadPose(conversion.from, row, is_delta ? conversion.position_scale : 1,
                         is_delta ? conversion.rotation_scale : 1);
    if (!goal) ThrowNoRotation("action", where, frame);
    if (is_delta)
      goal = Moved(StateAt(conversion, poses_LP.subspan(frame * pose_size, pose_size), where, frame), *goal);
    if (conversion.tool) goal = Times(*goal, *conversion.tool);
    Append(*goal, goals);
    goals.insert(goals.end(), row.begin() + static_cast<std::ptrdiff_t>(own), row.end());
  }
  return goals;
}

std::vector<float> PosesOf(const ActionConversion& conversion, std::span<const float> poses_LP,
                           const std::string& where) {
  const auto pose_size = static_cast<size_t>(conversion.poses.size());
  std::vector<float> poses;
  for (size_t frame = 0; frame * pose_size < poses_LP.size(); ++frame) {
    RigidPose pose = StateAt(conversion, poses_LP.subspan(frame * pose_size, pose_size), where, frame);
    if (conversion.tool) pose = Times(pose, *conversion.tool);
    Append(pose, poses);
  }
  return poses;
}

std::vector<float> ActionsOf(const ActionConversion& conversion, std::span<const float> goals_LG,
                             std::span<const float> poses_L7) {
  const size_t goal_size = kPoseSize + static_cast<size_t>(conversion.num_rest());
  const bool is_delta = conversion.to.is_delta;
  std::vector<float> actions;
  for (size_t frame = 0; frame * goal_size < goals_LG.size(); ++frame) {
    const std::span<const float> row = goals_LG.subspan(frame * goal_size, goal_size);
    RigidPose goal = PoseAt(row);
    if (is_delta) goal = Between(PoseAt(poses_L7.subspan(frame * kPoseSize, kPoseSize)), goal);
    std::vector<double> converted;
    for (int64_t i = 0; i < conversion.to.position_dims; ++i) {
      converted.push_back(goal.position[static_cast<size_t>(i)] / (is_delta ? conversion.position_scale : 1));
    }
    WriteRotation(conversion.to.rotation, goal.rotation, is_delta ? conversion.rotation_scale : 1, converted);
    converted.insert(converted.end(), row.begin() + kPoseSize, row.end());
    HEDDLE_DEMAND(conversion.order.size() == converted.size());
    for (const int64_t place : conversion.order) {
      actions.push_back(static_cast<float>(converted[static_cast<size_t>(place)]));
    }
  }
  return actions;
}

}  // namespace heddle::mixture

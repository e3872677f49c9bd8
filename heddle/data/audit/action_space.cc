#include "heddle/data/audit/action_space.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "heddle/data/audit/gripper.h"

namespace heddle::data::audit {
namespace {

// The letters of a name in lower case, cut into words where it has anything else: "joint_3.pos" -> joint, pos.
std::vector<std::string> Words(const std::string& name) {
  std::vector<std::string> words(1);
  for (const char c : name) {
    if (std::isalpha(static_cast<unsigned char>(c))) {
      words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

ActionSpace SpaceOfName(const std::string& name) {
  static const std::vector<std::string> kJoint = {"joint", "joints", "shoulder", "elbow",   "waist",
                                                  "hip",   "knee",   "ankle",    "forearm", "motor"};
  static const std::vector<std::string> kEndEffector = {"x",   "y",    "z",     "qx",  "qy",  "qz",       "qw",
                                                        "dx",  "dy",   "dz",    "rx",  "ry",  "rz",       "ee",
                                                        "eef", "roll", "pitch", "yaw", "tcp", "cartesian"};
  const auto words = Words(name);
  const auto has = [&](const std::vector<std::string>& list) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
      return std::find(list.begin(), list.end(), word) != list.end();
    });
  };
  // "shoulder_roll" is a joint.
  if (has(kJoint) || (has({"wrist"}) && (has({"roll", "flex", "pitch", "yaw", "angle", "rotate"}))))
    return ActionSpace::kJoint;
  return has(kEndEffector) ? ActionSpace::kEndEffector : ActionSpace::kUnknown;
}

ActionSpace SpaceOfNames(const std::vector<std::string>& names) {
  int joint = 0, end_effector = 0;
  for (const std::string& name : names) {
    if (IsGripperName(name)) continue;
    joint += SpaceOfName(name) == ActionSpace::kJoint;
    end_effector += SpaceOfName(name) == ActionSpace::kEndEffector;
  }
  if (joint > end_effector) return ActionSpace::kJoint;
  return end_effector > joint ? ActionSpace::kEndEffector : ActionSpace::kUnknown;
}

// First of four dimensions whose squares sum to one in every row, -1 if there are none.
int64_t UnitQuaternion(const std::vector<Trajectory>& trajectories, Numbers Trajectory::* side) {
  if (trajectories.empty()) return -1;
  const int64_t dims = (trajectories.front().*side).dims;
  for (int64_t first = 0; first + 4 <= dims; ++first) {
    bool unit = true;
    for (const Trajectory& trajectory : trajectories) {
      const Numbers& numbers = trajectory.*side;
      for (int64_t row = 0; unit && row < numbers.rows; ++row) {
        double sum = 0;
        for (int64_t k = 0; k < 4; ++k) sum += numbers.At(row, first + k) * numbers.At(row, first + k);
        unit = std::abs(sum - 1) < 1e-2;
      }
    }
    if (unit) return first;
  }
  return -1;
}

}  // namespace

void JudgeSpace(const Feature& state, const Feature& action, const std::vector<Trajectory>& trajectories,
                ActionMeaning& meaning) {
  meaning.space = SpaceOfNames(action.names);
  meaning.why_space = "the names of the action's dimensions";
  if (meaning.space != ActionSpace::kUnknown) return;
  // A state's names speak for the action where the dimensions were matched.
  std::vector<std::string> matched;
  for (const DimensionMeaning& dim : meaning.dims) {
    const bool sure = dim.kind == ActionKind::kAbsolute || dim.kind == ActionKind::kDelta;
    if (sure && dim.state_dim >= 0 && dim.state_dim < static_cast<int64_t>(state.names.size())) {
      matched.push_back(state.names[static_cast<size_t>(dim.state_dim)]);
    }
  }
  meaning.space = SpaceOfNames(matched);
  meaning.why_space = "the names of the state's dimensions that it moves";
  if (meaning.space != ActionSpace::kUnknown) return;
  if (UnitQuaternion(trajectories, &Trajectory::action) >= 0) {
    meaning.space = ActionSpace::kEndEffector;
    meaning.why_space = "four dimensions that are a unit quaternion";
    return;
  }
  meaning.why_space = "nothing: no names, no quaternion";
}

}  // namespace heddle::data::audit

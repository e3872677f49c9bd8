// What an action really is, read off the data: where a_t is a target that the state goes to (absolute), or a step that
// the state takes (delta); in joints or in the end-effector's space; what the gripper's numbers mean.
//
// Per dimension, over pairs of rows of the same episode, least squares of
//
//   absolute:  a_t            on  s_{t+L}                    L = 0 ... kMostLag
//   delta:     Σ_{k<W} a_t+k  on  s_{t+W+L} − s_{t+L}        W = 1, 4, 16 steps, L = 0 ... kMostLag
//
// and the larger R² wins, if it is large, has a positive slope and leaves the other behind (a lag costs a little). Sums
// over W steps let the motion add up while the sensor's noise does not. The level of a target is judged without each
// episode's mean too: a slow ramp is explained by both, and is then ambiguous.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "heddle/data/audit/facts.h"

namespace heddle::data::audit {

inline constexpr int64_t kMostLag = 6;

enum class ActionKind {
  kAbsolute,
  kDelta,
  kStill,      // the dimension hardly moves: nothing to be told
  kAmbiguous,  // neither fits, or both do
};
enum class ActionSpace { kJoint, kEndEffector, kUnknown };

const char* ActionKindName(ActionKind kind);     // "absolute", "delta", "still", "ambiguous"
const char* ActionSpaceName(ActionSpace space);  // "joint", "end-effector", "unknown"

// How well one candidate explains a dimension.
struct Fit {
  double r2 = 0, slope = 0;  // of the action against the state, at the lag that fits best
  double score = 0;          // the largest R² of all lags, each frame of lag costing a little
  int64_t lag = 0;           // frames by which the state follows
  int64_t window = 1;        // steps summed (delta)
};

struct DimensionMeaning {
  std::string name;        // "joint_3", or "3"
  int64_t state_dim = -1;  // the dimension of the state that it was compared with; -1: none
  ActionKind kind = ActionKind::kAmbiguous;
  double confidence = 0;  // 0 to 1: how far the winner is ahead
  Fit absolute, delta;
  bool gripper = false;
};

struct GripperMeaning {
  int64_t dim = -1;
  std::string range;         // "0..1"
  double low = 0, high = 0;  // 1 % and 99 % quantiles
  int sign = 0;              // of the action against the state's gripper: 1, -1, 0 if there is none
};

struct ActionMeaning {
  ActionKind kind = ActionKind::kAmbiguous;  // of the dimensions that move, the gripper's left out
  ActionSpace space = ActionSpace::kUnknown;
  double confidence = 0;
  std::vector<DimensionMeaning> dims;
  std::vector<GripperMeaning> grippers;
  std::string why_space;  // what the space was told by
  int64_t frames = 0;     // that were looked at
};

// One episode's state and action; of equal numbers of rows.
struct Trajectory {
  Numbers state, action;
};

// `state` and `action` are the features' descriptions (names). Dimensions are matched by name where both sides have
// names, else by position where the numbers of dimensions are equal, else by the best fit.
ActionMeaning InferActionMeaning(const Feature& state, const Feature& action,
                                 const std::vector<Trajectory>& trajectories);

nlohmann::ordered_json ToJson(const ActionMeaning& meaning);

}  // namespace heddle::data::audit

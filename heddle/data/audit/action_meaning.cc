#include "heddle/data/audit/action_meaning.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/check.h"
#include "heddle/data/audit/action_fit.h"
#include "heddle/data/audit/action_space.h"
#include "heddle/data/audit/gripper.h"
#include "heddle/data/audit/moments.h"
#include "heddle/data/audit/wording.h"
#include "heddle/stats/summary.h"

namespace heddle::data::audit {
namespace {

constexpr double kLeastR2 = 0.5, kLeastMargin = 0.1, kSureMargin = 0.4;
// Share of the moving dimensions that must agree.
constexpr double kMajority = 2.0 / 3;
constexpr double kGripperCorrelation = 0.5;

bool HasRange(const std::vector<Trajectory>& trajectories, Numbers Trajectory::* side, int64_t dim) {
  Moments moments;
  for (const Trajectory& trajectory : trajectories) {
    const Numbers& numbers = trajectory.*side;
    for (int64_t row = 0; row < numbers.rows; ++row) moments.Add(numbers.At(row, dim));
  }
  return moments.deviation() > 1e-9 * std::max(1.0, std::abs(moments.mean));
}

// -1 where fitting must find it.
int64_t MatchedStateDim(const Feature& state, const Feature& action, int64_t dim) {
  if (!state.names.empty() && dim < static_cast<int64_t>(action.names.size())) {
    const auto found = std::find(state.names.begin(), state.names.end(), action.names[static_cast<size_t>(dim)]);
    if (found != state.names.end()) return found - state.names.begin();
  }
  return state.num_values() == action.num_values() ? dim : -1;
}

void Decide(DimensionMeaning& dim) {
  const double best = std::max(dim.absolute.score, dim.delta.score);
  const double other = std::min(dim.absolute.score, dim.delta.score);
  dim.kind = ActionKind::kAmbiguous;
  dim.confidence = 0;
  if (best < kLeastR2 || best - other < kLeastMargin) return;
  dim.kind = dim.absolute.score > dim.delta.score ? ActionKind::kAbsolute : ActionKind::kDelta;
  dim.confidence = std::min(1.0, (best - other) / kSureMargin) * best;
}

void FitDimension(const std::vector<Trajectory>& trajectories, int64_t action_dim, DimensionMeaning& dim) {
  const auto series = SeriesOf(trajectories, dim.state_dim, action_dim);
  dim.absolute = FitAbsolute(series);
  dim.delta = FitDelta(series);
}

DimensionMeaning Judge(const Feature& state, const Feature& action, const std::vector<Trajectory>& trajectories,
                       int64_t action_dim) {
  DimensionMeaning dim;
  dim.name = DimensionName(action, action_dim);
  dim.state_dim = MatchedStateDim(state, action, action_dim);
  if (!HasRange(trajectories, &Trajectory::action, action_dim)) {
    dim.kind = ActionKind::kStill;
    return dim;
  }
  if (dim.state_dim >= 0) {
    FitDimension(trajectories, action_dim, dim);
    if (!HasRange(trajectories, &Trajectory::state, dim.state_dim)) dim.kind = ActionKind::kStill;
  } else {
    DimensionMeaning trial = dim;
    double best = -1;
    for (trial.state_dim = 0; trial.state_dim < state.num_values(); ++trial.state_dim) {
      FitDimension(trajectories, action_dim, trial);
      const double r2 = std::max(trial.absolute.r2, trial.delta.r2);
      if (r2 > best) dim = trial;
      best = std::max(best, r2);
    }
  }
  if (dim.kind != ActionKind::kStill) Decide(dim);
  return dim;
}

std::vector<double> Values(const std::vector<Trajectory>& trajectories, int64_t dim) {
  std::vector<double> values;
  for (const Trajectory& trajectory : trajectories) {
    for (int64_t row = 0; row < trajectory.action.rows; ++row) {
      if (std::isfinite(trajectory.action.At(row, dim))) values.push_back(trajectory.action.At(row, dim));
    }
  }
  return values;
}

// Where nothing is named: the last dimension, if it is nearly always at one of its two ends.
bool IsSwitch(const std::vector<double>& values) {
  if (values.size() < 20) return false;
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double margin = 0.1 * (*high - *low);
  if (margin <= 0) return false;
  const auto at_low = std::count_if(values.begin(), values.end(), [&](double v) { return v <= *low + margin; });
  const auto at_high = std::count_if(values.begin(), values.end(), [&](double v) { return v >= *high - margin; });
  const auto all = static_cast<double>(values.size());
  return static_cast<double>(at_low + at_high) > 0.8 * all &&
         static_cast<double>(std::min(at_low, at_high)) > 0.02 * all;
}

int SignAgainstState(const std::vector<Trajectory>& trajectories, int64_t state_dim, int64_t action_dim) {
  double xy = 0, xx = 0, yy = 0;
  Moments state, action;
  const auto series = SeriesOf(trajectories, state_dim, action_dim);
  for (const Series& one : series) {
    for (const double s : one.state) state.Add(s);
    for (const double a : one.action) action.Add(a);
  }
  constexpr size_t kLag = 2;  // fingers follow
  for (const Series& one : series) {
    for (size_t t = 0; t + kLag < one.state.size(); ++t) {
      const double x = one.state[t + kLag] - state.mean, y = one.action[t] - action.mean;
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
  }
  if (xx <= 0 || yy <= 0) return 0;
  const double correlation = xy / std::sqrt(xx * yy);
  return std::abs(correlation) < kGripperCorrelation ? 0 : correlation > 0 ? 1 : -1;
}

// The state's gripper: by its name, else its last dimension.
int64_t StateGripper(const Feature& state) {
  for (size_t dim = 0; dim < state.names.size(); ++dim) {
    if (IsGripperName(state.names[dim])) return static_cast<int64_t>(dim);
  }
  return state.num_values() - 1;
}

void JudgeGrippers(const Feature& state, const Feature& action, const std::vector<Trajectory>& trajectories,
                   ActionMeaning& meaning) {
  const auto last = static_cast<int64_t>(meaning.dims.size()) - 1;
  for (int64_t i = 0; i <= last; ++i) {
    DimensionMeaning& dim = meaning.dims[static_cast<size_t>(i)];
    if (dim.kind == ActionKind::kStill && !IsGripperName(dim.name)) continue;
    const auto values = Values(trajectories, i);
    dim.gripper = IsGripperName(dim.name) || (action.names.empty() && i == last && last > 0 && IsSwitch(values));
    if (!dim.gripper || values.empty()) continue;
    GripperMeaning gripper{
        .dim = i, .range = "", .low = stats::Quantile(values, 0.01), .high = stats::Quantile(values, 0.99)};
    gripper.range = GripperRange(gripper.low, gripper.high);
    const bool named_alike = MatchedStateDim(state, action, i) >= 0;
    gripper.sign =
        SignAgainstState(trajectories, named_alike ? MatchedStateDim(state, action, i) : StateGripper(state), i);
    meaning.grippers.push_back(gripper);
  }
}

void JudgeWhole(ActionMeaning& meaning) {
  double absolute = 0, delta = 0, undecided = 0, sure_absolute = 0, sure_delta = 0;
  for (const DimensionMeaning& dim : meaning.dims) {
    if (dim.gripper || dim.kind == ActionKind::kStill) continue;
    if (dim.kind == ActionKind::kAbsolute) {
      absolute += 1;
      sure_absolute += dim.confidence;
    } else if (dim.kind == ActionKind::kDelta) {
      delta += 1;
      sure_delta += dim.confidence;
    } else {
      undecided += 1;
    }
  }
  const double decided = absolute + delta, all = decided + undecided;
  if (decided == 0) return;
  // Dimensions that hardly move tell nothing: what was decided must be unanimous enough, and not a rare exception.
  if (std::max(absolute, delta) < kMajority * decided || decided < all / 4) return;
  const bool is_absolute = absolute > delta;
  meaning.kind = is_absolute ? ActionKind::kAbsolute : ActionKind::kDelta;
  meaning.confidence = is_absolute ? sure_absolute / absolute : sure_delta / delta;
  meaning.confidence *= std::max(absolute, delta) / decided;
}

}  // namespace

const char* ActionKindName(ActionKind kind) {
  switch (kind) {
    case ActionKind::kAbsolute: return "absolute";
    case ActionKind::kDelta: return "delta";
    case ActionKind::kStill: return "still";
    case ActionKind::kAmbiguous: return "ambiguous";
  }
  HEDDLE_DEMAND(false);
}

const char* ActionSpaceName(ActionSpace space) {
  switch (space) {
    case ActionSpace::kJoint: return "joint";
    case ActionSpace::kEndEffector: return "end-effector";
    case ActionSpace::kUnknown: return "unknown";
  }
  HEDDLE_DEMAND(false);
}

ActionMeaning InferActionMeaning(const Feature& state, const Feature& action,
                                 const std::vector<Trajectory>& trajectories) {
  ActionMeaning meaning;
  for (const Trajectory& trajectory : trajectories) {
    HEDDLE_DEMAND(trajectory.state.rows == trajectory.action.rows);
    meaning.frames += trajectory.action.rows;
  }
  if (meaning.frames == 0) return meaning;
  for (int64_t i = 0; i < action.num_values(); ++i) meaning.dims.push_back(Judge(state, action, trajectories, i));
  JudgeGrippers(state, action, trajectories, meaning);
  JudgeWhole(meaning);
  JudgeSpace(state, action, trajectories, meaning);
  return meaning;
}

nlohmann::ordered_json ToJson(const ActionMeaning& meaning) {
  const auto fit = [](const Fit& f) {
    return nlohmann::ordered_json{{"r2", f.r2}, {"slope", f.slope}, {"lag", f.lag}, {"window", f.window}};
  };
  auto dims = nlohmann::ordered_json::array();
  for (const DimensionMeaning& dim : meaning.dims) {
    dims.push_back({{"name", dim.name},
                    {"state_dimension", dim.state_dim},
                    {"kind", ActionKindName(dim.kind)},
                    {"confidence", dim.confidence},
                    {"gripper", dim.gripper},
                    {"absolute", fit(dim.absolute)},
                    {"delta", fit(dim.delta)}});
  }
  auto grippers = nlohmann::ordered_json::array();
  for (const GripperMeaning& gripper : meaning.grippers) {
    grippers.push_back({{"dimension", gripper.dim},
                        {"range", gripper.range},
                        {"q01", gripper.low},
                        {"q99", gripper.high},
                        {"sign_against_state", gripper.sign}});
  }
  return {{"kind", ActionKindName(meaning.kind)},
          {"space", ActionSpaceName(meaning.space)},
          {"told_by", meaning.why_space},
          {"confidence", meaning.confidence},
          {"frames", meaning.frames},
          {"grippers", grippers},
          {"dimensions", dims}};
}

}  // namespace heddle::data::audit

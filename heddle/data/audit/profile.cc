#include "heddle/data/audit/profile.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>

#include "heddle/data/audit/gripper.h"

namespace heddle::data::audit {
namespace {

// Enough to tell what an action is.
constexpr int64_t kMostRows = 40'000;
// A joint turns less than one and a half times around; in degrees it moves by more than this.
constexpr double kMostRadians = 3 * std::numbers::pi;

std::optional<Feature> NumericFeature(const DatasetInfo& info, const char* name) {
  const Feature* feature = info.Find(name);
  if (!feature || feature->kind != FeatureKind::kNumeric) return std::nullopt;
  return *feature;
}

// Told from the joints' dimensions, where the state has any.
void JudgeAngles(DatasetProfile& profile) {
  if (!profile.meaning || profile.meaning->space != ActionSpace::kJoint) return;
  for (size_t dim = 0; dim < profile.state_moments.size(); ++dim) {
    const auto& names = profile.state->names;
    if (dim < names.size() && IsGripperName(names[dim])) continue;
    if (names.empty() && dim + 1 == profile.state_moments.size() && dim > 0) continue;  // perhaps a gripper
    const Moments& moments = profile.state_moments[dim];
    profile.largest_angle = std::max({profile.largest_angle, std::abs(moments.min), std::abs(moments.max)});
  }
  if (profile.largest_angle > 0) {
    profile.angles = profile.largest_angle > kMostRadians ? AngleUnit::kDegrees : AngleUnit::kRadians;
  }
}

}  // namespace

const char* AngleUnitName(AngleUnit unit) {
  if (unit == AngleUnit::kUnknown) return "unknown";
  return unit == AngleUnit::kRadians ? "radians" : "degrees";
}

ProfileBuilder::ProfileBuilder(const DatasetFacts& facts) {
  profile_.name = facts.name;
  profile_.robot_type = facts.info.robot_type;
  profile_.fps = facts.info.fps;
  profile_.episodes = static_cast<int64_t>(facts.episodes.size());
  profile_.frames = facts.info.total_frames;
  for (const Feature& feature : facts.info.features) {
    if (!feature.is_camera()) continue;
    profile_.cameras.push_back(
        {feature.name, feature.height, feature.width, feature.channels, feature.depth.has_value(), {}});
  }
  profile_.state = NumericFeature(facts.info, "observation.state");
  profile_.action = NumericFeature(facts.info, "action");
}

void ProfileBuilder::Visit(const EpisodeData& episode) {
  for (CameraProfile& camera : profile_.cameras) {
    const auto data = episode.cameras.find(camera.name);
    if (data == episode.cameras.end()) continue;
    for (const FrameFacts& frame : data->second.frames) camera.brightness.Add(frame.mean);
  }
  const auto state = episode.numbers.find("observation.state"), action = episode.numbers.find("action");
  if (state != episode.numbers.end()) AddRows(state->second, profile_.state_moments);
  if (action != episode.numbers.end()) AddRows(action->second, profile_.action_moments);
  const bool both = state != episode.numbers.end() && action != episode.numbers.end();
  if (!both || kept_rows_ >= kMostRows || state->second.rows != action->second.rows) return;
  trajectories_.push_back({state->second, action->second});
  kept_rows_ += state->second.rows;
}

DatasetProfile ProfileBuilder::Finish() {
  if (profile_.state && profile_.action && !trajectories_.empty()) {
    profile_.meaning = InferActionMeaning(*profile_.state, *profile_.action, trajectories_);
    JudgeAngles(profile_);
  }
  return std::move(profile_);
}

nlohmann::ordered_json ToJson(const DatasetProfile& profile) {
  auto cameras = nlohmann::ordered_json::array();
  for (const CameraProfile& camera : profile.cameras) {
    cameras.push_back({{"name", camera.name},
                       {"height", camera.height},
                       {"width", camera.width},
                       {"channels", camera.channels},
                       {"depth", camera.depth},
                       {"frames_looked_at", camera.brightness.count},
                       {"mean_brightness", camera.brightness.mean}});
  }
  nlohmann::ordered_json json = {{"name", profile.name},
                                 {"robot_type", profile.robot_type},
                                 {"fps", profile.fps},
                                 {"episodes", profile.episodes},
                                 {"frames", profile.frames},
                                 {"cameras", cameras},
                                 {"angles", AngleUnitName(profile.angles)}};
  if (profile.state) json["state_dimensions"] = profile.state->num_values();
  if (profile.action) json["action_dimensions"] = profile.action->num_values();
  if (profile.meaning) json["action"] = ToJson(*profile.meaning);
  return json;
}

}  // namespace heddle::data::audit

// What one dataset is made of, in few numbers: what is compared across datasets, and shown beside the findings.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/data/audit/action_meaning.h"
#include "heddle/data/audit/facts.h"
#include "heddle/data/audit/moments.h"

namespace heddle::data::audit {

struct CameraProfile {
  std::string name;
  int64_t height = 0, width = 0, channels = 0;
  bool depth = false;
  Moments brightness;  // of the frames looked at, 0 to 255
};

enum class AngleUnit { kUnknown, kRadians, kDegrees };
const char* AngleUnitName(AngleUnit unit);

struct DatasetProfile {
  std::string name, robot_type;
  double fps = 0;
  int64_t episodes = 0, frames = 0;
  std::vector<CameraProfile> cameras;  // in the dataset's order
  std::optional<Feature> state, action;
  std::vector<Moments> state_moments, action_moments;
  std::optional<ActionMeaning> meaning;    // where there are state and action
  AngleUnit angles = AngleUnit::kUnknown;  // of the state's joints
  double largest_angle = 0;                // what that was told by
};

// Fed with the episodes, in order.
class ProfileBuilder {
 public:
  explicit ProfileBuilder(const DatasetFacts& facts);
  void Visit(const EpisodeData& episode);
  DatasetProfile Finish();

 private:
  DatasetProfile profile_;
  std::vector<Trajectory> trajectories_;
  int64_t kept_rows_ = 0;
};

nlohmann::ordered_json ToJson(const DatasetProfile& profile);

}  // namespace heddle::data::audit

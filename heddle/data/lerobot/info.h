// meta/info.json of a LeRobot dataset: what it holds, in which layout.
//
// One struct for all versions that we read (v2.0, v2.1, v3.0). Everything that the file says and we do not know is kept
// in `raw` and written back.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/array.h"

namespace heddle::data {

enum class FormatVersion { kV20, kV21, kV30 };

const char* VersionName(FormatVersion version);  // "v3.0"

enum class FeatureKind {
  kNumeric,   // numbers, a column of the data files
  kText,      // strings, a column
  kImage,     // pictures embedded in the data files
  kVideo,     // pictures in video files
  kLanguage,  // annotation rows (heddle/data/labels/language.h)
};

// How 12-bit codes of a depth video become a distance.
struct DepthCoding {
  double min_m = 0.01, max_m = 10.0, shift_m = 3.5;
  bool logarithmic = true;
};

struct Feature {
  std::string name;
  FeatureKind kind = FeatureKind::kNumeric;
  contract::DType dtype = contract::DType::kF32;  // of numeric features
  contract::Shape shape;                          // as declared; pictures as [H, W, C] or [C, H, W]
  // Names of the last axis' dimensions, flattened from whatever the file has (a list, an object of lists); empty if
  // there are none or their number is not that of the last axis.
  std::vector<std::string> names;

  // Pictures only.
  int64_t height = 0, width = 0, channels = 0;
  std::optional<DepthCoding> depth;
  double depth_unit_mm = 1;  // of embedded depth pictures: 1000 where they hold metres

  bool is_camera() const { return kind == FeatureKind::kImage || kind == FeatureKind::kVideo; }
  bool is_column() const { return kind != FeatureKind::kVideo; }
  // Shape of one value as a Window has it: [] for a declared [1] of numbers or text, [H, W, C] for pictures.
  contract::Shape value_shape() const;
  int64_t num_values() const { return contract::NumItems(value_shape()); }
};

struct DatasetInfo {
  FormatVersion version = FormatVersion::kV30;
  double fps = 0;
  std::vector<Feature> features;  // in the file's order
  int64_t total_episodes = 0, total_frames = 0, total_tasks = 0;
  int64_t chunks_size = 1000;  // v3: files a chunk folder; v2: episodes a chunk folder
  double data_file_mb = 100, video_file_mb = 200;
  std::string data_path, video_path;  // templates (path_template.h); video_path may be empty
  std::string robot_type;             // may be empty
  std::map<std::string, std::string> splits;
  nlohmann::ordered_json raw;  // the whole file as it was read

  const Feature* Find(std::string_view name) const;  // null if there is none
  // Usage error with the nearest right name.
  const Feature& Require(std::string_view name) const;
  std::vector<std::string> Cameras() const;
};

// The features that every dataset has and no user supplies: timestamp, frame_index, episode_index, index, task_index.
bool IsBookkeeping(std::string_view feature);

// kInput with `place` (the file) and key: what is missing, of a wrong type, negative, or of a version that is not read
// (newer: with what to do). `warnings` gets what is odd and can be lived with (a newer minor version).
DatasetInfo ParseInfo(std::string_view json, const std::string& place, std::vector<std::string>* warnings = nullptr);

}  // namespace heddle::data

#include "heddle/data/lerobot/info.h"

#include <algorithm>
#include <array>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/data/lerobot/feature_spec.h"
#include "heddle/data/lerobot/json_fields.h"

namespace heddle::data {
namespace {

constexpr std::array<const char*, 5> kBookkeeping = {"timestamp", "frame_index", "episode_index", "index",
                                                     "task_index"};

struct Numbers {
  int major = 0, minor = 0;
};

// "v2.1" or "2.1".
Numbers ParseVersionNumbers(const JsonFields& fields) {
  const std::string text = fields.Text("codebase_version");
  Numbers numbers;
  int used = 0;
  const char* digits = text.c_str() + (text.starts_with('v') ? 1 : 0);
  if (std::sscanf(digits, "%3d.%3d%n", &numbers.major, &numbers.minor, &used) != 2 || digits[used] != '\0') {
    fields.Fail("codebase_version", "is no version: '" + text + "'");
  }
  return numbers;
}

FormatVersion ParseVersion(const JsonFields& fields, std::vector<std::string>* warnings) {
  const auto [major, minor] = ParseVersionNumbers(fields);
  const std::string text = fields.Text("codebase_version");
  if (major < 2) {
    fields.Fail("codebase_version", "format " + text + " is older than what is read (v2.0, v2.1, v3.0)",
                "convert it with the LeRobot that wrote it");
  }
  if (major > 3) {
    fields.Fail("codebase_version", "format " + text + " is newer than what is read (v2.0, v2.1, v3.0)",
                "use a newer heddle, or write the dataset as v3.0");
  }
  if (((major == 2 && minor > 1) || (major == 3 && minor > 0)) && warnings) {
    warnings->push_back(fields.PlaceOf("codebase_version") + " is " + text +
                        ", newer than what is known; it is read as " + (major == 2 ? "v2.1" : "v3.0"));
  }
  return major == 3 ? FormatVersion::kV30 : minor == 0 ? FormatVersion::kV20 : FormatVersion::kV21;
}

std::vector<Feature> ParseFeatures(const JsonFields& fields) {
  const JsonFields features = fields.Object("features");
  std::vector<Feature> list;
  for (const auto& [name, spec] : features.json().items()) {
    list.push_back(ParseFeature(name, features.Object(name)));
  }
  for (const char* name : kBookkeeping) {
    if (!features.Find(name)) features.Fail(name, "the feature that every dataset has is missing");
  }
  return list;
}

double Positive(const JsonFields& fields, const std::string& key, double otherwise) {
  const double value = fields.NumberOr(key, otherwise);
  if (!(value > 0)) fields.Fail(key, "must be above 0");
  return value;
}

}  // namespace

const char* VersionName(FormatVersion version) {
  switch (version) {
    case FormatVersion::kV20: return "v2.0";
    case FormatVersion::kV21: return "v2.1";
    case FormatVersion::kV30: return "v3.0";
  }
  return "";
}

bool IsBookkeeping(std::string_view feature) {
  return std::find(kBookkeeping.begin(), kBookkeeping.end(), feature) != kBookkeeping.end();
}

contract::Shape Feature::value_shape() const {
  if (is_camera()) return {height, width, channels};
  if (shape == contract::Shape{1}) return {};
  return shape;
}

const Feature* DatasetInfo::Find(std::string_view name) const {
  for (const Feature& feature : features) {
    if (feature.name == name) return &feature;
  }
  return nullptr;
}

const Feature& DatasetInfo::Require(std::string_view name) const {
  if (const Feature* feature = Find(name)) return *feature;
  std::vector<std::string> names;
  for (const Feature& feature : features) names.push_back(feature.name);
  ThrowUsage("the dataset has no feature '" + std::string(name) + "'", "", SuggestName(name, names));
}

std::vector<std::string> DatasetInfo::Cameras() const {
  std::vector<std::string> names;
  for (const Feature& feature : features) {
    if (feature.is_camera()) names.push_back(feature.name);
  }
  return names;
}

DatasetInfo ParseInfo(std::string_view json, const std::string& place, std::vector<std::string>* warnings) {
  DatasetInfo info;
  info.raw = ParseJson(json, place);
  const JsonFields fields(info.raw, place);
  info.version = ParseVersion(fields, warnings);
  info.fps = fields.Number("fps");
  if (!(info.fps > 0 && info.fps <= 1e6)) fields.Fail("fps", "must be above 0 and at most 1,000,000");
  info.features = ParseFeatures(fields);
  info.total_episodes = fields.Whole("total_episodes");
  info.total_frames = fields.Whole("total_frames");
  info.total_tasks = fields.WholeOr("total_tasks", 0);
  info.chunks_size = fields.WholeOr("chunks_size", 1000, 1);
  info.data_file_mb = Positive(fields, "data_files_size_in_mb", 100);
  info.video_file_mb = Positive(fields, "video_files_size_in_mb", 200);
  info.data_path = fields.Text("data_path");
  info.video_path = fields.TextOr("video_path", "");
  info.robot_type = fields.TextOr("robot_type", "");
  if (fields.Find("splits")) {
    const JsonFields splits = fields.Object("splits");
    for (const auto& [name, range] : splits.json().items()) {
      if (range.is_string()) info.splits[name] = range.get<std::string>();
    }
  }
  return info;
}

}  // namespace heddle::data

#include "heddle/data/writer_options.h"

#include <array>
#include <cmath>
#include <set>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/data/lerobot/layout.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;

// What the writer says itself; everything else of an info.json is kept.
const std::set<std::string>& OwnKeys() {
  static const std::set<std::string> keys = {
      "codebase_version", "fps",         "features",  "total_episodes",        "total_frames",
      "total_tasks",      "chunks_size", "data_path", "data_files_size_in_mb", "video_files_size_in_mb",
      "video_path",       "robot_type",  "splits",    "total_videos",          "total_chunks"};
  return keys;
}

// What LeRobot notes of its own encoder, and would be wrong of ours.
constexpr std::array<const char*, 4> kForeignEncoderKeys = {"video.preset", "video.fast_decode", "video.video_backend",
                                                            "video.extra_options"};

Json Picture(const char* dtype, int64_t height, int64_t width, int64_t channels) {
  return {{"dtype", dtype}, {"shape", {height, width, channels}}, {"names", {"height", "width", "channels"}}};
}

Json WholeIfItIs(double number) {
  if (number == std::floor(number) && std::abs(number) < 1e15) return static_cast<int64_t>(number);
  return number;
}

const char* CodecName(VideoCodec codec) { return codec == VideoCodec::kAv1 ? "av1" : "h264"; }

Json Bookkeeping(const std::string& name) {
  return {{"dtype", name == "timestamp" ? "float32" : "int64"}, {"shape", {1}}, {"names", nullptr}};
}

void NoteVideo(const Feature& feature, const WriterOptions& options, Json& spec) {
  Json& info = spec["info"];
  if (!info.is_object()) info = Json::object();
  for (const char* key : kForeignEncoderKeys) info.erase(key);
  const bool depth = feature.depth.has_value();
  info["video.height"] = feature.height;
  info["video.width"] = feature.width;
  info["video.codec"] = depth ? "hevc" : CodecName(options.video.codec);
  info["video.pix_fmt"] = depth ? "gray12le" : "yuv420p";
  info["video.fps"] = WholeIfItIs(options.fps);
  info["video.channels"] = feature.channels;
  info["has_audio"] = false;
  info["is_depth_map"] = depth;
  if (depth) {
    info["video.g"] = 2;
    if (!info.contains("depth_unit")) info["depth_unit"] = "mm";
    info["video.depth_min"] = feature.depth->min_m;
    info["video.depth_max"] = feature.depth->max_m;
    info["video.shift"] = feature.depth->shift_m;
    info["video.use_log"] = feature.depth->logarithmic;
  } else {
    info["video.g"] = options.video.gop;
    info["video.crf"] = options.video.crf;
  }
}

void CheckFeature(const Feature& feature) {
  const std::string where = "feature '" + feature.name + "'";
  if (feature.name.empty() || feature.name.find('/') != std::string::npos || feature.name.starts_with('.')) {
    ThrowUsage("a feature's name can't be empty, begin with a point or hold a slash", where);
  }
  if (feature.num_values() <= 0) ThrowUsage("the feature has no values", where, "give it a shape without zeros");
  if (feature.is_camera() && feature.channels != (feature.depth ? 1 : 3)) {
    ThrowUsage("pictures must have 3 channels, and depth 1", where);
  }
}

DatasetInfo Parsed(const Json& json) { return ParseInfo(DumpJson(json), "meta/info.json"); }

Json BareInfo(const WriterOptions& options) {
  Json json = {{"codebase_version", "v3.0"}, {"fps", WholeIfItIs(options.fps)}, {"features", options.features}};
  for (const char* name : {"timestamp", "frame_index", "episode_index", "index", "task_index"}) {
    if (!json["features"].contains(name)) json["features"][name] = Bookkeeping(name);
  }
  for (const char* key : {"total_episodes", "total_frames", "total_tasks"}) json[key] = 0;
  json["chunks_size"] = options.chunks_size;
  json["data_files_size_in_mb"] = WholeIfItIs(options.data_file_mb);
  json["video_files_size_in_mb"] = WholeIfItIs(options.video_file_mb);
  json["data_path"] = kDataTemplate;
  json["video_path"] = nullptr;
  json["robot_type"] = options.robot_type.empty() ? Json() : Json(options.robot_type);
  json["splits"] = Json::object();
  for (const auto& [key, value] : options.extra.items()) {
    if (!OwnKeys().contains(key) || key == "splits") json[key] = value;
  }
  return json;
}

}  // namespace

WriterOptions WriterOptions::Like(const DatasetInfo& info) {
  WriterOptions options;
  options.fps = info.fps;
  options.robot_type = info.robot_type;
  options.features = info.raw.at("features");
  options.data_file_mb = info.data_file_mb;
  options.video_file_mb = info.video_file_mb;
  options.chunks_size = info.version == FormatVersion::kV30 ? info.chunks_size : options.chunks_size;
  for (const auto& [key, value] : info.raw.items()) {
    if (!OwnKeys().contains(key)) options.extra[key] = value;
  }
  const bool only_train = info.splits.empty() || (info.splits.size() == 1 && info.splits.contains("train"));
  if (!only_train) options.extra["splits"] = info.raw.at("splits");
  return options;
}

Json NumberFeature(contract::DType dtype, const contract::Shape& shape, const std::vector<std::string>& names) {
  return {{"dtype", contract::DTypeName(dtype)}, {"shape", shape}, {"names", names.empty() ? Json() : Json(names)}};
}

Json TextFeature() { return {{"dtype", "string"}, {"shape", {1}}, {"names", nullptr}}; }
Json VideoFeature(int64_t height, int64_t width) { return Picture("video", height, width, 3); }
Json ImageFeature(int64_t height, int64_t width) { return Picture("image", height, width, 3); }

Json DepthFeature(int64_t height, int64_t width, const std::string& unit, const DepthCoding& coding) {
  Json spec = Picture("video", height, width, 1);
  spec["info"] = {{"is_depth_map", true},
                  {"depth_unit", unit},
                  {"video.depth_min", coding.min_m},
                  {"video.depth_max", coding.max_m},
                  {"video.shift", coding.shift_m},
                  {"video.use_log", coding.logarithmic}};
  return spec;
}

Json LanguageFeature() { return {{"dtype", "language"}, {"shape", {1}}, {"names", nullptr}}; }

DatasetInfo InfoOf(const WriterOptions& options) {
  if (!(options.fps > 0) || !std::isfinite(options.fps)) ThrowUsage("the frame rate must be above 0", "fps");
  if (!(options.data_file_mb > 0)) ThrowUsage("must be above 0", "data_file_mb");
  if (!(options.video_file_mb > 0)) ThrowUsage("must be above 0", "video_file_mb");
  if (options.chunks_size < 1) ThrowUsage("must be 1 or more", "chunks_size");
  Json json = BareInfo(options);
  for (const Feature& feature : Parsed(json).features) {
    CheckFeature(feature);
    if (feature.kind != FeatureKind::kVideo) continue;
    NoteVideo(feature, options, json["features"][feature.name]);
    json["video_path"] = kVideoTemplate;
  }
  return Parsed(json);
}

DatasetInfo CountedInfo(const DatasetInfo& info, int64_t episodes, int64_t frames, int64_t tasks) {
  Json json = info.raw;
  const std::string train = "0:" + std::to_string(info.total_episodes);
  json["total_episodes"] = episodes;
  json["total_frames"] = frames;
  json["total_tasks"] = tasks;
  Json& splits = json["splits"];
  const bool own = splits.empty() || (splits.size() == 1 && splits.value("train", "") == train);
  if (own) splits["train"] = "0:" + std::to_string(episodes);
  return Parsed(json);
}

std::string InfoText(const DatasetInfo& info) { return DumpJson(info.raw, 4) + "\n"; }

void RequireOwnLayout(const DatasetInfo& info, const std::string& place) {
  const bool has_videos = !info.video_path.empty();
  if (info.version == FormatVersion::kV30 && info.data_path == kDataTemplate &&
      (!has_videos || info.video_path == kVideoTemplate)) {
    return;
  }
  ThrowInput("recording can go on only in datasets of v3.0 with the usual file names", place,
             "record into a new dataset, or copy this one first");
}

VideoOptions VideoOptionsOf(const DatasetInfo& info) {
  VideoOptions options;
  options.fps = info.fps;
  for (const Feature& feature : info.features) {
    if (feature.kind != FeatureKind::kVideo || feature.depth) continue;
    const Json facts = info.raw.at("features").at(feature.name).value("info", Json::object());
    options.codec = facts.value("video.codec", "h264") == "av1" ? VideoCodec::kAv1 : VideoCodec::kH264;
    options.gop = facts.value("video.g", options.gop);
    options.crf = facts.value("video.crf", options.crf);
  }
  return options;
}

double DepthPerMetre(const DatasetInfo& info, const std::string& feature) {
  const Json facts = info.raw.at("features").at(feature).value("info", Json::object());
  return facts.value("depth_unit", "mm") == "m" ? 1 : 1000;
}

}  // namespace heddle::data

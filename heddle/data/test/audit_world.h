// Datasets in memory, as a robot would record them, for tests of the audit: smooth motion with noise, actions of known
// meaning, pictures that follow the robot. Everything about them is right; a test plants its fault.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <string>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/data/audit/facts.h"
#include "heddle/data/audit/moments.h"

namespace heddle::data::audit {

struct WorldOptions {
  uint64_t seed = 1;
  int64_t episodes = 8, length = 60, dims = 6, cameras = 2;
  double fps = 30, noise = 0.002;  // of the sensors, where motion is of size 1
  bool delta = false;              // the action is a step, else a target
  int64_t lag = 1;                 // frames by which the state follows a target
};

struct World {
  DatasetFacts facts;
  std::vector<EpisodeData> episodes;
};

inline Feature NumericFeature(const std::string& name, contract::DType dtype, int64_t dims,
                              std::vector<std::string> names = {}) {
  Feature feature;
  feature.name = name;
  feature.dtype = dtype;
  feature.shape = {dims};
  feature.names = std::move(names);
  return feature;
}

inline Feature CameraFeature(const std::string& name) {
  Feature feature;
  feature.name = name;
  feature.kind = FeatureKind::kVideo;
  feature.shape = {96, 96, 3};
  feature.height = feature.width = 96;
  feature.channels = 3;
  return feature;
}

inline std::vector<std::string> JointNames(int64_t dims) {
  std::vector<std::string> names;
  for (int64_t i = 0; i + 1 < dims; ++i) names.push_back("joint_" + std::to_string(i));
  names.push_back("gripper");
  return names;
}

// Where the arm is at a time: swings of two periods about a centre; the gripper shuts and opens.
class Motion {
 public:
  Motion(RandomStream stream, int64_t dims) {
    for (int64_t dim = 0; dim < dims; ++dim) {
      swings_.push_back({stream.Uniform(), 0.4 + 0.8 * stream.Uniform(), 6.3 * stream.Uniform(),
                         1.2 + 1.6 * stream.Uniform(), 6.3 * stream.Uniform()});
    }
  }
  double At(int64_t dim, double time_s) const {
    const Swing& s = swings_[static_cast<size_t>(dim)];
    const double value =
        s.centre + std::sin(s.slow * time_s + s.slow_phase) + 0.3 * std::sin(s.fast * time_s + s.fast_phase);
    if (dim + 1 < static_cast<int64_t>(swings_.size())) return value;
    return 0.5 + 0.5 * std::tanh(8 * (value - s.centre));  // the gripper
  }

 private:
  struct Swing {
    double centre, slow, slow_phase, fast, fast_phase;
  };
  std::vector<Swing> swings_;
};

// Each dimension of the arm moves a bright band in rows of its own.
inline FrameFacts PictureOf(int64_t frame, const std::vector<double>& x, double speed, double noise,
                            RandomStream& stream) {
  FrameFacts facts;
  facts.frame = frame;
  facts.mean = 110 + stream.Normal();
  facts.deviation = 40;
  facts.change = frame == 0 ? -1 : 0.4 + 20 * speed + 50 * noise * stream.Uniform();
  for (size_t row = 0; row < 16; ++row) {
    const double at = 8 + 2 * x[row % x.size()];
    for (size_t column = 0; column < 16; ++column) {
      const double near = std::exp(-std::pow(static_cast<double>(column) - at, 2) / 2);
      facts.thumb_mean[16 * row + column] = static_cast<float>(100 + 60 * near + 0.2 * stream.Normal());
    }
  }
  return facts;
}

inline EpisodeData MakeEpisode(const WorldOptions& options, int64_t index, int64_t first_row, int64_t length) {
  RandomStream stream = RandomStream(options.seed, "world").Split(static_cast<uint64_t>(index));
  const Motion motion(stream.Split("motion"), options.dims);
  EpisodeData episode;
  episode.index = index;
  episode.length = length;
  Numbers state{length, options.dims, {}}, action{length, options.dims, {}};
  for (int64_t t = 0; t < length; ++t) {
    const double now_s = static_cast<double>(t) / options.fps, next_s = static_cast<double>(t + 1) / options.fps;
    const double target_s = static_cast<double>(t + options.lag) / options.fps;
    for (int64_t dim = 0; dim < options.dims; ++dim) {
      const bool step = options.delta && dim + 1 < options.dims;
      state.values.push_back(motion.At(dim, now_s) + options.noise * stream.Normal());
      action.values.push_back(step ? motion.At(dim, next_s) - motion.At(dim, now_s)
                                   : motion.At(dim, target_s) + 0.5 * options.noise * stream.Normal());
    }
  }
  for (int64_t camera = 0; camera < options.cameras; ++camera) {
    CameraData data;
    for (int64_t t = 0; t < length; ++t) {
      std::vector<double> x;
      double speed = 0;
      for (int64_t dim = 0; dim < options.dims; ++dim) {
        x.push_back(motion.At(dim, static_cast<double>(t) / options.fps));
        speed = std::max(speed, std::abs(x.back() - motion.At(dim, static_cast<double>(t - 1) / options.fps)));
      }
      data.frames.push_back(PictureOf(t, x, speed, options.noise, stream));
    }
    episode.cameras["observation.images.cam" + std::to_string(camera)] = std::move(data);
  }
  Numbers timestamp{length, 1, {}}, frame_index{length, 1, {}}, episode_index{length, 1, {}}, row{length, 1, {}},
      task{length, 1, {}};
  for (int64_t t = 0; t < length; ++t) {
    timestamp.values.push_back(static_cast<double>(static_cast<float>(static_cast<double>(t) / options.fps)));
    frame_index.values.push_back(static_cast<double>(t));
    episode_index.values.push_back(static_cast<double>(index));
    row.values.push_back(static_cast<double>(first_row + t));
    task.values.push_back(static_cast<double>(index % 2));
  }
  episode.numbers = {
      {"observation.state", state},     {"action", action}, {"timestamp", timestamp}, {"frame_index", frame_index},
      {"episode_index", episode_index}, {"index", row},     {"task_index", task}};
  return episode;
}

inline void AddStatistics(World& world) {
  world.facts.statistics.emplace();
  for (const char* name : {"observation.state", "action"}) {
    std::vector<Moments> moments;
    for (const EpisodeData& episode : world.episodes) AddRows(episode.numbers.at(name), moments);
    auto& of_feature = (*world.facts.statistics)[name];
    of_feature.count = world.facts.info.total_frames;
    for (const Moments& dim : moments) {
      of_feature.mean.push_back(dim.mean);
      of_feature.std.push_back(dim.deviation());
      of_feature.min.push_back(dim.min);
      of_feature.max.push_back(dim.max);
    }
  }
}

inline World MakeWorld(const WorldOptions& options = {}) {
  World world;
  DatasetFacts& facts = world.facts;
  facts.name = "world";
  facts.info.fps = options.fps;
  facts.info.robot_type = "arm";
  facts.info.features = {
      NumericFeature("observation.state", contract::DType::kF32, options.dims, JointNames(options.dims)),
      NumericFeature("action", contract::DType::kF32, options.dims, JointNames(options.dims)),
      NumericFeature("timestamp", contract::DType::kF32, 1),
      NumericFeature("frame_index", contract::DType::kI64, 1),
      NumericFeature("episode_index", contract::DType::kI64, 1),
      NumericFeature("index", contract::DType::kI64, 1),
      NumericFeature("task_index", contract::DType::kI64, 1)};
  for (int64_t i = 0; i < options.cameras; ++i) {
    const std::string name = "observation.images.cam" + std::to_string(i);
    facts.info.features.push_back(CameraFeature(name));
    facts.video_files.push_back({.camera = name,
                                 .file = "videos/" + name + "/file-000.mp4",
                                 .exists = true,
                                 .error = {},
                                 .height = 96,
                                 .width = 96,
                                 .fps = options.fps,
                                 .codec = "h264"});
  }
  facts.tasks = {"put the cube into the bowl", "take the cube out"};
  DataFileFacts data;
  data.file = "data/file-000.parquet";
  data.exists = true;
  for (const Feature& feature : facts.info.features) {
    if (feature.is_column()) data.columns.push_back(feature.name);
  }
  int64_t first_row = 0;
  for (int64_t i = 0; i < options.episodes; ++i) {
    const int64_t length = options.length + 3 * (i % 4);
    world.episodes.push_back(MakeEpisode(options, i, first_row, length));
    Episode episode{.index = i,
                    .length = length,
                    .first_row = first_row,
                    .tasks = {facts.tasks[static_cast<size_t>(i % 2)]},
                    .data_file = data.file,
                    .row_in_file = first_row,
                    .videos = {}};
    for (const VideoFileFacts& file : facts.video_files) {
      episode.videos[file.camera] = {file.file, static_cast<double>(first_row) / options.fps,
                                     static_cast<double>(first_row + length) / options.fps};
    }
    facts.episodes.push_back(episode);
    first_row += length;
  }
  facts.info.total_frames = data.num_rows = data.expected_rows = first_row;
  facts.info.total_episodes = options.episodes;
  for (VideoFileFacts& file : facts.video_files) file.num_frames = first_row;
  facts.data_files = {data};
  AddStatistics(world);
  return world;
}

}  // namespace heddle::data::audit

// What the checks of an audit look at: plain values, gathered once and shared by all of them (and easily made in a
// test).
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/data/lerobot/episode.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data::audit {

// A stretch of rows of a data file that is not what the episode table says.
struct RowFault {
  enum class Kind {
    kMissing,     // an index is left out
    kDoubled,     // a row stands twice
    kShifted,     // all that follows is off by a constant
    kForeign,     // rows of another episode
    kFrameIndex,  // frame_index does not count 0, 1, 2, ... though index does
  };
  Kind kind = Kind::kShifted;
  int64_t episode = 0, frame = 0;  // where it begins
  int64_t row = 0;                 // in the file
  int64_t expected = 0, found = 0;
  int64_t num_rows = 0;  // rows that differ, from there on
};

struct DataFileFacts {
  std::string file;  // relative to the dataset
  bool exists = false;
  std::optional<std::string> error;  // why it can't be read
  bool seal_broken = false;          // it can, but is not the file that was sealed
  bool footerless = false;           // begins as Parquet does, without an end
  int64_t num_rows = 0, expected_rows = 0;
  std::vector<std::string> columns;
  std::vector<RowFault> faults;
};

struct VideoFileFacts {
  std::string camera, file;
  bool exists = false;
  std::optional<std::string> error;
  bool seal_broken = false;
  int64_t num_frames = 0, height = 0, width = 0;
  double fps = 0;
  std::string codec;
};

// The dataset without its rows and pictures.
struct DatasetFacts {
  std::string name;  // as it was asked for
  std::filesystem::path root;
  DatasetInfo info;
  std::vector<Episode> episodes;
  std::vector<std::string> tasks;
  std::optional<contract::Statistics> statistics;
  std::string statistics_error;             // of a meta/stats.json that can't be read
  bool episode_statistics = false;          // v2.1 keeps them per episode, and may have no others
  std::vector<DataFileFacts> data_files;    // in the order of the episodes
  std::vector<VideoFileFacts> video_files;  // by camera, in the order of the episodes
  std::vector<std::string> orphans;         // files that nothing refers to, relative
  std::optional<DatasetLabels> labels;      // empty where they can't be read
  std::string labels_error;                 // why not
  bool sealed = false;
};

// Numbers of one feature over one episode, row by row.
struct Numbers {
  int64_t rows = 0, dims = 0;
  std::vector<double> values;

  double At(int64_t row, int64_t dim) const { return values[static_cast<size_t>(row * dims + dim)]; }
};

// A picture that was decoded, measured.
struct FrameFacts {
  static constexpr int kThumb = 16;

  int64_t frame = 0;
  double mean = 0, deviation = 0;                   // of its brightness, 0 to 255
  double change = -1;                               // mean |difference| to the frame before; -1: that was not decoded
  std::array<float, kThumb * kThumb> thumb_mean{};  // brightness of its tiles
};

struct CameraData {
  std::vector<FrameFacts> frames;  // ascending
  struct Unreadable {
    int64_t frame = 0;
    std::string error;
  };
  std::vector<Unreadable> unreadable;
  // Largest distance of a frame's presentation time from where the episode table puts it.
  double worst_drift_s = 0;
  int64_t worst_drift_frame = 0;
};

// One episode's rows and pictures. Pictures are those that were sampled.
struct EpisodeData {
  int64_t index = 0, length = 0;
  std::map<std::string, Numbers> numbers;  // by feature, the bookkeeping ones too
  std::map<std::string, CameraData> cameras;
  std::map<std::string, std::string> unreadable;  // feature -> why
};

}  // namespace heddle::data::audit

#include "heddle/data/copy_episode.h"

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/data/video_time.h"

namespace heddle::data {
namespace {

using contract::Array;

// Frame `frame` of a value for each frame.
Array RowOf(const Array& values, int64_t frame) {
  Array row(values.dtype(), {values.shape().begin() + 1, values.shape().end()});
  const size_t size = row.bytes().size();
  std::memcpy(row.bytes().data(), values.bytes().data() + static_cast<size_t>(frame) * size, size);
  return row;
}

// All columns of the episode; pictures of videos one by one.
class EpisodeSource {
 public:
  EpisodeSource(const Dataset& from, int64_t episode)
      : from_(from), episode_(episode), tasks_(from.ReadTasks(episode)) {
    for (const Feature& feature : from.info().features) {
      if (IsBookkeeping(feature.name)) continue;
      const std::string& name = feature.name;
      switch (feature.kind) {
        case FeatureKind::kNumeric: numbers_[name] = from.ReadNumbers(name, episode); break;
        case FeatureKind::kText: texts_[name] = from.ReadTexts(name, episode); break;
        case FeatureKind::kImage: stills_.push_back(name); break;
        case FeatureKind::kLanguage: language_[name] = from.ReadLanguage(name, episode); break;
        case FeatureKind::kVideo: OpenVideo(feature); break;
      }
    }
  }

  FrameValues Frame(int64_t frame) {
    const auto at = static_cast<size_t>(frame);
    FrameValues values;
    for (const auto& [name, array] : numbers_) values.numbers[name] = RowOf(array, frame);
    for (const auto& [name, texts] : texts_) values.texts[name] = texts[at];
    for (const auto& name : stills_) values.image_files[name] = from_.ReadImageFiles(name, episode_, frame, 1).at(0);
    for (const auto& [name, rows] : language_) values.language[name] = rows[at];
    for (auto& [name, video] : videos_) ReadPicture(name, video, frame, values);
    values.task = tasks_[at];
    return values;
  }

 private:
  struct Video {
    std::unique_ptr<VideoReader> reader;
    int64_t first_frame = 0;
    double from_s = 0;
    bool is_depth = false;
  };

  void OpenVideo(const Feature& feature) {
    const VideoSpan span = from_.Video(feature.name, episode_);
    videos_[feature.name] = {std::make_unique<VideoReader>(span.file), span.first_frame, span.from_s,
                             feature.depth.has_value()};
  }

  void ReadPicture(const std::string& name, Video& video, int64_t frame, FrameValues& values) const {
    const VideoFacts& facts = video.reader->facts();
    const double fps = from_.info().fps;
    try {
      CheckFrameTime(*video.reader, video.first_frame + frame, video.from_s + static_cast<double>(frame) / fps, fps);
    } catch (const Error& error) {
      ThrowInput(error.message(), name + ", episode " + std::to_string(episode_) + ", frame " + std::to_string(frame),
                 error.mend());
    }
    if (!video.is_depth) {
      values.images[name] = video.reader->ReadRgb(video.first_frame + frame);
      return;
    }
    std::vector<uint16_t>& codes = values.depth_codes[name];
    codes.resize(static_cast<size_t>(facts.height * facts.width));
    video.reader->ReadCodes(video.first_frame + frame, codes);
  }

  const Dataset& from_;
  const int64_t episode_;
  const std::vector<std::string> tasks_;
  std::vector<std::string> stills_;
  std::map<std::string, Array> numbers_;
  std::map<std::string, std::vector<std::string>> texts_;
  std::map<std::string, std::vector<nlohmann::ordered_json>> language_;
  std::map<std::string, Video> videos_;
};

}  // namespace

void CopyEpisode(const Dataset& from, int64_t episode, DatasetWriter& to) {
  EpisodeSource source(from, episode);
  const int64_t length = from.episode(episode).length;
  for (int64_t frame = 0; frame < length; ++frame) to.AddFrame(source.Frame(frame));
}

}  // namespace heddle::data

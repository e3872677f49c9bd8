// Pictures of a dataset by camera, episode and frame, wherever they are stored: in videos or embedded in the data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/data/dataset.h"
#include "heddle/data/video/image.h"
#include "heddle/data/video/video_reader.h"

namespace heddle::data {

// Keeps the videos used last open. One thread at a time; several readers of one dataset may work side by side.
class PictureReader {
 public:
  // `dataset` must outlive it. `threads`: of each decoder.
  explicit PictureReader(const Dataset& dataset, size_t most_open_videos = 8, int threads = 1);

  // Colour cameras: uint8 [H, W, 3]; depth: float32 [H, W, 1] in millimetres. Errors name camera, episode and frame.
  contract::Array Read(std::string_view camera, int64_t episode, int64_t frame);

  // The open video of a camera and the number of the episode's frame 0 in it: for what looks at the stream itself.
  struct Place {
    VideoReader& video;
    int64_t first_frame;
    double from_s;
  };
  Place VideoOf(std::string_view camera, int64_t episode);

 private:
  contract::Array ReadVideo(const Feature& feature, int64_t episode, int64_t frame);
  contract::Array ReadEmbedded(const Feature& feature, int64_t episode, int64_t frame);

  const Dataset& dataset_;
  const size_t most_open_;
  const int threads_;
  std::list<std::pair<std::filesystem::path, VideoReader>> open_;  // used last in front
};

}  // namespace heddle::data

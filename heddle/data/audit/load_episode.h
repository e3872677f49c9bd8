// One episode into memory for the checks: its numbers, and measurements of the frames that are sampled.
#pragma once

#include <list>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "heddle/data/audit/facts.h"
#include "heddle/data/dataset.h"
#include "heddle/data/video/video_reader.h"

namespace heddle::data::audit {

// For one thread: it keeps a few video files open, as neighbouring episodes lie in the same ones.
class EpisodeLoader {
 public:
  // `frames`: how many frames a camera and episode (SampleFrames). Both must outlive it.
  EpisodeLoader(const Dataset& dataset, const DatasetFacts& facts, int64_t frames);

  // Never throws for what the dataset has wrong: what can't be read is named in the result.
  EpisodeData Load(int64_t episode);

 private:
  void LoadNumbers(const Episode& episode, EpisodeData& data) const;
  CameraData LoadVideo(const Feature& camera, const Episode& episode);
  CameraData LoadImages(const Feature& camera, const Episode& episode) const;
  VideoReader& Reader(const std::filesystem::path& file);

  const Dataset& dataset_;
  const DatasetFacts& facts_;
  const int64_t frames_;
  std::set<std::string> usable_videos_;                                                // files that the scan could open
  std::list<std::pair<std::filesystem::path, std::unique_ptr<VideoReader>>> readers_;  // used last in front
};

}  // namespace heddle::data::audit

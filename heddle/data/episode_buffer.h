// The episode that is being recorded. Numbers and texts wait in memory for its end; pictures don't.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/data/camera_recorder.h"
#include "heddle/data/frame_check.h"
#include "heddle/data/frame_values.h"
#include "heddle/data/lerobot/frame_table.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/writer_options.h"

namespace heddle::data {

class EpisodeBuffer {
 public:
  // `info` must outlive it; scratch files go into `staging`.
  EpisodeBuffer(const DatasetInfo& info, const VideoOptions& video, std::filesystem::path staging);

  // A frame that was checked; `decoded` belongs to it.
  void Add(const FrameValues& values, const DecodedPictures& decoded);

  int64_t num_frames() const { return columns_.num_frames(); }
  const std::vector<std::string>& tasks() const { return tasks_; }  // distinct, in order of their appearance

  // Ends the videos and gives the statistics of the pictures.
  contract::Statistics FinishPictures();
  // Rows with the task indices of the dataset: `task_indices[i]` is that of tasks()[i].
  FrameColumns TakeColumns(const std::vector<int64_t>& task_indices);
  const std::filesystem::path& video(const std::string& camera) const { return cameras_.at(camera)->video(); }

 private:
  void StartPictures();
  void AddNumbers(const Feature& feature, const contract::Array& array);
  void AddStill(const Feature& feature, const FrameValues& values, const DecodedPictures& decoded);
  void AddToVideo(const Feature& feature, const FrameValues& values);
  int64_t IndexOfTask(const std::string& task);

  const DatasetInfo& info_;
  const VideoOptions video_;
  const std::filesystem::path staging_;
  FrameColumns columns_;  // task_indices: of tasks_
  std::vector<std::string> tasks_;
  std::map<std::string, std::unique_ptr<CameraRecorder>> cameras_;
  std::map<std::string, std::unique_ptr<PictureStatistics>> stills_;
};

}  // namespace heddle::data

// Recording into a LeRobot v3.0 dataset, one episode at a time.
//
//   DatasetWriter writer = DatasetWriter::Create("demos", options);    // or Resume("demos")
//   for (...) writer.AddFrame(values);
//   writer.SaveEpisode();
//
// An episode is finished when SaveEpisode returns: from then on no kill, crash or full disk takes it away. All files
// that it changes (video, data, episodes, tasks, stats.json, info.json) are made whole in a hidden folder beside them
// and then renamed in this order; info.json counts the episodes, so its rename is the moment from which the episode is
// there. A recording that was broken off anywhere leaves a dataset that Heddle's reader opens (it goes by info.json);
// Resume takes off the disk what is beyond, and going on gives, byte for byte, the files of a recording that was never
// broken off: where a file ends is a function of the episodes alone, and nothing holds a time or a random name.
//
// Memory is bounded by the numbers, texts and embedded pictures of one episode and one current data file; pictures of
// video features go to the encoder as they come. One thread at a time; one writer at a time in a folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>

#include "heddle/data/frame_values.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/writer_options.h"

namespace heddle::data {

// For tests: called with the path that a file is about to get, at each rename of a save.
using BeforeRename = std::function<void(const std::filesystem::path&)>;

class DatasetWriter {
 public:
  // A new dataset in a folder that is empty or not there. Usage error if it is not, if another writer is at it, or if
  // the options can't be; kSystem if nothing can be written there.
  static DatasetWriter Create(const std::filesystem::path& folder, const WriterOptions& options,
                              BeforeRename before_rename = {});
  // Goes on where the last finished episode ended, with the features and settings that info.json has. kInput where a
  // finished episode's files are not whole, or were laid out by another program.
  static DatasetWriter Resume(const std::filesystem::path& folder, BeforeRename before_rename = {});

  ~DatasetWriter();  // an episode that was not saved is discarded
  DatasetWriter(DatasetWriter&&) noexcept;
  DatasetWriter& operator=(DatasetWriter&&) noexcept;

  const DatasetInfo& info() const;
  int64_t num_episodes() const;  // finished
  int64_t num_frames() const;    // of the episode that is being recorded

  // kInput, naming episode, frame and feature, for a frame that is not what the dataset declares (frame_check.h): it is
  // not taken, and the episode goes on without it. If the machine fails (kSystem), the episode must be discarded.
  void AddFrame(const FrameValues& values);

  // Finishes the episode and returns its index. Usage error if it has no frame. After any other error the writer is
  // done for: what was finished before is safe, and Resume goes on from there.
  int64_t SaveEpisode();
  void DiscardEpisode();

 private:
  struct Parts;
  explicit DatasetWriter(std::unique_ptr<Parts> parts);
  void RequireHealthy() const;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data

// Statistics of an episode's pictures while they stream by, in bounded memory.
//
// Which frames are sampled depends on the episode's length, which is known only at its end. So what a frame would
// contribute (its levels' counts; of depth, its thinned values) is set down in a scratch file as it comes, and at the
// end the sampled frames' records are read back: exactly the frames that LeRobot samples, at 3 KiB of disk a frame and
// camera (a depth frame of 640 x 480: 77 KB), and memory for one frame.
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"

namespace heddle::data {

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, FileCloser>;

// One camera, one episode. Errors are kSystem: the scratch file can't be written or read.
class PictureStatistics {
 public:
  PictureStatistics(const std::filesystem::path& scratch, int64_t height, int64_t width, int64_t channels);
  ~PictureStatistics();  // removes the scratch file
  PictureStatistics(const PictureStatistics&) = delete;
  PictureStatistics& operator=(const PictureStatistics&) = delete;

  // Either of the two, always the same: height * width * channels levels, or height * width values of depth.
  void AddLevels(std::span<const uint8_t> pixels);
  void AddDepth(std::span<const float> values);

  // Of all frames added, at least one. Depth stays in its unit and gets quantiles from 5000 bins between its extremes.
  contract::FeatureStatistics Finish();

 private:
  void WriteRecord(const void* bytes, size_t size);
  void ReadRecord(int64_t frame, void* bytes, size_t size);
  contract::FeatureStatistics FinishLevels();
  contract::FeatureStatistics FinishDepth();
  [[noreturn]] void Fail(const char* what) const;

  std::filesystem::path scratch_;
  int64_t height_, width_, channels_, stride_;
  int64_t num_frames_ = 0;
  size_t record_bytes_ = 0;
  bool is_depth_ = false;
  FileHandle file_;
  std::vector<uint32_t> counts_;  // [channels][256]
  std::vector<float> thinned_;
};

}  // namespace heddle::data

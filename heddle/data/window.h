// Windows of a dataset: what training sees around one frame, exactly as the field defines it.
//
//   WindowReader windows(dataset, {.deltas_s = {{"observation.state", {-0.05, 0}}, {"action", {0, 0.05, 0.1}}}});
//   const contract::Window window = windows.Read(episode, frame);
//
// A delta of d seconds is the row round(d * fps) frames away. A row outside of the episode is replaced by the nearest
// one inside, and is_pad says so. d must be within the tolerance of a whole number of frames.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/window.h"
#include "heddle/data/dataset.h"
#include "heddle/data/pictures.h"

namespace heddle::data {

struct WindowSpec {
  std::map<std::string, std::vector<double>> deltas_s;  // features not named here: the frame itself, without T
  double tolerance_s = 1e-4;
  bool pictures = true;  // decode the cameras
};

// Whole frames for deltas in seconds. Usage error, with the feature and the nearest right value, for one that is off.
std::vector<int64_t> DeltaFrames(const std::string& feature, const std::vector<double>& deltas_s, double fps,
                                 double tolerance_s = 1e-4);

// The rows that the deltas reach from `frame` in an episode of this length, clamped, and which of them were.
struct WindowRows {
  std::vector<int64_t> rows;
  std::vector<uint8_t> is_pad;
};
WindowRows RowsAround(int64_t frame, int64_t length, const std::vector<int64_t>& deltas);

// One thread at a time. `dataset` must outlive it.
class WindowReader {
 public:
  // Usage error for a feature that is not there or a delta that is off.
  WindowReader(const Dataset& dataset, WindowSpec spec);

  // All features but the bookkeeping ones (heddle/data/lerobot/info.h), and the instruction. Labels are left empty.
  contract::Window Read(int64_t episode, int64_t frame);

 private:
  void ReadColumn(const Feature& feature, const WindowRows& rows, bool stacked, contract::Window& window) const;
  void ReadPictures(const Feature& feature, const WindowRows& rows, bool stacked, contract::Window& window);

  const Dataset& dataset_;
  const WindowSpec spec_;
  std::map<std::string, std::vector<int64_t>> deltas_;
  PictureReader pictures_;
};

}  // namespace heddle::data

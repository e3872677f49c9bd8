#include "heddle/data/video_time.h"

#include <cmath>
#include <cstdio>

#include "heddle/core/error.h"

namespace heddle::data {

void CheckFrameTime(const VideoReader& video, int64_t number, double expected_s, double fps) {
  if (number >= video.facts().num_frames) return;  // reading it says so
  const double shown_s = video.TimeOf(number);
  constexpr double kRounding = 1e-6;  // frames
  if (std::abs(shown_s - expected_s) * fps <= 0.5 + kRounding) return;
  char text[160];
  std::snprintf(text, sizeof text, "the video shows its frame %lld at %.3f s, and the dataset puts it at %.3f s",
                static_cast<long long>(number), shown_s, expected_s);
  ThrowInput(text, "",
             "the video does not run at the dataset's rate, or the episode table points elsewhere: see "
             "`heddle data audit`");
}

}  // namespace heddle::data

// Holds the frames of a video to the times that the dataset gives them.
//
// A frame is found by its number (heddle/data/dataset.h), which is exact where the video runs at the dataset's rate. A
// video of another rate, or a table that points elsewhere, would show the picture of another time beside a row.
#pragma once

#include <cstdint>

#include "heddle/data/video/video_reader.h"

namespace heddle::data {

// kInput unless frame `number` of the video is shown within half a frame of `expected_s`. The caller adds camera,
// episode and frame.
void CheckFrameTime(const VideoReader& video, int64_t number, double expected_s, double fps);

}  // namespace heddle::data

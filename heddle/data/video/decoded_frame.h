// The decoded planes behind a reader's frame, for this room's own use (resizing, statistics) without a detour by RGB.
#pragma once

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/video_reader.h"

namespace heddle::data {

// Valid until the reader's next read. Throws as VideoReader::ReadRgb does.
const AVFrame& DecodedFrame(VideoReader& reader, int64_t frame);

}  // namespace heddle::data

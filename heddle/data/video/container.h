// The container of a video file: what is coded in it and where each packet lies, found without decoding.
#pragma once

#include <cstdint>
#include <vector>

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/media_file.h"
#include "heddle/data/video/packet_index.h"

namespace heddle::data {

struct Container {
  ParametersHandle parameters;        // of the video stream: codec, size, extradata
  AVRational tick = {1, 1};           // seconds
  AVRational declared_rate = {0, 1};  // frames a second; 0 if the container doesn't say
  std::vector<CodedPacket> packets;
};

// kInput with the path: no mp4 or Matroska/WebM, no video stream, no packets, an index that lies outside the file.
// Of an mp4 the payload is not read.
Container ReadContainer(const MediaFile& file);

}  // namespace heddle::data

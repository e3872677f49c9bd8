// Which video formats the FFmpeg that this program runs with can read and write.
#pragma once

#include <string>
#include <vector>

namespace heddle::data {

struct CodecSupport {
  std::string codec;  // "h264", "av1", ...
  bool reads = false;
  std::string encoder;  // the one that is used to write it; empty where nothing writes it
  bool writes = false;
};

// h264, hevc, av1, vp9.
std::vector<CodecSupport> SupportedCodecs();

// Of the libraries that are loaded: "59.37.100" of libavcodec.
std::string FfmpegVersion();

}  // namespace heddle::data

#include "heddle/data/video/codecs.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

namespace heddle::data {

std::vector<CodecSupport> SupportedCodecs() {
  struct Wanted {
    const char* codec;
    const char* decoder;  // null: whichever FFmpeg takes
    AVCodecID id;
    const char* encoder;
  };
  // FFmpeg's own AV1 decoder needs a GPU: only dav1d's counts.
  static const Wanted kWanted[] = {{"h264", nullptr, AV_CODEC_ID_H264, "libx264"},
                                   {"hevc", nullptr, AV_CODEC_ID_HEVC, "libx265"},
                                   {"av1", "libdav1d", AV_CODEC_ID_AV1, "libsvtav1"},
                                   {"vp9", nullptr, AV_CODEC_ID_VP9, nullptr}};
  std::vector<CodecSupport> list;
  for (const Wanted& wanted : kWanted) {
    const AVCodec* decoder =
        wanted.decoder ? avcodec_find_decoder_by_name(wanted.decoder) : avcodec_find_decoder(wanted.id);
    const AVCodec* encoder = wanted.encoder ? avcodec_find_encoder_by_name(wanted.encoder) : nullptr;
    list.push_back({wanted.codec, decoder != nullptr, wanted.encoder ? wanted.encoder : "", encoder != nullptr});
  }
  return list;
}

std::string FfmpegVersion() {
  const unsigned version = avcodec_version();
  return std::to_string(version >> 16) + "." + std::to_string((version >> 8) & 0xFF) + "." +
         std::to_string(version & 0xFF);
}

}  // namespace heddle::data

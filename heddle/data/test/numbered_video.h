// Videos for tests, whose frames have their number drawn into them: made by FFmpeg's encoders as other people's tools
// make them, with B-frames, edit lists and whatever else a reader meets.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/image.h"

namespace heddle::data::test {

struct NumberedVideo {
  std::string encoder = "libx264";
  AVPixelFormat format = AV_PIX_FMT_YUV420P;
  int num_frames = 40;
  int gop = 12, max_b_frames = 0;
  int64_t first_time = 0;    // of the first frame, in frames; an edit list hides those before 0
  std::string options = {};  // of the encoder: "key=value:key=value"
};

inline constexpr int kNumberedHeight = 64, kNumberedWidth = 64, kBlock = 16;

inline void Require(int code, const char* what) {
  if (code < 0) throw std::runtime_error(std::string(what) + ": " + FfmpegMessage(code));
}

// Sixteen blocks, a binary digit each, on a background that moves.
inline bool IsBright(int number, int x, int y) { return (number >> (y / kBlock * 4 + x / kBlock)) & 1; }

inline void Put(AVFrame& frame, int plane, int x, int y, int level, int bits) {
  uint8_t* row = frame.data[plane] + static_cast<ptrdiff_t>(y) * frame.linesize[plane];
  if (bits > 8)
    reinterpret_cast<uint16_t*>(row)[x] = static_cast<uint16_t>(level << (bits - 8));
  else
    row[x] = static_cast<uint8_t>(level);
}

inline void DrawNumber(AVFrame& frame, int number) {
  const AVPixFmtDescriptor* facts = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
  int bits = facts->comp[0].depth;
  for (int y = 0; y < frame.height; ++y)
    for (int x = 0; x < frame.width; ++x)
      Put(frame, 0, x, y, (IsBright(number, x, y) ? 190 : 40) + (x * 5 + y * 3 + number * 7) % 23, bits);
  for (int plane = 1; plane < facts->nb_components; ++plane)
    for (int y = 0; y < frame.height >> facts->log2_chroma_h; ++y)
      for (int x = 0; x < frame.width >> facts->log2_chroma_w; ++x)
        Put(frame, plane, x, y, 128 + (x + number) % 9 - 4, bits);
}

// -1 if a block is neither bright nor dark.
inline int ReadNumber(const Image& image) {
  int number = 0;
  for (int digit = 0; digit < 16; ++digit) {
    int sum = 0;
    for (int dy = 4; dy < 12; ++dy)
      for (int dx = 4; dx < 12; ++dx) {
        int64_t y = digit / 4 * kBlock + dy, x = digit % 4 * kBlock + dx;
        sum += image.pixels[static_cast<size_t>((y * image.width + x) * 3 + 1)];
      }
    int mean = sum / 64;
    if (mean > 90 && mean < 160) return -1;
    if (mean >= 160) number |= 1 << digit;
  }
  return number;
}

struct FreeOutput {
  void operator()(AVFormatContext* p) const {
    avio_closep(&p->pb);
    avformat_free_context(p);
  }
};
using OutputHandle = std::unique_ptr<AVFormatContext, FreeOutput>;

inline bool HasEncoder(const std::string& name) { return avcodec_find_encoder_by_name(name.c_str()) != nullptr; }

inline CodecHandle OpenNumberedEncoder(const NumberedVideo& video, bool global_header) {
  const AVCodec* codec = avcodec_find_encoder_by_name(video.encoder.c_str());
  if (!codec) throw std::runtime_error("no encoder " + video.encoder);
  CodecHandle encoder(avcodec_alloc_context3(codec));
  encoder->width = kNumberedWidth;
  encoder->height = kNumberedHeight;
  encoder->pix_fmt = video.format;
  encoder->time_base = {1, 30};
  encoder->framerate = {30, 1};
  encoder->gop_size = video.gop;
  encoder->max_b_frames = video.max_b_frames;
  encoder->thread_count = 1;
  if (global_header) encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  AVDictionary* options = nullptr;
  Require(av_dict_parse_string(&options, video.options.c_str(), "=", ";", 0), "options");
  int code = avcodec_open2(encoder.get(), codec, &options);
  av_dict_free(&options);
  Require(code, "open");
  return encoder;
}

inline void WritePackets(AVCodecContext& encoder, AVFormatContext& output, AVPacket& packet) {
  int code = 0;
  while ((code = avcodec_receive_packet(&encoder, &packet)) >= 0) {
    packet.stream_index = 0;
    packet.duration = 1;
    av_packet_rescale_ts(&packet, encoder.time_base, output.streams[0]->time_base);
    Require(av_interleaved_write_frame(&output, &packet), "write");
  }
  if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) Require(code, "encode");
}

inline void MakeVideo(const NumberedVideo& video, const std::filesystem::path& file) {
  PrepareFfmpeg();
  ::setenv("SVT_LOG", "0", 0);  // it talks to stderr
  AVFormatContext* raw = nullptr;
  Require(avformat_alloc_output_context2(&raw, nullptr, nullptr, file.c_str()), "container");
  OutputHandle output(raw);
  CodecHandle encoder = OpenNumberedEncoder(video, output->oformat->flags & AVFMT_GLOBALHEADER);
  AVStream* stream = avformat_new_stream(output.get(), nullptr);
  Require(avcodec_parameters_from_context(stream->codecpar, encoder.get()), "parameters");
  stream->time_base = encoder->time_base;
  stream->avg_frame_rate = encoder->framerate;
  output->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  Require(avio_open(&output->pb, file.c_str(), AVIO_FLAG_WRITE), "file");
  Require(avformat_write_header(output.get(), nullptr), "header");
  FrameHandle frame(av_frame_alloc());
  PacketHandle packet(av_packet_alloc());
  frame->format = video.format;
  frame->width = kNumberedWidth;
  frame->height = kNumberedHeight;
  Require(av_frame_get_buffer(frame.get(), 0), "buffer");
  for (int i = 0; i < video.num_frames; ++i) {
    Require(av_frame_make_writable(frame.get()), "buffer");
    // Numbers count from the first frame that is shown.
    DrawNumber(*frame, (i + static_cast<int>(std::min<int64_t>(video.first_time, 0))) & 0xFFFF);
    frame->pts = video.first_time + i;
    Require(avcodec_send_frame(encoder.get(), frame.get()), "send");
    WritePackets(*encoder, *output, *packet);
  }
  Require(avcodec_send_frame(encoder.get(), nullptr), "end");
  WritePackets(*encoder, *output, *packet);
  Require(av_write_trailer(output.get()), "trailer");
}

}  // namespace heddle::data::test

#include "heddle/data/video/mp4_writer.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr int kLeastTicksASecond = 10000;

ParametersHandle Essentials(const AVCodecParameters& from) {
  ParametersHandle to(avcodec_parameters_alloc());
  if (!to) ThrowSystem("memory for a video is not to be had", "", ENOMEM);
  to->codec_type = AVMEDIA_TYPE_VIDEO;
  to->codec_id = from.codec_id;
  to->width = from.width;
  to->height = from.height;
  to->profile = from.profile;
  to->level = from.level;
  to->color_range = from.color_range;
  to->color_space = from.color_space;
  to->color_primaries = from.color_primaries;
  to->color_trc = from.color_trc;
  if (from.extradata_size > 0) {
    to->extradata =
        static_cast<uint8_t*>(av_mallocz(static_cast<size_t>(from.extradata_size) + AV_INPUT_BUFFER_PADDING_SIZE));
    if (!to->extradata) ThrowSystem("memory for a video is not to be had", "", ENOMEM);
    std::memcpy(to->extradata, from.extradata, static_cast<size_t>(from.extradata_size));
    to->extradata_size = from.extradata_size;
  }
  return to;
}

}  // namespace

AVRational FrameRateOf(double fps) {
  HEDDLE_DEMAND(fps >= 1e-3 && fps <= 1e5);
  return av_d2q(fps, 100000);
}

void Mp4Writer::FreeOutput::operator()(AVFormatContext* p) const {
  avio_closep(&p->pb);
  avformat_free_context(p);
}

Mp4Writer::Mp4Writer(std::filesystem::path file, const AVCodecParameters& parameters, AVRational frame_rate)
    : file_(std::move(file)) {
  PrepareFfmpeg();
  const std::string url = "file:" + file_.string();
  AVFormatContext* output = nullptr;
  if (int code = avformat_alloc_output_context2(&output, nullptr, "mp4", url.c_str()); code < 0) Fail(code);
  output_.reset(output);
  output_->flags |= AVFMT_FLAG_BITEXACT;
  AddStream(parameters, frame_rate);
  if (int code = avio_open(&output_->pb, url.c_str(), AVIO_FLAG_WRITE); code < 0) Fail(code);
  try {
    Begin();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    throw;
  }
}

void Mp4Writer::AddStream(const AVCodecParameters& parameters, AVRational frame_rate) {
  AVStream* stream = avformat_new_stream(output_.get(), nullptr);
  if (!stream) Fail(AVERROR(ENOMEM));
  if (int code = avcodec_parameters_copy(stream->codecpar, Essentials(parameters).get()); code < 0) Fail(code);
  stream->avg_frame_rate = frame_rate;
  int64_t ticks_a_second = frame_rate.num;
  ticks_per_frame_ = frame_rate.den;
  for (; ticks_a_second < kLeastTicksASecond; ticks_a_second *= 2) ticks_per_frame_ *= 2;
  stream->time_base = {1, static_cast<int>(ticks_a_second)};
}

void Mp4Writer::Begin() {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "movflags", "+faststart", 0);
  av_dict_set_int(&options, "video_track_timescale", output_->streams[0]->time_base.den, 0);
  int code = avformat_write_header(output_.get(), &options);
  av_dict_free(&options);
  if (code < 0) Fail(code);
}

Mp4Writer::~Mp4Writer() {
  if (is_finished_) return;
  output_.reset();
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

void Mp4Writer::Write(AVPacket& packet, int64_t decode_time, int64_t presentation_time) {
  packet.stream_index = 0;
  packet.dts = decode_time * ticks_per_frame_;
  packet.pts = presentation_time * ticks_per_frame_;
  packet.duration = ticks_per_frame_;
  packet.flags &= AV_PKT_FLAG_KEY;
  packet.pos = -1;
  int code = av_write_frame(output_.get(), &packet);
  av_packet_unref(&packet);
  if (code < 0) Fail(code);
}

void Mp4Writer::Finish() {
  HEDDLE_DEMAND(!is_finished_);
  int code = av_write_trailer(output_.get());
  if (code >= 0) code = avio_closep(&output_->pb);
  if (code < 0) Fail(code);
  output_.reset();
  is_finished_ = true;
}

void Mp4Writer::Fail(int code) const {
  throw Error(ErrorKind::kSystem, "video can't be written: " + FfmpegMessage(code), file_.string());
}

}  // namespace heddle::data

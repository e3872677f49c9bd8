#include "heddle/data/video/stream_encoder.h"

#include <cstdlib>
#include <mutex>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::data {
namespace {

// SVT-AV1 prints what it does to stderr unless its environment says otherwise.
void SilenceEncoders() {
  static std::once_flag once;
  std::call_once(once, [] { ::setenv("SVT_LOG", "0", 0); });
}

CodecHandle OpenEncoder(const EncoderSettings& settings, const std::string& place) {
  PrepareFfmpeg();
  SilenceEncoders();
  const AVCodec* codec = avcodec_find_encoder_by_name(settings.encoder.c_str());
  if (!codec)
    throw Error(ErrorKind::kSystem, "FFmpeg on this machine has no encoder " + settings.encoder, place,
                "install an FFmpeg that has it, or choose another codec");
  CodecHandle encoder = NewCodec(codec);
  AVRational frame_rate = FrameRateOf(settings.fps);
  encoder->width = static_cast<int>(settings.width);
  encoder->height = static_cast<int>(settings.height);
  encoder->pix_fmt = settings.pixel_format;
  encoder->framerate = frame_rate;
  encoder->time_base = av_inv_q(frame_rate);
  encoder->gop_size = static_cast<int>(settings.gop);
  encoder->max_b_frames = 0;
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT | AV_CODEC_FLAG_CLOSED_GOP;
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : settings.options) av_dict_set(&options, key.c_str(), value.c_str(), 0);
  int code = avcodec_open2(encoder.get(), codec, &options);
  const AVDictionaryEntry* unknown = av_dict_get(options, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  std::string unknown_name = unknown ? unknown->key : "";
  av_dict_free(&options);
  if (code < 0)
    ThrowInput("encoder " + settings.encoder + " does not take pictures of " + std::to_string(settings.width) + "x" +
                   std::to_string(settings.height) + ": " + FfmpegMessage(code),
               place);
  if (!unknown_name.empty())
    throw Error(ErrorKind::kSystem, "encoder " + settings.encoder + " on this machine has no option " + unknown_name,
                place);
  return encoder;
}

FrameHandle NewPicture(const AVCodecContext& encoder) {
  FrameHandle picture = NewFrame();
  picture->format = encoder.pix_fmt;
  picture->width = encoder.width;
  picture->height = encoder.height;
  if (av_frame_get_buffer(picture.get(), 0) < 0) ThrowSystem("memory for a picture is not to be had", "", ENOMEM);
  return picture;
}

ParametersHandle ParametersOf(const AVCodecContext& encoder) {
  ParametersHandle parameters(avcodec_parameters_alloc());
  if (!parameters || avcodec_parameters_from_context(parameters.get(), &encoder) < 0)
    ThrowSystem("memory for a video is not to be had", "", ENOMEM);
  return parameters;
}

}  // namespace

StreamEncoder::StreamEncoder(std::filesystem::path file, const EncoderSettings& settings)
    : file_(std::move(file)),
      encoder_(OpenEncoder(settings, file_.string())),
      picture_(NewPicture(*encoder_)),
      packet_(NewPacket()),
      writer_(std::make_unique<Mp4Writer>(file_, *ParametersOf(*encoder_), encoder_->framerate)) {}

AVFrame& StreamEncoder::NextPicture() {
  if (av_frame_make_writable(picture_.get()) < 0)
    ThrowSystem("memory for a picture is not to be had", file_.string(), ENOMEM);
  return *picture_;
}

void StreamEncoder::Encode() {
  picture_->pts = num_pictures_++;
  if (int code = avcodec_send_frame(encoder_.get(), picture_.get()); code < 0) Fail(code);
  WritePackets();
}

void StreamEncoder::Finish() {
  HEDDLE_DEMAND(num_pictures_ > 0);
  if (int code = avcodec_send_frame(encoder_.get(), nullptr); code < 0) Fail(code);
  WritePackets();
  HEDDLE_DEMAND(num_packets_ == num_pictures_);
  writer_->Finish();
}

// One packet a picture, in their order: it is counted rather than believed, as some encoders round times.
void StreamEncoder::WritePackets() {
  int code = 0;
  while ((code = avcodec_receive_packet(encoder_.get(), packet_.get())) >= 0) {
    writer_->Write(*packet_, num_packets_, num_packets_);
    ++num_packets_;
  }
  if (code != AVERROR(EAGAIN) && code != AVERROR_EOF) Fail(code);
}

void StreamEncoder::Fail(int code) const {
  throw Error(ErrorKind::kSystem, "video can't be encoded: " + FfmpegMessage(code), file_.string());
}

}  // namespace heddle::data

#include "heddle/data/video/frame_decoder.h"

#include <string>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::data {
namespace {

// A decoder that was given so many packets beyond a frame's own and still keeps it has lost it.
constexpr int32_t kMaxPacketsBeyond = 64;

// All that a decoder can notice is an error.
constexpr int kStrict = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER | AV_EF_EXPLODE;

std::string PlaceOf(const MediaFile& file, int64_t frame) { return file.place() + ", frame " + std::to_string(frame); }

int64_t RoundUp(int64_t size) { return (size + 127) / 64 * 64; }

CodecHandle OpenDecoder(const MediaFile& file, const AVCodecParameters& parameters, int reorder_depth, int threads) {
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (!codec) ThrowInput(std::string("no decoder for ") + avcodec_get_name(parameters.codec_id), file.place());
  CodecHandle context = NewCodec(codec);
  if (avcodec_parameters_to_context(context.get(), &parameters) < 0) ThrowInput("its header is broken", file.place());
  context->pkt_timebase = {1, 1};
  context->thread_count = threads;
  context->thread_type = FF_THREAD_SLICE;  // threads by frame would answer later, not sooner
  context->err_recognition = kStrict;
  context->max_pixels = RoundUp(parameters.width) * RoundUp(parameters.height);
  // Streams that don't say how far they reorder make the decoder guess, and lose pictures while it learns.
  context->has_b_frames = reorder_depth;
  if (parameters.codec_id == AV_CODEC_ID_AV1) context->flags |= AV_CODEC_FLAG_LOW_DELAY;
  // When it is emptied, the decoder of H.264 takes what follows an open group's keyframe for damaged; FaultOf looks.
  if (parameters.codec_id == AV_CODEC_ID_H264) context->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  int code = avcodec_open2(context.get(), codec, nullptr);
  if (code < 0) ThrowInput("its decoder does not accept it: " + FfmpegMessage(code), file.place());
  return context;
}

}  // namespace

FrameDecoder::FrameDecoder(const MediaFile& file, const PacketIndex& index, const AVCodecParameters& parameters,
                           int threads)
    : file_(file),
      index_(index),
      context_(OpenDecoder(file, parameters, index.reorder_depth(), threads)),
      packet_(NewPacket()),
      current_(NewFrame()),
      height_(parameters.height),
      width_(parameters.width),
      can_be_open_(parameters.codec_id == AV_CODEC_ID_H264 && index.has_open_groups()),
      can_skip_(parameters.codec_id == AV_CODEC_ID_H264 && threads == 1) {}

const AVFrame& FrameDecoder::Decode(int64_t frame) {
  HEDDLE_DEMAND(frame >= 0 && frame < index_.num_frames());
  if (frame == current_number_ || TakeSpare(frame)) return *current_;
  current_number_ = -1;
  try {
    if (!CanGoOn(frame)) BeginRun(frame);
    RunTo(frame);
  } catch (...) {
    running_ = false;
    av_frame_unref(current_.get());
    throw;
  }
  current_number_ = frame;
  return *current_;
}

bool FrameDecoder::TakeSpare(int64_t frame) {
  for (FrameHandle& spare : spares_) {
    if (index_.packet(static_cast<int32_t>(spare->pts)).frame != frame) continue;
    std::swap(spare, current_);
    current_number_ = frame;
    return true;
  }
  return false;
}

bool FrameDecoder::CanGoOn(int64_t frame) const {
  int32_t start = index_.StartOf(frame);
  return running_ && frame > last_out_ && start >= run_start_ && start <= next_packet_;
}

void FrameDecoder::BeginRun(int64_t frame) {
  run_start_ = next_packet_ = index_.StartOf(frame);
  if (run_start_ < 0) ThrowBroken(frame, "there is no keyframe to begin at");
  avcodec_flush_buffers(context_.get());
  // The bookkeeping of an open group of H.264 names pictures before it, which a run that begins there has not decoded.
  bool is_open = can_be_open_ && run_start_ > 0;
  context_->err_recognition = is_open ? kStrict & ~AV_EF_EXPLODE : kStrict;
  spares_.clear();
  last_out_ = -1;
  drained_ = false;
  running_ = true;
}

void FrameDecoder::RunTo(int64_t frame) {
  while (last_out_ < frame) {
    int code = avcodec_receive_frame(context_.get(), current_.get());
    if (code == AVERROR(EAGAIN)) {
      FeedOne(frame);
    } else if (code == AVERROR_EOF) {
      ThrowBroken(frame, "the decoder made no picture of it");
    } else if (code < 0) {
      ThrowBroken(frame, FfmpegMessage(code));
    } else if (const char* fault = FaultOf(*current_)) {
      ThrowBroken(frame, fault);
    } else if (int64_t number = NumberOf(*current_); number >= 0) {
      if (number <= last_out_ || number > frame)
        ThrowBroken(frame, "its pictures come in another order than its times");
      last_out_ = number;
    }
  }
  if (drained_) CollectSpares();
}

// Emptying the decoder spares it the packets beyond the wanted one, but the next run must begin at a keyframe again:
// right where that costs no more than what it spares.
bool FrameDecoder::ShouldDrain(int64_t frame) const {
  int32_t own = index_.PacketOf(frame);
  if (next_packet_ == index_.num_packets() || next_packet_ > own + kMaxPacketsBeyond) return true;
  return next_packet_ > own && own - run_start_ < context_->has_b_frames;
}

void FrameDecoder::FeedOne(int64_t frame) {
  if (ShouldDrain(frame)) {
    drained_ = true;
    avcodec_send_packet(context_.get(), nullptr);
    return;
  }
  const CodedPacket& packet = index_.packet(next_packet_);
  // Shown before the keyframe that the run began at: may need what the run has not decoded, and nothing needs it.
  bool is_leading = packet.presentation < index_.packet(run_start_).presentation;
  if (!is_leading) {
    if (can_skip_) context_->skip_frame = packet.frame < frame ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    SendPacket(packet, next_packet_);
  }
  ++next_packet_;
}

void FrameDecoder::SendPacket(const CodedPacket& packet, int32_t number) {
  av_packet_unref(packet_.get());
  if (av_new_packet(packet_.get(), packet.num_bytes) < 0)
    ThrowSystem("memory for a video is not to be had", file_.place(), ENOMEM);
  file_.ReadAll(packet.position, {packet_->data, static_cast<size_t>(packet.num_bytes)});
  // Its own number takes the place of its time, and comes out with the picture.
  packet_->pts = packet_->dts = number;
  if (packet.is_key) packet_->flags |= AV_PKT_FLAG_KEY;
  int code = avcodec_send_packet(context_.get(), packet_.get());
  if (code < 0) ThrowBroken(packet.frame, FfmpegMessage(code));
}

// Null if the picture is sound.
const char* FrameDecoder::FaultOf(const AVFrame& picture) const {
  if (picture.pts < run_start_ || picture.pts >= next_packet_) return "a picture of unknown origin";
  if (picture.decode_error_flags != 0 || (picture.flags & AV_FRAME_FLAG_CORRUPT)) return "a picture is damaged";
  if (picture.width != width_ || picture.height != height_) return "a picture has another size than the file says";
  if (picture.pts == run_start_ && picture.pict_type != AV_PICTURE_TYPE_I)
    return "what its index calls a keyframe is none";
  return nullptr;
}

int64_t FrameDecoder::NumberOf(const AVFrame& picture) const {
  return index_.packet(static_cast<int32_t>(picture.pts)).frame;
}

void FrameDecoder::CollectSpares() {
  running_ = false;
  FrameHandle spare = NewFrame();
  while (avcodec_receive_frame(context_.get(), spare.get()) >= 0) {
    if (FaultOf(*spare) || NumberOf(*spare) < 0) continue;
    spares_.push_back(std::move(spare));
    spare = NewFrame();
  }
}

void FrameDecoder::ThrowBroken(int64_t frame, const std::string& why) const {
  ThrowInput("video can't be decoded: " + why, PlaceOf(file_, frame), "copy or record the file again");
}

}  // namespace heddle::data

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/video/container.h"
#include "heddle/data/video/mp4_writer.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data {
namespace {

// A part, opened.
struct Source {
  explicit Source(const VideoPart& part)
      : file(part.file), container(ReadContainer(file)), num_frames(part.num_frames) {
    index = PacketIndex(std::move(container.packets));
  }
  std::string place() const { return file.place(); }

  MediaFile file;
  Container container;
  PacketIndex index;
  int64_t num_frames;
};

// The frames that are taken must be the packets that come first.
void CheckWhole(const Source& source) {
  if (source.num_frames < 1 || source.num_frames > source.index.num_frames())
    ThrowInput(
        "it has " + std::to_string(source.index.num_frames()) + " frames, not " + std::to_string(source.num_frames),
        source.place());
  for (int32_t i = 0; i < source.num_frames; ++i) {
    int32_t frame = source.index.packet(i).frame;
    if (frame < 0 || frame >= source.num_frames)
      ThrowInput("its frames can't be cut there without encoding them anew", source.place());
  }
  if (!source.index.packet(0).is_key) ThrowInput("it does not begin with a keyframe", source.place());
}

AVRational FrameRateOf(const Source& source) {
  const PacketIndex& index = source.index;
  if (index.num_frames() == 1) return source.container.declared_rate;
  const int64_t step = index.PresentationOf(1) - index.PresentationOf(0);
  for (int64_t i = 1; i < index.num_frames(); ++i)
    if (index.PresentationOf(i) - index.PresentationOf(i - 1) != step)
      ThrowInput("its frames don't follow each other evenly", source.place() + ", frame " + std::to_string(i));
  AVRational rate{};
  const AVRational& tick = source.container.tick;
  if (step < 1 || !av_reduce(&rate.num, &rate.den, tick.den, tick.num * step, 1 << 30))
    ThrowInput("its frame rate is out of bounds", source.place());
  return rate;
}

bool HaveSameHeader(const AVCodecParameters& a, const AVCodecParameters& b) {
  return a.extradata_size == b.extradata_size &&
         (a.extradata_size == 0 || std::memcmp(a.extradata, b.extradata, static_cast<size_t>(a.extradata_size)) == 0);
}

void CheckAlike(const Source& first, const Source& other) {
  const AVCodecParameters &a = *first.container.parameters, &b = *other.container.parameters;
  const char* difference = a.codec_id != b.codec_id                                ? "codec"
                           : a.width != b.width || a.height != b.height            ? "size"
                           : av_cmp_q(FrameRateOf(first), FrameRateOf(other)) != 0 ? "frame rate"
                           : !HaveSameHeader(a, b)                                 ? "encoder's settings"
                                                                                   : nullptr;
  if (difference)
    ThrowInput(std::string("its ") + difference + " can't be joined to that of " + first.place() + ": they differ",
               other.place(), "begin a new file with it");
}

int64_t CopyPackets(const Source& source, int64_t first_frame, int reorder_depth, Mp4Writer& writer) {
  PacketHandle packet = NewPacket();
  for (int32_t i = 0; i < source.num_frames; ++i) {
    const CodedPacket& coded = source.index.packet(i);
    if (av_new_packet(packet.get(), coded.num_bytes) < 0)
      ThrowSystem("memory for a video is not to be had", source.place(), ENOMEM);
    source.file.ReadAll(coded.position, {packet->data, static_cast<size_t>(coded.num_bytes)});
    packet->flags = coded.is_key ? AV_PKT_FLAG_KEY : 0;
    writer.Write(*packet, first_frame + i - reorder_depth, first_frame + coded.frame);
  }
  return first_frame + source.num_frames;
}

}  // namespace

void JoinVideos(const std::vector<VideoPart>& parts, const std::filesystem::path& out) {
  HEDDLE_DEMAND(!parts.empty());
  std::vector<std::unique_ptr<Source>> sources;
  int reorder_depth = 0;
  for (const VideoPart& part : parts) {
    sources.push_back(std::make_unique<Source>(part));
    CheckWhole(*sources.back());
    CheckAlike(*sources.front(), *sources.back());
    reorder_depth = std::max(reorder_depth, sources.back()->index.reorder_depth());
  }
  Mp4Writer writer(out, *sources.front()->container.parameters, FrameRateOf(*sources.front()));
  int64_t next = 0;
  for (const auto& source : sources) next = CopyPackets(*source, next, reorder_depth, writer);
  writer.Finish();
}

}  // namespace heddle::data

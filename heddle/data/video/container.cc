#include "heddle/data/video/container.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr int kBufferBytes = 4096;
constexpr size_t kHeaderBytes = 64;  // of a Matroska block, at most
constexpr const char* kMend = "copy or record it again, or convert it to mp4";

// FFmpeg's view of the file. While only the index is wanted, packets' payload is answered with zeros instead of being
// read: requests longer than the buffer are packets (all else goes through the buffer).
struct Window {
  const MediaFile* file = nullptr;
  int64_t position = 0;
  bool skip_payload = false;
};

int ReadBytes(void* opaque, uint8_t* to, int size) {
  auto* window = static_cast<Window*>(opaque);
  int64_t left = std::max<int64_t>(0, window->file->size() - window->position);
  auto n = static_cast<size_t>(std::min<int64_t>(size, left));
  if (n == 0) return AVERROR_EOF;
  if (window->skip_payload && size > kBufferBytes) {
    std::memset(to, 0, n);
  } else {
    try {
      n = window->file->ReadSome(window->position, {to, n});
    } catch (const Error&) {
      return AVERROR(EIO);
    }
  }
  window->position += static_cast<int64_t>(n);
  return n == 0 ? AVERROR_EOF : static_cast<int>(n);
}

int64_t Seek(void* opaque, int64_t offset, int whence) {
  auto* window = static_cast<Window*>(opaque);
  int64_t size = window->file->size();
  if (whence & AVSEEK_SIZE) return size;
  whence &= ~AVSEEK_FORCE;
  int64_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? window->position : size;
  if (offset < -base || offset > std::numeric_limits<int64_t>::max() - base) return AVERROR(EINVAL);
  return window->position = base + offset;
}

struct Opened {
  Window window;
  IoHandle io;
  InputHandle input;  // after io, so that it goes first
  int stream = 0;
  bool is_mp4 = false;
};

void OpenInput(const MediaFile& file, Opened& opened) {
  opened.window.file = &file;
  auto* buffer = static_cast<uint8_t*>(av_malloc(kBufferBytes));
  if (buffer) opened.io.reset(avio_alloc_context(buffer, kBufferBytes, 0, &opened.window, ReadBytes, nullptr, Seek));
  AVFormatContext* input = avformat_alloc_context();
  if (!opened.io || !input) ThrowSystem("memory for a video is not to be had", file.place(), ENOMEM);
  input->pb = opened.io.get();
  input->flags |= AVFMT_FLAG_CUSTOM_IO | AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  // Formats that could name other files to be opened are kept out.
  input->format_whitelist = av_strdup("mov,mp4,matroska,webm");
  int code = avformat_open_input(&input, "", nullptr, nullptr);  // frees it on failure
  if (code < 0) ThrowInput("not a video that can be read: " + FfmpegMessage(code), file.place(), kMend);
  opened.input.reset(input);
  opened.is_mp4 = std::strstr(input->iformat->name, "mp4") != nullptr;
}

void ChooseStream(const MediaFile& file, Opened& opened) {
  int chosen = av_find_best_stream(opened.input.get(), AVMEDIA_TYPE_VIDEO, -1, -1, nullptr, 0);
  if (chosen < 0) ThrowInput("there is no video stream in it", file.place(), kMend);
  opened.stream = chosen;
  for (unsigned i = 0; i < opened.input->nb_streams; ++i)
    if (static_cast<int>(i) != chosen) opened.input->streams[i]->discard = AVDISCARD_ALL;
}

// Where the packet's own bytes begin: at its position in an mp4; a few bytes behind it in Matroska, whose blocks have
// a header, so it is looked for.
int64_t PayloadPosition(const MediaFile& file, const AVPacket& packet, bool is_mp4) {
  if (is_mp4) return packet.pos;
  std::vector<uint8_t> bytes(static_cast<size_t>(packet.size) + kHeaderBytes);
  bytes.resize(file.ReadSome(packet.pos, bytes));
  auto found = std::search(bytes.begin(), bytes.end(), packet.data, packet.data + packet.size);
  if (found == bytes.end()) ThrowInput("its packets are stored in a way that is not read", file.place(), kMend);
  return packet.pos + (found - bytes.begin());
}

CodedPacket ToCodedPacket(const MediaFile& file, const AVPacket& packet, bool is_mp4) {
  int64_t time = packet.pts != AV_NOPTS_VALUE ? packet.pts : packet.dts;
  if (packet.pos < 0 || packet.size <= 0 || time == AV_NOPTS_VALUE)
    ThrowInput("a packet has no place or no time", file.place(), kMend);
  if ((packet.flags & AV_PKT_FLAG_CORRUPT) || packet.size > file.size() - packet.pos)
    ThrowInput("its index lies outside the file: it was cut off", file.place(), kMend);
  return {.position = PayloadPosition(file, packet, is_mp4),
          .presentation = time,
          .num_bytes = packet.size,
          .is_key = (packet.flags & AV_PKT_FLAG_KEY) != 0,
          .is_hidden = (packet.flags & AV_PKT_FLAG_DISCARD) != 0};
}

std::vector<CodedPacket> ReadPackets(const MediaFile& file, Opened& opened) {
  opened.window.skip_payload = opened.is_mp4;
  std::vector<CodedPacket> packets;
  PacketHandle packet = NewPacket();
  int code = 0;
  while ((code = av_read_frame(opened.input.get(), packet.get())) >= 0) {
    if (packet->stream_index == opened.stream) packets.push_back(ToCodedPacket(file, *packet, opened.is_mp4));
    av_packet_unref(packet.get());
  }
  if (code != AVERROR_EOF || opened.io->error < 0)
    ThrowInput("its index can't be read: " + FfmpegMessage(code), file.place(), kMend);
  int listed = avformat_index_get_entries_count(opened.input->streams[opened.stream]);
  if (packets.empty() || (opened.is_mp4 && static_cast<size_t>(listed) > packets.size()))
    ThrowInput("its index names more frames than the file holds: it was cut off", file.place(), kMend);
  return packets;
}

}  // namespace

Container ReadContainer(const MediaFile& file) {
  PrepareFfmpeg();
  Opened opened;
  OpenInput(file, opened);
  ChooseStream(file, opened);
  Container container;
  container.packets = ReadPackets(file, opened);
  const AVStream& stream = *opened.input->streams[opened.stream];
  container.parameters.reset(avcodec_parameters_alloc());
  if (!container.parameters || avcodec_parameters_copy(container.parameters.get(), stream.codecpar) < 0)
    ThrowSystem("memory for a video is not to be had", file.place(), ENOMEM);
  container.tick = stream.time_base;
  if (stream.avg_frame_rate.den > 0) container.declared_rate = stream.avg_frame_rate;
  return container;
}

}  // namespace heddle::data

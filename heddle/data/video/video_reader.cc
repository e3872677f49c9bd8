#include "heddle/data/video/video_reader.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/data/lerobot/depth_codes.h"
#include "heddle/data/video/container.h"
#include "heddle/data/video/decoded_frame.h"
#include "heddle/data/video/frame_decoder.h"
#include "heddle/data/video/yuv_to_rgb.h"

namespace heddle::data {
namespace {

constexpr int kDepthBits = 12;
// What a decoder keeps besides its reordering: references and the picture at work.
constexpr size_t kPicturesKept = 10;
constexpr size_t kOtherBytes = size_t{1} << 20;

void CheckSize(const AVCodecParameters& parameters, const std::string& place) {
  int64_t width = parameters.width, height = parameters.height;
  if (width < 1 || height < 1 || width > kMaxPixels || height > kMaxPixels || width * height > kMaxPixels)
    ThrowInput("its pictures are said to be " + std::to_string(width) + "x" + std::to_string(height), place);
}

// From the first packet's header, for codecs whose headers FFmpeg can read alone.
AVPixelFormat ParsePixelFormat(const MediaFile& file, const PacketIndex& index, const AVCodecParameters& parameters) {
  ParserHandle parser(av_parser_init(parameters.codec_id));
  CodecHandle context = NewCodec(nullptr);
  if (!parser || avcodec_parameters_to_context(context.get(), &parameters) < 0) return AV_PIX_FMT_NONE;
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  const CodedPacket& first = index.packet(0);
  std::vector<uint8_t> bytes(static_cast<size_t>(first.num_bytes) + AV_INPUT_BUFFER_PADDING_SIZE);
  file.ReadAll(first.position, std::span(bytes).first(static_cast<size_t>(first.num_bytes)));
  uint8_t* out = nullptr;
  int out_bytes = 0;
  av_parser_parse2(parser.get(), context.get(), &out, &out_bytes, bytes.data(), first.num_bytes, AV_NOPTS_VALUE,
                   AV_NOPTS_VALUE, 0);
  return static_cast<AVPixelFormat>(parser->format);
}

}  // namespace

struct VideoReader::Parts {
  Parts(const std::filesystem::path& path, int threads);
  void ReadFacts();
  FrameDecoder& decoder();
  const AVFrame& Decode(int64_t frame);
  void CheckFrame(int64_t frame) const;
  std::string PlaceOf(int64_t frame) const { return file.place() + ", frame " + std::to_string(frame); }

  MediaFile file;
  int num_threads;
  Container container;
  PacketIndex index;
  VideoFacts facts;
  std::unique_ptr<FrameDecoder> frame_decoder;  // made when the first frame is read
};

VideoReader::Parts::Parts(const std::filesystem::path& path, int threads)
    : file(path), num_threads(threads), container(ReadContainer(file)), index(std::move(container.packets)) {
  HEDDLE_DEMAND(threads >= 1);
  CheckSize(*container.parameters, file.place());
  if (index.num_frames() == 0) ThrowInput("it shows no frame", file.place());
  if (!avcodec_find_decoder(container.parameters->codec_id))
    ThrowInput(std::string("no decoder for ") + avcodec_get_name(container.parameters->codec_id), file.place());
  ReadFacts();
}

void VideoReader::Parts::ReadFacts() {
  const AVCodecParameters& parameters = *container.parameters;
  facts.num_frames = index.num_frames();
  facts.num_keyframes = index.num_keyframes();
  facts.height = parameters.height;
  facts.width = parameters.width;
  facts.codec = avcodec_get_name(parameters.codec_id);
  AVPixelFormat format = ParsePixelFormat(file, index, parameters);
  if (format == AV_PIX_FMT_NONE) format = static_cast<AVPixelFormat>(Decode(0).format);
  const char* name = av_get_pix_fmt_name(format);
  facts.pixel_format = name ? name : "unknown";
  int64_t ticks = index.PresentationOf(facts.num_frames - 1) - index.PresentationOf(0);
  facts.fps = av_q2d(container.declared_rate);
  if (ticks > 0)
    facts.fps = static_cast<double>(facts.num_frames - 1) / (static_cast<double>(ticks) * av_q2d(container.tick));
}

FrameDecoder& VideoReader::Parts::decoder() {
  if (!frame_decoder) frame_decoder = std::make_unique<FrameDecoder>(file, index, *container.parameters, num_threads);
  return *frame_decoder;
}

void VideoReader::Parts::CheckFrame(int64_t frame) const {
  if (frame < 0 || frame >= index.num_frames())
    ThrowInput("there is no such frame: the video has " + std::to_string(index.num_frames()), PlaceOf(frame));
}

const AVFrame& VideoReader::Parts::Decode(int64_t frame) {
  CheckFrame(frame);
  return decoder().Decode(frame);
}

VideoReader::VideoReader(const std::filesystem::path& file, int threads)
    : parts_(std::make_unique<Parts>(file, threads)) {}
VideoReader::~VideoReader() = default;
VideoReader::VideoReader(VideoReader&&) noexcept = default;
VideoReader& VideoReader::operator=(VideoReader&&) noexcept = default;

const VideoFacts& VideoReader::facts() const { return parts_->facts; }

double VideoReader::TimeOf(int64_t frame) const {
  parts_->CheckFrame(frame);
  int64_t ticks = parts_->index.PresentationOf(frame) - parts_->index.PresentationOf(0);
  const AVRational& tick = parts_->container.tick;
  return static_cast<double>(ticks) * tick.num / tick.den;
}

int64_t VideoReader::KeyframeOf(int64_t frame) const {
  parts_->CheckFrame(frame);
  int32_t start = parts_->index.StartOf(frame);
  return start < 0 ? -1 : parts_->index.packet(start).frame;
}

void VideoReader::ReadRgb(int64_t frame, std::span<uint8_t> pixels) {
  ConvertToRgb(parts_->Decode(frame), Rounding::kProductsDown, pixels, parts_->PlaceOf(frame));
}

Image VideoReader::ReadRgb(int64_t frame) {
  Image image{.height = facts().height, .width = facts().width, .channels = 3, .pixels = {}};
  const AVFrame& picture = parts_->Decode(frame);
  image.pixels.resize(static_cast<size_t>(image.height * image.width * 3));
  ConvertToRgb(picture, Rounding::kProductsDown, image.pixels, parts_->PlaceOf(frame));
  return image;
}

void VideoReader::ReadCodes(int64_t frame, std::span<uint16_t> codes) {
  CopyCodes(parts_->Decode(frame), codes, parts_->PlaceOf(frame));
}

DepthImage VideoReader::ReadDepth(int64_t frame, const DepthCoding& coding) {
  const AVFrame& picture = parts_->Decode(frame);
  if (LumaBits(static_cast<AVPixelFormat>(picture.format)) != kDepthBits)
    ThrowInput("its codes are not of 12 bits, as a depth video's are", parts_->PlaceOf(frame));
  std::vector<uint16_t> codes(static_cast<size_t>(facts().height * facts().width));
  CopyCodes(picture, codes, parts_->PlaceOf(frame));
  constexpr double kMillimetresPerMetre = 1000;
  return {
      .height = facts().height, .width = facts().width, .values = CodesToDepth(codes, coding, kMillimetresPerMetre)};
}

size_t VideoReader::MemoryBytes() const {
  const Parts& parts = *parts_;
  size_t bytes = parts.index.MemoryBytes() + kOtherBytes;
  if (!parts.frame_decoder) return bytes;
  int bits = std::max(8, LumaBits(av_get_pix_fmt(parts.facts.pixel_format.c_str())));
  auto picture = static_cast<size_t>(parts.facts.height * parts.facts.width) * (bits > 8 ? 3 : 2);
  return bytes + picture * (kPicturesKept + static_cast<size_t>(parts.index.reorder_depth()));
}

const AVFrame& DecodedFrame(VideoReader& reader, int64_t frame) { return reader.parts_->Decode(frame); }

}  // namespace heddle::data

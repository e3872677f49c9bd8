#include "heddle/data/video/image_codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

#include "heddle/core/error.h"
#include "heddle/data/test/numbered_video.h"

namespace heddle::data {
namespace {

Image SomeImage(int64_t height, int64_t width, int64_t channels) {
  Image image{.height = height, .width = width, .channels = channels, .pixels = {}};
  std::mt19937 random(3);
  for (int64_t i = 0; i < height * width * channels; ++i) image.pixels.push_back(static_cast<uint8_t>(random()));
  return image;
}

// One picture through one of FFmpeg's encoders, its first plane filled with `bytes`.
std::string EncodePlane(const char* encoder_name, AVPixelFormat format, int height, int width, const void* bytes,
                        size_t row_bytes) {
  PrepareFfmpeg();
  const AVCodec* codec = avcodec_find_encoder_by_name(encoder_name);
  CodecHandle encoder(avcodec_alloc_context3(codec));
  encoder->height = height;
  encoder->width = width;
  encoder->pix_fmt = format;
  encoder->time_base = {1, 1};
  test::Require(avcodec_open2(encoder.get(), codec, nullptr), "open");
  FrameHandle frame(av_frame_alloc());
  frame->format = format;
  frame->height = height;
  frame->width = width;
  test::Require(av_frame_get_buffer(frame.get(), 0), "buffer");
  for (int plane = 1; plane < 3 && frame->data[plane]; ++plane)
    std::memset(frame->data[plane], 128, static_cast<size_t>(frame->linesize[plane] * height / 2));
  for (int y = 0; y < height; ++y)
    std::memcpy(frame->data[0] + static_cast<ptrdiff_t>(y) * frame->linesize[0],
                static_cast<const char*>(bytes) + static_cast<size_t>(y) * row_bytes, row_bytes);
  PacketHandle packet(av_packet_alloc());
  test::Require(avcodec_send_frame(encoder.get(), frame.get()), "send");
  test::Require(avcodec_send_frame(encoder.get(), nullptr), "end");
  test::Require(avcodec_receive_packet(encoder.get(), packet.get()), "receive");
  return {reinterpret_cast<const char*>(packet->data), static_cast<size_t>(packet->size)};
}

// A little-endian TIFF of one uncompressed strip, as imaging libraries write depth.
template <typename T>
std::string PlainTiff(uint16_t sample_format, uint32_t width, uint32_t height, const std::vector<T>& values) {
  std::string out("II*\0\x08\0\0\0", 8);
  auto put16 = [&](uint16_t v) { out.append(reinterpret_cast<const char*>(&v), 2); };
  auto put32 = [&](uint32_t v) { out.append(reinterpret_cast<const char*>(&v), 4); };
  auto entry = [&](uint16_t tag, uint32_t value) { put16(tag), put16(4), put32(1), put32(value); };
  constexpr uint16_t kEntries = 8;
  put16(kEntries);
  entry(256, width), entry(257, height), entry(258, 8 * sizeof(T)), entry(259, 1);
  entry(273, 8 + 2 + 12 * kEntries + 4), entry(277, 1), entry(279, static_cast<uint32_t>(values.size() * sizeof(T)));
  entry(339, sample_format);
  put32(0);
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return out;
}

TEST(ImageCodec, PngComesBackExactlyAndIsTheSameBytes) {
  for (auto [height, width] : {std::pair{1, 1}, {5, 7}, {48, 64}}) {
    Image image = SomeImage(height, width, 3);
    std::string bytes = EncodePng(image);
    EXPECT_EQ(DecodeImage(bytes, "here"), image);
    EXPECT_EQ(EncodePng(image), bytes);
  }
}

TEST(ImageCodec, GreyIsRepeatedOverTheChannels) {
  Image grey = SomeImage(6, 9, 1);
  Image rgb = DecodeImage(EncodePng(grey), "here");
  ASSERT_EQ(rgb.channels, 3);
  for (size_t i = 0; i < rgb.pixels.size(); ++i) ASSERT_EQ(rgb.pixels[i], grey.pixels[i / 3]);
}

TEST(ImageCodec, AlphaIsDropped) {
  Image rgba = SomeImage(4, 4, 4);
  Image rgb = DecodeImage(EncodePlane("png", AV_PIX_FMT_RGBA, 4, 4, rgba.pixels.data(), 16), "here");
  for (size_t i = 0; i < rgb.pixels.size(); ++i) ASSERT_EQ(rgb.pixels[i], rgba.pixels[i / 3 * 4 + i % 3]);
}

TEST(ImageCodec, JpegIsNearAndFullRange) {
  std::vector<uint8_t> ramp(32 * 64);
  for (size_t i = 0; i < ramp.size(); ++i) ramp[i] = static_cast<uint8_t>(i % 64 * 4);
  Image image = DecodeImage(EncodePlane("mjpeg", AV_PIX_FMT_YUVJ420P, 32, 64, ramp.data(), 64), "here");
  for (size_t i = 0; i < image.pixels.size(); ++i) ASSERT_NEAR(image.pixels[i], ramp[i / 3], 12);
  EXPECT_LT(image.pixels[0], 6);
  EXPECT_GT(image.pixels[63 * 3], 246);
}

TEST(ImageCodec, DepthOfSixteenBitsAndFloatsComesAsNumbers) {
  const std::vector<uint16_t> codes{0, 1, 500, 4095, 40000, 65535};
  const std::vector<float> as_numbers(codes.begin(), codes.end());
  EXPECT_EQ(DecodeDepthImage(EncodePlane("png", AV_PIX_FMT_GRAY16BE, 2, 3, "\0\0\0\1\1\364\17\377\234\100\377\377", 6),
                             "here")
                .values,
            as_numbers);
  EXPECT_EQ(DecodeDepthImage(EncodePlane("tiff", AV_PIX_FMT_GRAY16LE, 2, 3, codes.data(), 6), "here").values,
            as_numbers);
  EXPECT_EQ(DecodeDepthImage(PlainTiff(1, 3, 2, codes), "here").values, as_numbers);
  const std::vector<float> metres{0.25F, 1.5F, -1.0F, 1e-3F};
  DepthImage image = DecodeDepthImage(PlainTiff(3, 2, 2, metres), "here");
  EXPECT_EQ(image.values, metres);
  EXPECT_EQ(image.height, 2);
  EXPECT_EQ(image.width, 2);
}

template <typename Decode>
std::string MessageOf(Decode decode, const std::string& bytes) {
  try {
    decode(bytes, "row 7");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "";
}

TEST(ImageCodec, WhatIsNoPictureIsAnErrorWithItsPlace) {
  EXPECT_THAT(MessageOf(DecodeImage, ""), ::testing::StartsWith("row 7: "));
  EXPECT_THAT(MessageOf(DecodeImage, "hello"), ::testing::HasSubstr("not a PNG"));
  EXPECT_THAT(MessageOf(DecodeDepthImage, EncodePng(SomeImage(4, 4, 3))), ::testing::HasSubstr("one channel"));
}

TEST(ImageCodec, AHugeClaimIsRefusedBeforeMemoryIsTaken) {
  std::string png = EncodePng(SomeImage(4, 4, 3));
  for (size_t i : {16U, 20U}) png.replace(i, 4, std::string("\0\0\xff\xff", 4));  // width and height in the header
  EXPECT_NE(MessageOf(DecodeImage, png), "");
  EXPECT_THAT(MessageOf(DecodeDepthImage, PlainTiff<uint16_t>(1, 1U << 31, 1U << 31, {1})),
              ::testing::HasSubstr("2147483648x2147483648"));
}

TEST(ImageCodec, DamageIsAnErrorOrAPictureButNeverACrash) {
  const std::vector<uint16_t> codes(20 * 20, 7);
  const Image image = SomeImage(20, 20, 3);
  const std::string png = EncodePng(image), tiff = PlainTiff(1, 20, 20, codes);
  const std::string jpeg = EncodePlane("mjpeg", AV_PIX_FMT_YUVJ420P, 16, 16, image.pixels.data(), 16);
  std::mt19937 random(11);
  auto attempt = [](const std::string& bytes) { MessageOf(DecodeImage, bytes), MessageOf(DecodeDepthImage, bytes); };
  for (const std::string& whole : {png, tiff, jpeg}) {
    for (size_t length = 0; length < whole.size(); length += 1 + whole.size() / 50) attempt(whole.substr(0, length));
    for (int i = 0; i < 200; ++i) {
      std::string bytes = whole;
      bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
      attempt(bytes);
    }
  }
}

TEST(ImageCodec, APngThatIsCutOffIsNeverServed) {
  const std::string png = EncodePng(SomeImage(20, 20, 3));
  for (size_t length = 0; length + 16 < png.size(); length += 7)
    EXPECT_NE(MessageOf(DecodeImage, png.substr(0, length)), "");
}

}  // namespace
}  // namespace heddle::data

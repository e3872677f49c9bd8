// Written videos: frame for frame what was given, the same bytes for the same frames, and joining that does not care
// how often or in which steps it was done.
#include "heddle/data/video/video_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/test/numbered_video.h"
#include "heddle/data/video/video_reader.h"

#ifdef __SANITIZE_ADDRESS__
// x265 leaks about a kilobyte an encoder.
extern "C" const char* __lsan_default_suppressions() { return "leak:libx265\n"; }
#endif

namespace heddle::data {
namespace {

using test::ReadNumber;

constexpr int kHeight = test::kNumberedHeight, kWidth = test::kNumberedWidth;

class VideoWriter : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(info->test_suite_name()) + "." + info->name();
    std::replace(name.begin(), name.end(), '/', '_');
    folder_ = std::filesystem::path(::testing::TempDir()) / ("heddle_" + name);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path Path(const std::string& name) const { return folder_ / name; }
  std::filesystem::path folder_;
};

std::vector<uint8_t> NumberedPixels(int number) {
  std::vector<uint8_t> rgb;
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x) {
      int level = (test::IsBright(number, x, y) ? 200 : 30) + (x * 5 + y * 3 + number * 7) % 23;
      for (int c : {0, 8, 16}) rgb.push_back(static_cast<uint8_t>(level + c));
    }
  return rgb;
}

std::vector<uint16_t> DepthCodes(int number) {
  std::vector<uint16_t> codes(static_cast<size_t>(kHeight * kWidth));
  std::mt19937 random(static_cast<unsigned>(number));
  for (uint16_t& code : codes) code = static_cast<uint16_t>(random() % 4096);
  return codes;
}

// How one kind of episode is written, with frames numbered from `first`.
struct Kind {
  std::string name;
  void (*write)(const std::filesystem::path& file, double fps, int first, int count);
};

void WriteColour(VideoCodec codec, const std::filesystem::path& file, double fps, int first, int count) {
  EpisodeEncoder encoder(file, {.codec = codec, .gop = 2, .crf = codec == VideoCodec::kAv1 ? 30 : 23, .fps = fps},
                         kHeight, kWidth);
  for (int i = 0; i < count; ++i) encoder.Add(NumberedPixels(first + i));
  encoder.Finish();
}

void WriteH264(const std::filesystem::path& file, double fps, int first, int count) {
  WriteColour(VideoCodec::kH264, file, fps, first, count);
}
void WriteAv1(const std::filesystem::path& file, double fps, int first, int count) {
  WriteColour(VideoCodec::kAv1, file, fps, first, count);
}
void WriteDepth(const std::filesystem::path& file, double fps, int first, int count) {
  DepthEpisodeEncoder encoder(file, fps, kHeight, kWidth);
  for (int i = 0; i < count; ++i) encoder.Add(DepthCodes(first + i));
  encoder.Finish();
}

class VideoWriterOfKind : public VideoWriter, public ::testing::WithParamInterface<Kind> {
 protected:
  void CheckContent(const std::filesystem::path& file, int first, int count, double fps) {
    VideoReader reader(file);
    ASSERT_EQ(reader.facts().num_frames, count);
    EXPECT_NEAR(reader.facts().fps, fps, 1e-6);
    for (int i = 0; i < count; ++i) {
      EXPECT_NEAR(reader.TimeOf(i), i / fps, 1e-9);
      if (GetParam().name == "Depth") {
        std::vector<uint16_t> codes(static_cast<size_t>(kHeight * kWidth));
        reader.ReadCodes(i, codes);
        EXPECT_EQ(codes, DepthCodes(first + i)) << i;
      } else {
        EXPECT_EQ(ReadNumber(reader.ReadRgb(i)), first + i);
      }
    }
  }
};

TEST_P(VideoWriterOfKind, WhatIsWrittenReadsBackFrameForFrame) {
  for (double fps : {30.0, 29.97, 30000.0 / 1001, 12.5, 1.0}) {
    GetParam().write(Path("a.mp4"), fps, 100, 5);
    CheckContent(Path("a.mp4"), 100, 5, fps);
  }
  GetParam().write(Path("one.mp4"), 30, 3, 1);
  CheckContent(Path("one.mp4"), 3, 1, 30);
}

TEST_P(VideoWriterOfKind, TheSameFramesGiveTheSameBytes) {
  GetParam().write(Path("a.mp4"), 30, 0, 9);
  GetParam().write(Path("b.mp4"), 30, 0, 9);
  EXPECT_EQ(ReadFile(Path("a.mp4")), ReadFile(Path("b.mp4")));
}

TEST_P(VideoWriterOfKind, JoinedFramesFollowEachOther) {
  for (auto [name, first, count] : {std::tuple{"a.mp4", 0, 7}, {"b.mp4", 7, 1}, {"c.mp4", 8, 4}})
    GetParam().write(Path(name), 20, first, count);
  JoinVideos({{Path("a.mp4"), 7}, {Path("b.mp4"), 1}, {Path("c.mp4"), 4}}, Path("all.mp4"));
  CheckContent(Path("all.mp4"), 0, 12, 20);
}

TEST_P(VideoWriterOfKind, JoiningIsAFunctionOfTheFramesAndNotOfItsSteps) {
  GetParam().write(Path("a.mp4"), 29.97, 0, 7);
  GetParam().write(Path("b.mp4"), 29.97, 7, 1);
  GetParam().write(Path("c.mp4"), 29.97, 8, 4);
  const VideoPart a{Path("a.mp4"), 7}, b{Path("b.mp4"), 1}, c{Path("c.mp4"), 4};
  JoinVideos({a}, Path("only_a.mp4"));
  JoinVideos({a, b}, Path("a_b.mp4"));
  JoinVideos({a, b, c}, Path("a_b_c.mp4"));
  auto same = [&](const std::vector<VideoPart>& parts, const std::string& as) {
    JoinVideos(parts, Path("again.mp4"));
    return ReadFile(Path("again.mp4")) == ReadFile(Path(as));
  };
  EXPECT_TRUE(same({{Path("only_a.mp4"), 7}}, "only_a.mp4"));
  EXPECT_TRUE(same({{Path("only_a.mp4"), 7}, b}, "a_b.mp4"));
  EXPECT_TRUE(same({{Path("a_b.mp4"), 8}, c}, "a_b_c.mp4"));
  EXPECT_TRUE(same({{Path("a_b_c.mp4"), 12}}, "a_b_c.mp4"));
  EXPECT_TRUE(same({{Path("a_b_c.mp4"), 8}}, "a_b.mp4"));
  EXPECT_TRUE(same({{Path("a_b_c.mp4"), 7}}, "only_a.mp4"));
  EXPECT_TRUE(same({{Path("a_b_c.mp4"), 8}, c}, "a_b_c.mp4"));
}

INSTANTIATE_TEST_SUITE_P(Kinds, VideoWriterOfKind,
                         ::testing::Values(Kind{"H264", WriteH264}, Kind{"Av1", WriteAv1}, Kind{"Depth", WriteDepth}),
                         [](const auto& made) { return made.param.name; });

std::string MessageOf(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(VideoWriter, DepthIsLosslessAtAnySize) {
  for (auto [height, width] : {std::pair{32, 16}, {48, 64}, {64, 66}, {70, 90}, {24, 130}}) {
    std::mt19937 random(1);
    std::vector<std::vector<uint16_t>> frames(6);
    DepthEpisodeEncoder encoder(Path("a.mp4"), 30, height, width);
    for (int i = 0; i < 6; ++i) {
      for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
          frames[static_cast<size_t>(i)].push_back(
              static_cast<uint16_t>((500 + 5 * x + 3 * y + 20 * i + static_cast<int>(random() % 300)) % 4096));
      encoder.Add(frames[static_cast<size_t>(i)]);
    }
    encoder.Finish();
    VideoReader reader(Path("a.mp4"));
    std::vector<uint16_t> codes(static_cast<size_t>(height * width));
    for (int i = 0; i < 6; ++i) {
      reader.ReadCodes(i, codes);
      EXPECT_EQ(codes, frames[static_cast<size_t>(i)]) << width << "x" << height << " frame " << i;
    }
  }
}

TEST_F(VideoWriter, AnUnfinishedFileIsRemoved) {
  {
    EpisodeEncoder encoder(Path("a.mp4"), {.fps = 30}, kHeight, kWidth);
    encoder.Add(NumberedPixels(1));
    EXPECT_TRUE(std::filesystem::exists(Path("a.mp4")));
  }
  EXPECT_FALSE(std::filesystem::exists(Path("a.mp4")));
}

TEST_F(VideoWriter, GopBoundsTheDistanceOfKeyframes) {
  EpisodeEncoder encoder(Path("a.mp4"), {.gop = 3, .fps = 30}, kHeight, kWidth);
  for (int i = 0; i < 10; ++i) encoder.Add(NumberedPixels(i));
  encoder.Finish();
  VideoReader reader(Path("a.mp4"));
  for (int i = 0; i < 10; ++i) EXPECT_LT(i - reader.KeyframeOf(i), 3);
}

TEST_F(VideoWriter, ColoursComeBackNear) {
  Image image{.height = kHeight, .width = kWidth, .channels = 3, .pixels = {}};
  for (int y = 0; y < kHeight; ++y)
    for (int x = 0; x < kWidth; ++x)
      for (int level : {x * 3 + 20, y * 3 + 20, 200 - x * 2}) image.pixels.push_back(static_cast<uint8_t>(level));
  EpisodeEncoder encoder(Path("a.mp4"), {.crf = 10, .fps = 30}, kHeight, kWidth);
  encoder.Add(image.pixels);
  encoder.Finish();
  Image back = VideoReader(Path("a.mp4")).ReadRgb(0);
  for (size_t i = 0; i < image.pixels.size(); ++i) ASSERT_NEAR(back.pixels[i], image.pixels[i], 9);
}

TEST_F(VideoWriter, WhatCannotBeWrittenIsAnErrorThatSaysWhy) {
  EXPECT_THAT(MessageOf([&] { EpisodeEncoder(Path("a.mp4"), {.fps = 30}, 65, 64); }),
              ::testing::HasSubstr("64x65 can't be made a video"));
  EXPECT_THAT(MessageOf([&] { EpisodeEncoder(Path("a.mp4"), {.codec = VideoCodec::kAv1, .fps = 30}, 48, 64); }),
              ::testing::HasSubstr("choose h264"));
  EXPECT_THAT(MessageOf([&] { EpisodeEncoder(Path("no/a.mp4"), {.fps = 30}, 64, 64); }),
              ::testing::HasSubstr("no/a.mp4"));
}

TEST_F(VideoWriter, PartsThatDifferAreNotJoined) {
  WriteH264(Path("a.mp4"), 30, 0, 4);
  WriteH264(Path("slow.mp4"), 15, 0, 4);
  WriteAv1(Path("av1.mp4"), 30, 0, 4);
  auto message = [&](const std::string& name, int64_t n) {
    return MessageOf([&] { JoinVideos({{Path("a.mp4"), 4}, {Path(name), n}}, Path("out.mp4")); });
  };
  EXPECT_THAT(message("av1.mp4", 4), ::testing::HasSubstr("av1.mp4: its codec"));
  EXPECT_THAT(message("slow.mp4", 4), ::testing::HasSubstr("slow.mp4: its frame rate"));
  EXPECT_THAT(message("a.mp4", 5), ::testing::HasSubstr("it has 4 frames, not 5"));
  EXPECT_FALSE(std::filesystem::exists(Path("out.mp4")));
}

// With B-frames the order of coding is not that of showing: joining keeps the times, and cuts only where it can.
TEST_F(VideoWriter, VideosOfOtherToolsWithBFramesAreJoined) {
  test::MakeVideo({.num_frames = 13, .max_b_frames = 3}, Path("a.mp4"));
  JoinVideos({{Path("a.mp4"), 13}, {Path("a.mp4"), 13}}, Path("twice.mp4"));
  VideoReader reader(Path("twice.mp4"));
  ASSERT_EQ(reader.facts().num_frames, 26);
  for (int i = 25; i >= 0; --i) EXPECT_EQ(ReadNumber(reader.ReadRgb(i)), i % 13);
}

// Damage to whole files of each codec: an error that names the file, or frames; never a crash.
class DamagedVideo : public VideoWriterOfKind {
 protected:
  // What reading all of the file says: empty if nothing is wrong.
  std::string ReadAll(const std::filesystem::path& file) {
    return MessageOf([&] {
      VideoReader reader(file);
      std::vector<uint16_t> codes(static_cast<size_t>(reader.facts().height * reader.facts().width));
      for (int64_t i = 0; i < reader.facts().num_frames; ++i)
        GetParam().name == "Depth" ? reader.ReadCodes(i, codes) : static_cast<void>(reader.ReadRgb(i));
    });
  }
  void Write(const std::string& bytes) { std::ofstream(Path("bad.mp4"), std::ios::binary) << bytes; }
};

TEST_P(DamagedVideo, CutOffAnywhereItIsAnError) {
  GetParam().write(Path("a.mp4"), 30, 0, 6);
  const std::string whole = ReadFile(Path("a.mp4"));
  ASSERT_EQ(ReadAll(Path("a.mp4")), "");
  for (size_t length = 0; length < whole.size(); length += 1 + whole.size() / 60) {
    Write(whole.substr(0, length));
    EXPECT_THAT(ReadAll(Path("bad.mp4")), ::testing::HasSubstr("bad.mp4")) << length << " of " << whole.size();
  }
}

TEST_P(DamagedVideo, FlippedBitsAreAnErrorOrOtherPixelsButNeverACrash) {
  GetParam().write(Path("a.mp4"), 30, 0, 6);
  const std::string whole = ReadFile(Path("a.mp4"));
  std::mt19937 random(5);
  int noticed = 0;
  for (int i = 0; i < 250; ++i) {
    std::string bytes = whole;
    // Every other one in the index, which stands in front.
    size_t span = i % 2 ? whole.size() : std::min<size_t>(whole.size(), 1000);
    bytes[random() % span] ^= static_cast<char>(1 << random() % 8);
    Write(bytes);
    const std::string message = ReadAll(Path("bad.mp4"));
    if (message.empty()) continue;
    ++noticed;
    EXPECT_THAT(message, ::testing::HasSubstr("bad.mp4"));
  }
  EXPECT_GT(noticed, 20);
}

INSTANTIATE_TEST_SUITE_P(Kinds, DamagedVideo,
                         ::testing::Values(Kind{"H264", WriteH264}, Kind{"Av1", WriteAv1}, Kind{"Depth", WriteDepth}),
                         [](const auto& made) { return made.param.name; });

}  // namespace
}  // namespace heddle::data

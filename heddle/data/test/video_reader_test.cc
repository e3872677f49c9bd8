// Frames by number: whatever the codec, the order of coding and the container, the number drawn into a frame is the
// number that it was asked for by.
#include "heddle/data/video/video_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/data/test/numbered_video.h"

namespace heddle::data {
namespace {

using test::HasEncoder;
using test::MakeVideo;
using test::NumberedVideo;
using test::ReadNumber;

std::filesystem::path TestFile(const std::string& extension = ".mp4") {
  const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = std::string(info->test_suite_name()) + "." + info->name();
  std::replace(name.begin(), name.end(), '/', '_');
  return std::filesystem::path(::testing::TempDir()) / ("heddle_" + name + extension);
}

struct Case {
  std::string name;
  NumberedVideo video;
  std::string extension = ".mp4";
};

class Numbered : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!HasEncoder(GetParam().video.encoder)) GTEST_SKIP() << "this FFmpeg has no " << GetParam().video.encoder;
    file_ = TestFile(GetParam().extension);
    MakeVideo(GetParam().video, file_);
  }
  void TearDown() override { std::filesystem::remove(file_); }
  std::filesystem::path file_;
};

TEST_P(Numbered, FramesComeByNumberInAnyOrder) {
  const NumberedVideo& video = GetParam().video;
  VideoReader reader(file_);
  const int num_frames = video.num_frames + static_cast<int>(std::min<int64_t>(0, video.first_time));
  ASSERT_EQ(reader.facts().num_frames, num_frames);
  EXPECT_NEAR(reader.facts().fps, 30, GetParam().extension == ".mp4" ? 1e-9 : 0.1);
  EXPECT_EQ(reader.facts().pixel_format, av_get_pix_fmt_name(video.format));
  std::vector<int> forward(static_cast<size_t>(num_frames));
  std::iota(forward.begin(), forward.end(), 0);
  std::vector<int> order = forward;
  for (int frame = num_frames - 1; frame >= 0; frame -= 1 + num_frames / 80) order.push_back(frame);
  std::mt19937 random(7);
  for (int i = 0; i < 60; ++i) order.push_back(static_cast<int>(random() % static_cast<unsigned>(num_frames)));
  for (int frame : order) {
    ASSERT_EQ(ReadNumber(reader.ReadRgb(frame)), frame);
    ASSERT_NEAR(reader.TimeOf(frame), frame / 30.0, GetParam().extension == ".mp4" ? 1e-9 : 1e-3);
    ASSERT_LE(reader.KeyframeOf(frame), frame);
  }
}

std::vector<Case> Cases() {
  std::vector<Case> cases;
  for (int gop : {1, 2, 12, 250})
    for (int b_frames : {0, 1, 2, 3})
      cases.push_back({"H264Gop" + std::to_string(gop) + "B" + std::to_string(b_frames),
                       {.num_frames = gop == 250 ? 270 : 40, .gop = gop, .max_b_frames = b_frames}});
  const NumberedVideo b3{.max_b_frames = 3};
  auto with = [&](std::string name, auto change, std::string extension = ".mp4") {
    Case made{std::move(name), b3, std::move(extension)};
    change(made.video);
    cases.push_back(made);
  };
  with("H264OpenGop", [](auto& v) { v.options = "x264-params=open-gop=1"; });
  with("H264EditListHidesFrames", [](auto& v) { v.first_time = -9; });
  with("H264EditListHidesAKeyframe", [](auto& v) { v.first_time = -17; });
  with("H264BeginsLate", [](auto& v) { v.first_time = 7; });
  with("H264TenBits", [](auto& v) { v.format = AV_PIX_FMT_YUV420P10; });
  with("H264FullChroma", [](auto& v) { v.format = AV_PIX_FMT_YUV444P; });
  with("H264InMatroska", [](auto&) {}, ".mkv");
  with("HevcOpenGop", [](auto& v) { v.encoder = "libx265", v.options = "x265-params=log-level=none:open-gop=1"; });
  with("HevcTenBits", [](auto& v) {
    v.encoder = "libx265", v.format = AV_PIX_FMT_YUV420P10, v.options = "x265-params=log-level=none:pools=none";
  });
  with("HevcEditList",
       [](auto& v) { v.encoder = "libx265", v.first_time = -5, v.options = "x265-params=log-level=none:pools=none"; });
  with("Vp9", [](auto& v) { v.encoder = "libvpx-vp9", v.options = "deadline=realtime;cpu-used=8;auto-alt-ref=1"; });
  with("Vp9InWebm", [](auto& v) { v.encoder = "libvpx-vp9", v.options = "deadline=realtime;cpu-used=8"; }, ".webm");
  with("Vp9TenBits", [](auto& v) {
    v.encoder = "libvpx-vp9", v.format = AV_PIX_FMT_YUV420P10, v.options = "deadline=realtime;cpu-used=8";
  });
  with("Av1Gop2", [](auto& v) { v.encoder = "libsvtav1", v.gop = 2, v.options = "preset=12;crf=30"; });
  with("Av1Gop12", [](auto& v) { v.encoder = "libsvtav1", v.options = "preset=12;crf=30"; });
  with("Av1TenBits",
       [](auto& v) { v.encoder = "libsvtav1", v.format = AV_PIX_FMT_YUV420P10, v.options = "preset=12;crf=30"; });
  with("Av1OfAom", [](auto& v) { v.encoder = "libaom-av1", v.options = "usage=realtime;cpu-used=8;crf=30"; });
  return cases;
}

INSTANTIATE_TEST_SUITE_P(Codecs, Numbered, ::testing::ValuesIn(Cases()),
                         [](const auto& made) { return made.param.name; });

std::filesystem::path Sample(const std::string& name) {
  return std::filesystem::path(HEDDLE_TESTDATA) / "lerobot" / name;
}

double MeanOfChannel(const Image& image, size_t channel) {
  double sum = 0;
  for (size_t i = channel; i < image.pixels.size(); i += 3) sum += image.pixels[i];
  return sum / static_cast<double>(image.pixels.size() / 3);
}

// Walks over the frames that expected.json of a sample lists: of each camera the file and the number in it.
void CheckSample(const std::string& name, const std::string& camera, auto&& check) {
  const auto expected = nlohmann::json::parse(ReadFile(Sample(name) / "expected.json"));
  const double fps = expected["counts"]["fps"];
  int checked = 0;
  for (const auto& frame : expected["frames"]) {
    const auto& episode = expected["episodes"][frame["episode_index"].get<size_t>()];
    const std::string key = "videos/" + camera + "/";
    std::string path = "videos/" + camera + "/chunk-00" + std::to_string(episode[key + "chunk_index"].get<int>()) +
                       "/file-00" + std::to_string(episode[key + "file_index"].get<int>()) + ".mp4";
    VideoReader reader(Sample(name) / path);
    auto number =
        std::lround(episode[key + "from_timestamp"].get<double>() * fps) + frame["frame_index"].get<int64_t>();
    check(reader, number, frame[camera]);
    ++checked;
  }
  EXPECT_EQ(checked, expected["frames"].size());
  EXPECT_GT(checked, 0);
}

// Of "y32x48".
size_t PixelIndex(const std::string& at, int64_t width) {
  return std::stoul(at.substr(1)) * static_cast<size_t>(width) + std::stoul(at.substr(at.find('x') + 1));
}

void CheckColour(VideoReader& reader, int64_t number, const nlohmann::json& expected) {
  Image image = reader.ReadRgb(number);
  for (size_t c = 0; c < 3; ++c) EXPECT_NEAR(MeanOfChannel(image, c), expected["pyav"][c].get<double>(), 1e-4);
  const auto pixels = expected.value("pixels_pyav", nlohmann::json::object());
  for (const auto& [at, levels] : pixels.items()) {
    for (size_t c = 0; c < 3; ++c)
      EXPECT_EQ(image.pixels[PixelIndex(at, image.width) * 3 + c], levels[c].get<int>()) << at;
  }
}

TEST(VideoReaderOnSamples, H264WithBFramesGivesTheMeansOfOtherReaders) {
  CheckSample("v3-multifile", "observation.images.top", CheckColour);
}

TEST(VideoReaderOnSamples, Av1GivesTheMeansOfOtherReaders) {
  CheckSample("v3-tiny", "observation.images.front", CheckColour);
  CheckSample("v3-tiny", "observation.images.wrist", CheckColour);
}

TEST(VideoReaderOnSamples, DepthGivesTheMillimetresOfOtherReaders) {
  CheckSample("v3-multifile", "observation.images.depth",
              [](VideoReader& reader, int64_t number, const nlohmann::json& expected) {
                DepthImage depth = reader.ReadDepth(number, DepthCoding{});
                double sum = std::accumulate(depth.values.begin(), depth.values.end(), 0.0);
                EXPECT_NEAR(sum / static_cast<double>(depth.values.size()), expected["pyav"][0].get<double>(), 1e-3);
                const auto pixels = expected.value("pixels_pyav", nlohmann::json::object());
                for (const auto& [at, value] : pixels.items())
                  EXPECT_EQ(depth.values[PixelIndex(at, depth.width)], value[0].get<float>()) << at;
              });
}

std::string MessageOf(auto&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(VideoReader, ErrorsNameTheFileAndTheFrame) {
  auto file = TestFile();
  MakeVideo({.num_frames = 5}, file);
  VideoReader reader(file);
  EXPECT_THAT(MessageOf([&] { reader.ReadRgb(5); }), ::testing::HasSubstr(file.string() + ", frame 5"));
  EXPECT_THAT(MessageOf([&] { reader.ReadRgb(-1); }), ::testing::HasSubstr("the video has 5"));
  EXPECT_THAT(MessageOf([&] { VideoReader("/nowhere.mp4"); }), ::testing::HasSubstr("/nowhere.mp4"));
  std::filesystem::resize_file(file, std::filesystem::file_size(file) - 100);
  EXPECT_THAT(MessageOf([&] { VideoReader{file}; }), ::testing::HasSubstr(file.string()));
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace heddle::data

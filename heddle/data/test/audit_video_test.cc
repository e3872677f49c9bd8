// Frozen and repeated pictures as they are after an encoder had them: what came twice is not the same any more, and
// what stands still is coded anew with each keyframe.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/picture_facts.h"
#include "heddle/data/audit/sample_frames.h"
#include "heddle/data/test/audit_world.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/data/video/video_writer.h"

namespace heddle::data::audit {
namespace {

constexpr int64_t kSide = 96;
const std::string kCamera = "observation.images.cam0";

struct Recording {
  VideoCodec codec = VideoCodec::kH264;
  double noise = 8;     // of the sensor, in levels
  int64_t frames = -1;  // that are looked at
  // Which frame's picture the camera gave.
  std::function<int64_t(int64_t episode, int64_t frame)> shows = [](int64_t, int64_t frame) { return frame; };
};

// A textured table, and a hand on it that follows the robot's first two dimensions.
std::vector<uint8_t> Picture(const Numbers& state, int64_t frame, double noise) {
  RandomStream texture(7, "table"), sensor = RandomStream(8, "sensor").Split(static_cast<uint64_t>(frame));
  std::vector<uint8_t> pixels;
  const double at_x = 48 + 18 * state.At(frame, 0), at_y = 48 + 18 * state.At(frame, 1);
  for (int64_t y = 0; y < kSide; ++y) {
    for (int64_t x = 0; x < kSide; ++x) {
      const double ground = 90 + 60 * texture.Uniform();
      const bool hand = std::hypot(static_cast<double>(x) - at_x, static_cast<double>(y) - at_y) < 14;
      for (int c = 0; c < 3; ++c) {
        const double level = (hand ? 200 - 30 * c : ground) + noise * sensor.Normal();
        pixels.push_back(static_cast<uint8_t>(std::clamp(level, 0.0, 255.0)));
      }
    }
  }
  return pixels;
}

CameraData Film(const EpisodeData& episode, const Recording& recording) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("audit_" + std::to_string(getpid()) + ".mp4");
  const Numbers& state = episode.numbers.at("observation.state");
  EpisodeEncoder encoder(file, {.codec = recording.codec, .gop = 12, .crf = 23, .fps = 30}, kSide, kSide);
  for (int64_t frame = 0; frame < episode.length; ++frame) {
    encoder.Add(Picture(state, recording.shows(episode.index, frame), recording.noise));
  }
  encoder.Finish();
  VideoReader reader(file);
  CameraData data;
  Image last;
  int64_t last_frame = -2;
  for (const int64_t frame : SampleFrames(episode.length, recording.frames)) {
    Image image = reader.ReadRgb(frame);
    const auto before = frame == last_frame + 1 ? std::span<const uint8_t>(last.pixels) : std::span<const uint8_t>();
    data.frames.push_back(MeasurePicture(frame, image.pixels, before, kSide, kSide, 3));
    last = std::move(image);
    last_frame = frame;
  }
  std::filesystem::remove(file);
  return data;
}

World Filmed(const Recording& recording, WorldOptions options = {.episodes = 5, .length = 60, .cameras = 1}) {
  World world = MakeWorld(options);
  for (EpisodeData& episode : world.episodes) episode.cameras[kCamera] = Film(episode, recording);
  return world;
}

std::string Show(const World& world) {
  std::string text;
  for (const Finding& finding : RunChecks(world.facts, world.episodes).Sorted()) {
    text += finding.code + ": " + finding.what + "\n";
  }
  for (const FrameFacts& frame : world.episodes[0].cameras.at(kCamera).frames) {
    text += " " + std::to_string(frame.change);
  }
  return text;
}

int64_t Found(const World& world, const std::string& code) {
  return RunChecks(world.facts, world.episodes).Count(code);
}

class AuditVideo : public testing::TestWithParam<VideoCodec> {};

TEST_P(AuditVideo, FindsNothingInWhatIsRight) {
  for (const double noise : {0.0, 3.0, 8.0}) {
    const World world = Filmed({.codec = GetParam(), .noise = noise});
    EXPECT_EQ(Found(world, "frames-repeated"), 0) << Show(world);
    EXPECT_EQ(Found(world, "frames-frozen"), 0) << Show(world);
  }
}

TEST_P(AuditVideo, FindsPicturesThatCameTwice) {
  for (const int64_t every : {2}) {
    for (const int64_t frames : {int64_t{-1}, int64_t{12}}) {
      const World world = Filmed({.codec = GetParam(), .frames = frames, .shows = [&](int64_t, int64_t frame) {
                                    return frame % every == every - 1 ? frame - 1 : frame;
                                  }});
      EXPECT_EQ(Found(world, "frames-repeated"), 1) << every << " " << frames << "\n" << Show(world);
      EXPECT_EQ(Found(world, "frames-frozen"), 0) << Show(world);
    }
  }
}

TEST_P(AuditVideo, FindsAQuarterOfAnEpisodeFrozen) {
  const auto shows = [](int64_t episode, int64_t frame) { return episode == 1 && frame >= 74 ? 74 : frame; };
  for (const int64_t frames : {int64_t{-1}, int64_t{12}}) {
    const World world =
        Filmed({.codec = GetParam(), .frames = frames, .shows = shows}, {.episodes = 3, .length = 100, .cameras = 1});
    EXPECT_EQ(Found(world, "frames-frozen"), 1) << frames << "\n" << Show(world);
    EXPECT_EQ(Found(world, "frames-repeated"), 0) << Show(world);
  }
}

TEST(AuditRestingRobot, FindsRepeatedPicturesOfARobotThatRestsMostOfTheTime) {
  const WorldOptions options{.episodes = 5, .length = 60, .cameras = 1};
  World world = MakeWorld(options);
  for (EpisodeData& episode : world.episodes) {
    Numbers& state = episode.numbers["observation.state"];
    for (int64_t row = 1; row < 36; ++row) {
      for (int64_t dim = 0; dim < state.dims; ++dim) {
        state.values[static_cast<size_t>(row * state.dims + dim)] = state.At(0, dim);
      }
    }
  }
  World twice = world;
  const Recording once, every_second{.shows = [](int64_t, int64_t frame) { return frame - frame % 2; }};
  for (EpisodeData& episode : world.episodes) episode.cameras[kCamera] = Film(episode, once);
  for (EpisodeData& episode : twice.episodes) episode.cameras[kCamera] = Film(episode, every_second);
  EXPECT_EQ(Found(world, "frames-repeated"), 0) << Show(world);
  EXPECT_EQ(Found(twice, "frames-repeated"), 1) << Show(twice);
}

INSTANTIATE_TEST_SUITE_P(Codecs, AuditVideo, testing::Values(VideoCodec::kH264, VideoCodec::kAv1),
                         [](const auto& codec) { return codec.param == VideoCodec::kAv1 ? "Av1" : "H264"; });

}  // namespace
}  // namespace heddle::data::audit

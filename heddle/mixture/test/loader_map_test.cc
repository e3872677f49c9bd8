// Windows through a map equal those of a dataset that was physically converted.
#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "heddle/mixture/loader.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using data::Image;

const char* const kFront = "observation.images.front";
const char* const kWrist = "observation.images.wrist";
constexpr int64_t kHeight = 12, kWidth = 16;
constexpr int kEpisodes = 3;

// What the other robot recorded: an episode at 30 frames a second, its numbers in its own order, its gripper 1 when
// open.
struct Recorded {
  double x, y, closed, dx, dy, command;
};

int LengthOf(int episode) { return 20 + 11 * episode; }  // 20, 31, 42 frames

Recorded At(int episode, int frame) {
  const double t = frame / 30.0 + episode;
  return {std::sin(3 * t),       std::cos(2 * t),       0.5 + 0.5 * std::sin(t),
          0.1 * std::cos(5 * t), 0.2 * std::sin(7 * t), frame % 9 < 4 ? 0.0 : 1.0};
}

Image Picture(int camera, int episode, int frame) {
  Image image{kHeight, kWidth, 3, std::vector<uint8_t>(kHeight * kWidth * 3)};
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    image.pixels[i] = uint8_t(int(i) * 7 + frame * 5 + episode * 60 + camera * 100);
  }
  return image;
}

void RecordOther(const fs::path& folder) {
  std::vector<std::vector<SmallFrame>> episodes(kEpisodes);
  for (int episode = 0; episode < kEpisodes; ++episode) {
    for (int frame = 0; frame < LengthOf(episode); ++frame) {
      const Recorded now = At(episode, frame);
      SmallFrame values;
      values.images["cam_high"] = Picture(0, episode, frame);
      values.images["cam_hand"] = Picture(1, episode, frame);
      values.numbers["observation.joints"] = {float(1 - now.closed), float(now.y), float(now.x)};
      values.numbers["action"] = {float(1 - now.command), float(now.dy), float(now.dx)};
      episodes[size_t(episode)].push_back(values);
    }
  }
  WriteSmallDataset(folder, 30, "pour", {{"observation.joints", {"open", "y", "x"}}}, episodes);
}

// The sum of what the deltas say between two times in frames, each spread evenly over its step.
double Between(int episode, double from, double to, double Recorded::* delta) {
  double sum = 0;
  for (int frame = 0; frame < LengthOf(episode); ++frame) {
    const double overlap = std::min(to, frame + 1.0) - std::max(from, double(frame));
    if (overlap > 0) sum += overlap * (At(episode, frame).*delta);
  }
  return sum;
}

// The same episodes at 20 frames a second in the layout of the mixture.
void RecordConverted(const fs::path& folder) {
  std::vector<std::vector<SmallFrame>> episodes(kEpisodes);
  for (int episode = 0; episode < kEpisodes; ++episode) {
    for (int frame = 0; frame * 1.5 <= LengthOf(episode) - 1; ++frame) {
      const double place = frame * 1.5, fraction = place - std::floor(place);
      const int before = int(place), after = std::min(before + 1, LengthOf(episode) - 1);
      const Recorded a = At(episode, before), b = At(episode, after);
      const auto line = [&](double Recorded::* what) {
        return float((1 - fraction) * (a.*what) + fraction * (b.*what));
      };
      SmallFrame values;
      values.images[kFront] = Picture(0, episode, before);  // of two that are as near, the earlier one
      values.images[kWrist] = Picture(1, episode, before);
      values.numbers["observation.state"] = {line(&Recorded::x), line(&Recorded::y), line(&Recorded::closed)};
      values.numbers["action"] = {float(Between(episode, place, place + 1.5, &Recorded::dx)),
                                  float(Between(episode, place, place + 1.5, &Recorded::dy)), float(a.command)};
      episodes[size_t(episode)].push_back(values);
    }
  }
  WriteSmallDataset(folder, 20, "pour", {}, episodes);
}

Source OpenSource(const fs::path& folder) {
  Source source;
  source.name = "other";
  source.dataset = std::make_shared<const data::Dataset>(data::Dataset::Open(folder.string()));
  return source;
}

LayoutMap OtherMap() {
  LayoutMap map;
  map.cameras = {{kFront, "cam_high"}, {kWrist, "cam_hand"}};
  map.slots["observation.state"] = {
      {"place", {.feature = "observation.joints", .names = {"x", "y"}}},
      {"gripper", {.feature = "observation.joints", .names = {"open"}, .scale = -1, .offset = 1}}};
  map.slots["action"] = {{"move", {.positions = {2, 1}}}, {"gripper", {.positions = {0}, .scale = -1, .offset = 1}}};
  return map;
}

Layout MixtureLayout() {
  Layout layout;
  layout.numbers = {{"observation.state", {{"place", 2, Meaning::kAbsolute}, {"gripper", 1, Meaning::kAbsolute}}},
                    {"action", {{"move", 2, Meaning::kDelta}, {"gripper", 1, Meaning::kHeld}}}};
  layout.cameras = {{kFront, kHeight, kWidth, Fit::kStretch}, {kWrist, 8, 8, Fit::kCover}};
  layout.window.control_hz = 20;
  layout.window.deltas_s = {{"observation.state", {-0.1, -0.05, 0}}, {"action", {0, 0.05, 0.1}}, {kFront, {-0.1, 0}}};
  return layout;
}

void ExpectSame(const contract::Batch& a, const contract::Batch& b) {
  EXPECT_EQ(a.origins, b.origins);
  EXPECT_EQ(a.tasks, b.tasks);
  for (const auto& [name, values] : a.values) {
    const at::Tensor& other = b.values.at(name);
    if (values.scalar_type() == at::kByte) {
      EXPECT_TRUE(values.equal(other)) << name;
    } else {
      EXPECT_LT((values - other).abs().max().item<float>(), 2e-7) << name;
    }
    EXPECT_TRUE(a.is_pad.at(name).equal(b.is_pad.at(name))) << name;
    EXPECT_TRUE(a.is_present.at(name).equal(b.is_present.at(name))) << name;
  }
}

TEST(LoaderMapTest, WindowsThroughAMapEqualThoseOfAConvertedDataset) {
  const fs::path folder = fs::temp_directory_path() / ("heddle-map-" + std::to_string(getpid()));
  fs::remove_all(folder);
  fs::create_directories(folder);
  RecordOther(folder / "other");
  RecordConverted(folder / "converted");
  Mixture through{MixtureLayout(), {OpenSource(folder / "other")}};
  through.sources[0].map = OtherMap();
  const Mixture converted{MixtureLayout(), {OpenSource(folder / "converted")}};
  LoaderOptions options;
  options.order.batch_size = 16;
  Loader a(through, options), b(converted, options);
  EXPECT_EQ(a.order().num_windows(0), 13 + 21 + 28);
  for (int step = 0; step < 12; ++step) ExpectSame(a.Next(), b.Next());
  fs::remove_all(folder);
}

}  // namespace
}  // namespace heddle::mixture

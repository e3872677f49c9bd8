#include "heddle/mixture/sheet/suggest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/mixture/sheet/picture_features.h"
#include "heddle/mixture/sheet/ridge.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

RegressionRows Line(RandomStream random, int rows, double slope, double noise) {
  RegressionRows line{2, 1, {}, {}};
  for (int i = 0; i < rows; ++i) {
    const double x = random.Normal(), other = random.Normal();
    line.x.insert(line.x.end(), {x, other});
    line.y.push_back(slope * x - other + 0.5 + noise * random.Normal());
  }
  return line;
}

TEST(RidgeTest, TheErrorOnNewRowsIsTheNoise) {
  const RegressionRows train = Line(RandomStream(1, "train"), 2000, 3, 0.1);
  const RegressionRows test = Line(RandomStream(2, "test"), 2000, 3, 0.1);
  const std::vector<double> one = {1};
  EXPECT_NEAR(RidgeModel(train).ErrorOn(test, one), 0.01, 0.002);
  // A slope that is off by 1 on an input of variance 1 is off by 1 in the mean square.
  EXPECT_NEAR(RidgeModel(train).ErrorOn(Line(RandomStream(3, "test"), 2000, 4, 0.1), one), 1.01, 0.1);
}

TEST(RidgeTest, WhatDoesNotVaryIsLeftOut) {
  RegressionRows rows = Line(RandomStream(1, "train"), 50, 3, 0);
  for (size_t i = 1; i < rows.x.size(); i += 2) rows.x[i] = 7;
  for (int64_t i = 0; i < rows.rows(); ++i) rows.y[size_t(i)] = 2 * rows.x[size_t(2 * i)];
  EXPECT_NEAR(RidgeModel(rows).ErrorOn(rows, OutputScales(rows)), 0, 1e-5);
  rows.y.assign(rows.y.size(), 4);
  EXPECT_EQ(OutputScales(rows)[0], 0);
  EXPECT_EQ(RidgeModel(rows).ErrorOn(rows, OutputScales(rows)), 0);
}

// A picture of stripes, told by an episode's shift and a brightness.
std::vector<uint8_t> Stripes(int shift, double brightness) {
  std::vector<uint8_t> picture;
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      for (int c = 0; c < 3; ++c) picture.push_back(uint8_t(brightness * ((x + shift) % 8 < 4 ? 200 : 60 + 10 * c)));
    }
  }
  return picture;
}

FeatureSet Set(int first_shift, double brightness) {
  const PictureFeatures features;
  FeatureSet set;
  for (int episode = 0; episode < 6; ++episode) {
    set.episodes.push_back({features(Stripes(first_shift + episode % 2, brightness))});
  }
  return set;
}

TEST(PictureFeaturesTest, EqualSetsAreNotApartAndOthersAreByHowMuchTheyDiffer) {
  const std::vector<double> grey = PictureFeatures()(std::vector<uint8_t>(32 * 32 * 3, 128));
  const FeatureSet set = Set(0, 1);
  EXPECT_EQ(FeatureDistance(set, set, grey), 0);
  const double little = FeatureDistance(set, Set(0, 0.9), grey), much = FeatureDistance(set, Set(0, 0.5), grey);
  EXPECT_GT(little, 0);
  EXPECT_GT(much, 3 * little);
  EXPECT_NEAR(FeatureDistance(set, Set(8, 1), grey), 0, 1e-12);  // the stripes' period
}

// A body on a line that is pushed: x' = x + v / 10, v' = damping v + strength a; and a thing that it sees.
struct Physics {
  double damping = 0.8, strength = 0.5;
};

class SuggestTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("heddle_suggest_" + std::to_string(getpid()));
    Record("robot", 8, {}, 0, 1, 120);
    Record("sim", 24, {}, 0, 2, 120);
    Record("heavy", 24, {0.8, 0.2}, 0, 3, 240);
    Record("noisy", 24, {}, 0.05, 4, 120);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static void Record(const std::string& name, int episodes, const Physics& physics, double noise, uint64_t seed,
                     int brightness) {
    RandomStream random(seed, "suggest");
    std::vector<std::vector<SmallFrame>> all(static_cast<size_t>(episodes));
    for (auto& episode : all) {
      double x = random.Normal(), v = 0;
      const double goal = random.Normal();
      for (int frame = 0; frame < 30; ++frame) {
        const double seen = goal + noise * random.Normal(), a = goal - x - v + 0.1 * random.Normal();
        SmallFrame values;
        values.numbers["observation.state"] = {float(x), float(v)};
        values.numbers["observation.environment_state"] = {float(seen)};
        values.numbers["action"] = {float(a)};
        values.images["observation.images.front"] = {8, 8, 3, std::vector<uint8_t>(8 * 8 * 3, uint8_t(brightness))};
        values.images["observation.images.front"].pixels[size_t(frame)] = 0;
        episode.push_back(values);
        x += v / 10;
        v = physics.damping * v + physics.strength * a + 0.01 * random.Normal();
      }
    }
    WriteSmallDataset(
        root_ / name, 10, "push",
        {{"observation.state", {"x", "v"}}, {"observation.environment_state", {"goal"}}, {"action", {"push"}}}, all);
  }

  static Sheet SheetOf(const std::string& surrogate, const std::string& gap = "") {
    return Sheet::Parse(
        "target: robot\nsources:\n"
        "  - {name: robot, dataset: robot, kind: robot, embodiment: cart, action_representation: other}\n"
        "  - {name: sim, dataset: " +
            surrogate + ", kind: simulation, embodiment: cart, action_representation: other" + gap + "}\n",
        "mixture.yaml", root_);
  }
  static std::map<GapAxis, GapLevel> Proposed(const std::string& surrogate) {
    std::map<GapAxis, GapLevel> levels;
    const RatioSuggestion suggestion = SuggestRatio(SheetOf(surrogate), {});
    for (const GapMeasure& measure : suggestion.gaps.at(0).measures) {
      if (measure.level) levels[measure.axis] = *measure.level;
    }
    return levels;
  }

  static fs::path root_;
};
fs::path SuggestTest::root_;

TEST_F(SuggestTest, TheRangeIsTheGuidelinesAndItsEndsHaveWeightsAndPasses) {
  SuggestOptions options;
  options.training.steps = 100;
  options.training.batch_size = 10;
  const RatioSuggestion suggestion = SuggestRatio(SheetOf("sim"), options);
  // 6 of 8 and 21 of 24 episodes of 30 frames are trained on: 3 in 24 held out.
  const double n = 6 * 30, m = 21 * 30;
  EXPECT_DOUBLE_EQ(suggestion.range().low, n / (n + m));
  EXPECT_DOUBLE_EQ(suggestion.range().high, 0.5);  // 0.533, capped
  EXPECT_DOUBLE_EQ(suggestion.low.passes[0], suggestion.low.passes[1]);
  EXPECT_DOUBLE_EQ(suggestion.high.passes[0], 0.5 * 1000 / n);
  EXPECT_DOUBLE_EQ(suggestion.high.passes[1], 0.5 * 1000 / m);
  EXPECT_DOUBLE_EQ(suggestion.now.w, std::sqrt(suggestion.range().low * suggestion.range().high));
  EXPECT_THAT(suggestion.reason, HasSubstr("N = 180 windows (6 episodes)"));
  EXPECT_THAT(suggestion.reason, HasSubstr("M = 630 (21 episodes)"));
  EXPECT_THAT(suggestion.reason, HasSubstr("It is capped at 0.5."));
}

TEST_F(SuggestTest, AnEqualSourceHasNoGap) {
  const std::map<GapAxis, GapLevel> none = {{GapAxis::kVisual, GapLevel::kNone},
                                            {GapAxis::kPhysics, GapLevel::kNone},
                                            {GapAxis::kPerception, GapLevel::kNone},
                                            {GapAxis::kEmbodiment, GapLevel::kNone}};
  EXPECT_EQ(Proposed("sim"), none);
  EXPECT_FALSE(SuggestRatio(SheetOf("sim"), {}).proposed);
}

TEST_F(SuggestTest, OtherPhysicsOtherPicturesAndNoiseAreSeen) {
  const auto heavy = Proposed("heavy"), noisy = Proposed("noisy");
  EXPECT_EQ(heavy.at(GapAxis::kPhysics), GapLevel::kLarge);
  EXPECT_EQ(heavy.at(GapAxis::kVisual), GapLevel::kLarge);
  EXPECT_EQ(noisy.at(GapAxis::kPhysics), GapLevel::kNone);
  EXPECT_EQ(noisy.at(GapAxis::kPerception), GapLevel::kLarge);
}

// Sees nothing but colour's mean, and less than random features do.
class Brightness final : public PictureEncoder {
 public:
  int64_t side() const override { return 4; }
  std::string name() const override { return "brightness"; }
  std::vector<double> operator()(std::span<const uint8_t> picture) const override {
    EXPECT_EQ(picture.size(), 4U * 4 * 3);
    return {std::accumulate(picture.begin(), picture.end(), 0.0) / 48 - 300};
  }
};

TEST_F(SuggestTest, AGivenEncoderTellsHowFarPicturesAreApart) {
  SuggestOptions options;
  options.probe.encoder = std::make_shared<Brightness>();
  const GapMeasure visual = SuggestRatio(SheetOf("heavy"), options).gaps.at(0).measures.at(0);
  ASSERT_TRUE(visual.value);
  EXPECT_THAT(visual.how, HasSubstr("brightness of observation.images.front"));
  EXPECT_NE(*visual.value, *SuggestRatio(SheetOf("heavy"), {}).gaps.at(0).measures.at(0).value);
}

TEST_F(SuggestTest, OnlyStatedGapsShiftTheRangeAndProposalsSayByHowMuchTheyWould) {
  const RatioSuggestion plain = SuggestRatio(SheetOf("noisy"), {});
  EXPECT_EQ(plain.stated_odds, 1);
  EXPECT_EQ(plain.proposed_odds, 2);
  ASSERT_TRUE(plain.proposed);
  const double odds = plain.guideline.low / (1 - plain.guideline.low);
  EXPECT_NEAR(plain.proposed->low, 2 * odds / (1 + 2 * odds), 1e-12);
  EXPECT_EQ(plain.range().low, plain.guideline.low);

  const RatioSuggestion stated = SuggestRatio(SheetOf("noisy", ", gap: {perception: large}"), {});
  EXPECT_EQ(stated.stated_odds, 2);
  EXPECT_NEAR(stated.range().low, plain.proposed->low, 1e-12);
  EXPECT_FALSE(stated.proposed);
  // What is stated goes before what is measured.
  const RatioSuggestion denied = SuggestRatio(SheetOf("noisy", ", gap: {perception: none, visual: none}"), {});
  EXPECT_EQ(denied.proposed_odds, 1);
  EXPECT_THAT(stated.reason, HasSubstr("multiply the odds of both ends by 2"));
}

TEST_F(SuggestTest, GapOddsAreByLargeAxesAndByWindows) {
  const std::vector<SourceSize> sizes = {{180, 6, 2}, {630, 21, 3}};
  EXPECT_EQ(GapOdds(SheetOf("sim", ", gap: {visual: small}"), sizes), 1);
  EXPECT_DOUBLE_EQ(GapOdds(SheetOf("sim", ", gap: {visual: large}"), sizes), 2);
  EXPECT_DOUBLE_EQ(GapOdds(SheetOf("sim", ", gap: {visual: large, physics: large, embodiment: large}"), sizes), 3);
}

TEST_F(SuggestTest, ReportsHaveTheGapLineAndAllNumbers) {
  const Sheet sheet = SheetOf("noisy", ", gap: {physics: small}");
  const SuggestOptions options;
  const RatioSuggestion suggestion = SuggestRatio(sheet, options);
  const std::string text = SuggestionText(sheet, suggestion, options);
  EXPECT_THAT(text, HasSubstr("stated small"));
  EXPECT_THAT(text, HasSubstr("to state it: gap: {visual: "));
  const auto json = SuggestionJson(sheet, suggestion, options);
  EXPECT_EQ(json["gaps"][0]["axes"].size(), 4u);
  EXPECT_EQ(json["gaps"][0]["axes"][1]["stated"], "small");
  EXPECT_EQ(json["low"]["passes"].size(), 2u);
}

TEST_F(SuggestTest, WithoutASurrogateThereIsNoRatio) {
  Sheet sheet = SheetOf("sim");
  sheet.sources.pop_back();
  try {
    SuggestRatio(sheet, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("there is no ratio to suggest"));
  }
}

}  // namespace
}  // namespace heddle::mixture

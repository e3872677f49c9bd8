#include "heddle/mixture/resample.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

NumericLayout One(Meaning meaning, int64_t size = 1) { return {"x", {{"slot", size, meaning}}}; }

TEST(TimelineTest, FramesLieAtTheirTimes) {
  const Timeline timeline(30, 20);  // positions 0, 1.5, 3, 4.5, ...
  EXPECT_EQ(timeline.LengthOf(1), 1);
  EXPECT_EQ(timeline.LengthOf(2), 1);
  EXPECT_EQ(timeline.LengthOf(4), 3);
  EXPECT_EQ(timeline.NearestTo(1), 1);  // 1.5: the earlier one
  EXPECT_EQ(timeline.NearestTo(2), 3);
  EXPECT_EQ(timeline.LastBefore(3), 4);
}

TEST(TimelineTest, EqualRatesChangeNothing) {
  const Timeline timeline(29.97, 29.97);
  EXPECT_TRUE(timeline.same_rate());
  EXPECT_EQ(timeline.LengthOf(1234567), 1234567);
  EXPECT_EQ(timeline.NearestTo(1234566), 1234566);
}

TEST(TimelineTest, NoFrameIsBehindTheLast) {
  for (const double fps : {5.0, 10.0, 15.0, 24.0, 29.97, 30.0, 50.0}) {
    for (const double hz : {3.0, 10.0, 20.0, 30.0, 60.0}) {
      const Timeline timeline(fps, hz);
      for (int64_t length = 1; length < 300; ++length) {
        const int64_t last = timeline.LengthOf(length) - 1;
        EXPECT_LE(timeline.PositionOf(last), double(length - 1));
        EXPECT_GT(timeline.PositionOf(last + 1), double(length - 1));
        EXPECT_LT(timeline.NearestTo(last), length);
      }
    }
  }
}

TEST(TimelineTest, ImpossibleRatesAreRefused) {
  EXPECT_THROW(Timeline(0, 10), Error);
  EXPECT_THROW(Timeline(10, -1), Error);
  EXPECT_THROW(Timeline(10, std::nan("")), Error);
}

TEST(ResampleTest, AbsoluteQuantitiesLieOnTheLine) {
  std::vector<float> values;
  for (int i = 0; i < 10; ++i) values.push_back(float(2 * i) - 3);
  const std::vector<float> out = Resample(values, One(Meaning::kAbsolute), Timeline(30, 20));
  ASSERT_EQ(out.size(), 7u);
  for (size_t j = 0; j < out.size(); ++j) EXPECT_FLOAT_EQ(out[j], 3 * float(j) - 3);
}

TEST(ResampleTest, DeltasKeepTheirSum) {
  const std::vector<float> values = {1, 2, 4, 8, 16, 32};
  const std::vector<float> down = Resample(values, One(Meaning::kDelta), Timeline(30, 20));
  ASSERT_EQ(down.size(), 4u);  // at rows 0, 1.5, 3, 4.5
  EXPECT_FLOAT_EQ(down[0], 1 + 2 / 2.0F);
  EXPECT_FLOAT_EQ(down[1], 2 / 2.0F + 4);
  EXPECT_FLOAT_EQ(down[2], 8 + 16 / 2.0F);
  EXPECT_FLOAT_EQ(down[3], 16 / 2.0F + 32);
  const std::vector<float> up = Resample(values, One(Meaning::kDelta), Timeline(10, 20));
  ASSERT_EQ(up.size(), 11u);
  EXPECT_FLOAT_EQ(up[2], 1);
  EXPECT_FLOAT_EQ(up[3], 1);
}

TEST(ResampleTest, BehindTheLastRowNothingIsAdded) {
  const std::vector<float> out = Resample(std::vector<float>{3, 5, 7}, One(Meaning::kDelta), Timeline(30, 15));
  ASSERT_EQ(out.size(), 2u);
  EXPECT_FLOAT_EQ(out[0], 8);
  EXPECT_FLOAT_EQ(out[1], 7);
}

TEST(ResampleTest, HeldNumbersWaitForTheirRow) {
  const std::vector<float> out = Resample(std::vector<float>{0, 1, 2, 3}, One(Meaning::kHeld), Timeline(20, 30));
  EXPECT_EQ(out, (std::vector<float>{0, 0, 1, 2, 2}));
}

// A turn at constant speed about one axis stays one, whatever signs the quaternions come with.
TEST(ResampleTest, RotationsTurnEvenly) {
  std::vector<float> values;
  for (int i = 0; i < 6; ++i) {
    const double half_angle = 0.2 * i;
    const double sign = i % 2 == 0 ? 1 : -1;
    values.insert(values.end(), {0, 0, float(sign * std::sin(half_angle)), float(sign * std::cos(half_angle))});
  }
  const std::vector<float> out = Resample(values, One(Meaning::kQuaternionXyzw, 4), Timeline(10, 25));
  ASSERT_EQ(out.size(), 13u * 4);
  for (size_t j = 0; j < 13; ++j) {
    const double half_angle = 0.2 * 0.4 * double(j);
    const double sign = out[4 * j + 3] * std::cos(half_angle) + out[4 * j + 2] * std::sin(half_angle) > 0 ? 1 : -1;
    EXPECT_NEAR(sign * out[4 * j + 2], std::sin(half_angle), 1e-6);
    EXPECT_NEAR(sign * out[4 * j + 3], std::cos(half_angle), 1e-6);
  }
}

TEST(ResampleTest, SlotsAreTreatedApart) {
  const NumericLayout feature = {"x", {{"a", 1, Meaning::kAbsolute}, {"b", 1, Meaning::kHeld}}};
  const std::vector<float> out = Resample(std::vector<float>{0, 0, 1, 1, 2, 2, 3, 3}, feature, Timeline(30, 20));
  EXPECT_EQ(out, (std::vector<float>{0, 0, 1.5, 1, 3, 3}));
}

}  // namespace
}  // namespace heddle::mixture

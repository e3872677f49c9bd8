#include "heddle/sim/sensor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "heddle/sim/test/rendering.h"

namespace heddle::sim {
namespace {

data::Image Filled(int64_t side, uint8_t red, uint8_t green, uint8_t blue) {
  data::Image image{.height = side, .width = side, .channels = 3, .pixels = {}};
  for (int64_t i = 0; i < side * side; ++i) image.pixels.insert(image.pixels.end(), {red, green, blue});
  return image;
}

// Waves, so that there is something to lose.
data::Image Patterned(int64_t side) {
  data::Image image = Filled(side, 0, 0, 0);
  for (int64_t i = 0; i < side * side; ++i) {
    const double x = static_cast<double>(i % side), y = static_cast<double>(i / side);
    image.pixels[static_cast<size_t>(3 * i)] = static_cast<uint8_t>(128 + 100 * std::sin(0.3 * x));
    image.pixels[static_cast<size_t>(3 * i + 1)] = static_cast<uint8_t>(128 + 100 * std::sin(0.2 * y));
    image.pixels[static_cast<size_t>(3 * i + 2)] = static_cast<uint8_t>(128 + 100 * std::sin(0.1 * (x + y)));
  }
  return image;
}

data::Image Through(const VisualGap& gap, data::Image image, uint64_t seed = 0) {
  Sensor(gap).Apply(image, RandomStream(seed, "noise"));
  return image;
}

VisualGap Jpeg(double loss) {
  VisualGap gap;
  gap.sensor_jpeg_loss = loss;
  return gap;
}

TEST(Sensor, WithoutAGapChangesNothing) { EXPECT_EQ(Through({}, Patterned(31)), Patterned(31)); }

TEST(Sensor, FullySwappedChannelsAreGreenBlueRed) {
  VisualGap gap;
  gap.channels = 1;
  EXPECT_EQ(Through(gap, Filled(3, 10, 100, 200)), Filled(3, 100, 200, 10));
  gap.channels = 0.5;
  EXPECT_EQ(Through(gap, Filled(3, 10, 100, 200)), Filled(3, 55, 150, 105));
  gap.channels = 1.5;  // beyond, and held within the levels
  EXPECT_EQ(Through(gap, Filled(3, 10, 100, 200)), Filled(3, 145, 250, 0));
}

TEST(Sensor, NoiseHasTheDeviationThatWasAskedFor) {
  VisualGap gap;
  gap.sensor_noise = 6;
  const data::Image flat = Filled(84, 128, 128, 128), noisy = Through(gap, flat);
  double sum = 0, squares = 0;
  for (const uint8_t value : noisy.pixels) {
    sum += value - 128.0;
    squares += (value - 128.0) * (value - 128.0);
  }
  const auto n = static_cast<double>(noisy.pixels.size());
  EXPECT_NEAR(sum / n, 0, 0.2);
  EXPECT_NEAR(std::sqrt(squares / n), 6, 0.15);
  EXPECT_EQ(Through(gap, flat), noisy);
  EXPECT_NE(Through(gap, flat, 1), noisy);
}

// A Gaussian's transfer function: a wave of frequency f loses all but exp(-(2 pi f s)^2 / 2).
TEST(Sensor, BlurDampsAWaveAsAGaussianDoes) {
  constexpr int64_t kSide = 84;
  constexpr double kDeviation = 1.2, kStep = 0.6;
  data::Image wave = Filled(kSide, 0, 0, 0);
  for (int64_t i = 0; i < kSide * kSide; ++i) {
    for (size_t c = 0; c < 3; ++c)
      wave.pixels[static_cast<size_t>(3 * i) + c] =
          static_cast<uint8_t>(std::lround(128 + 100 * std::sin(kStep * static_cast<double>(i % kSide))));
  }
  VisualGap gap;
  gap.sensor_blur_px = kDeviation;
  const data::Image blurred = Through(gap, wave);
  const double damping = std::exp(-0.5 * std::pow(kStep * kDeviation, 2));
  for (int64_t x = 10; x < kSide - 10; ++x) {
    const double expected = 128 + 100 * damping * std::sin(kStep * static_cast<double>(x));
    EXPECT_NEAR(blurred.pixels[static_cast<size_t>(3 * (40 * kSide + x))], expected, 2.0) << x;
  }
  EXPECT_EQ(Through(gap, Filled(9, 10, 100, 200)), Filled(9, 10, 100, 200));
}

TEST(Sensor, AJpegLosesMoreTheWorseItIs) {
  const data::Image image = Patterned(85);
  double last = 0;
  for (const double loss : {5.0, 30.0, 45.0, 60.0, 85.0}) {
    const data::Image stored = Through(Jpeg(loss), image);
    ASSERT_EQ(stored.height, 85);
    ASSERT_EQ(stored.width, 85);
    const double difference = MeanDifference(stored, image);
    EXPECT_GT(difference, last) << loss;
    EXPECT_LT(difference, 40) << loss;
    EXPECT_EQ(Through(Jpeg(loss), image), stored);
    last = difference;
  }
  // Plain colours survive: the colour conversions there and back agree.
  EXPECT_LT(MeanDifference(Through(Jpeg(5), Filled(33, 200, 30, 90)), Filled(33, 200, 30, 90)), 2.5);
}

}  // namespace
}  // namespace heddle::sim

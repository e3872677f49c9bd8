#include "heddle/core/portable_math.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "heddle/core/random.h"

namespace heddle {
namespace {

TEST(PortableMath, LogAgreesWithTheLibraryOverAllExponents) {
  RandomStream random(1, "log");
  for (int i = 0; i < 200000; ++i) {
    const double x = (0.5 + random.Uniform()) * std::pow(2.0, static_cast<double>(random.Below(2000)) - 1000.0);
    const double expected = std::log(x);
    EXPECT_NEAR(PortableLog(x), expected, 1e-15 * std::max(1.0, std::abs(expected))) << x;
  }
}

TEST(PortableMath, LogIsRelativelyExactNearOne) {
  EXPECT_EQ(PortableLog(1.0), 0.0);
  for (double distance = 0.2; distance > 1e-15; distance *= 0.7) {
    for (const double x : {1.0 + distance, 1.0 - distance}) {
      EXPECT_NEAR(PortableLog(x) / std::log(x), 1.0, 1e-15) << x;
    }
  }
}

TEST(PortableMath, SineAndCosineAgreeWithTheLibrary) {
  RandomStream random(2, "sincos");
  for (int i = 0; i < 200000; ++i) {
    const double turns = random.Uniform();
    const SinCos got = PortableSinCosOfTurns(turns);
    EXPECT_NEAR(got.sin, std::sin(2 * std::numbers::pi * turns), 1e-15) << turns;
    EXPECT_NEAR(got.cos, std::cos(2 * std::numbers::pi * turns), 1e-15) << turns;
  }
}

TEST(PortableMath, QuarterTurnsAreExact) {
  const double expected_sin[] = {0, 1, 0, -1, 0}, expected_cos[] = {1, 0, -1, 0, 1};
  for (int quarter = 0; quarter <= 4; ++quarter) {
    const SinCos got = PortableSinCosOfTurns(quarter * 0.25);
    EXPECT_EQ(got.sin, expected_sin[quarter]) << quarter;
    EXPECT_EQ(got.cos, expected_cos[quarter]) << quarter;
  }
}

// Bits, not nearness: another compiler or machine that differs here would make every seed mean something else. Made by
// random_reference.py.
TEST(PortableMath, GivesTheSameBitsEverywhere) {
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableLog(0.3)), 13831473067500349217u);
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableLog(1e-17)), 13854077874890386023u);
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableSinCosOfTurns(0.1).sin), 4603469518431672926u);
  EXPECT_EQ(std::bit_cast<uint64_t>(PortableSinCosOfTurns(0.7).cos), 13822610412055554388u);
}

}  // namespace
}  // namespace heddle

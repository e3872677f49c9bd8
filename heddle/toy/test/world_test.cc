#include "heddle/toy/world.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace heddle::toy {
namespace {

TEST(World, TheTargetIsTheSourceTurnedAndShifted) {
  for (const double x : {0.0, 0.2, 0.7, 1.0}) {
    for (const double y : {0.0, 0.5, 1.0}) {
      const auto s = SourceOutput(x, y), t = TargetOutput(x, y);
      const double u = t[0] - 3, v = t[1] - 1.5;
      EXPECT_NEAR(std::hypot(u, v), std::hypot(s[0], s[1]), 1e-12);
      EXPECT_NEAR(s[0] * v - s[1] * u, std::hypot(u, v) * std::hypot(s[0], s[1]) * std::sin(std::numbers::pi / 4),
                  1e-12);
    }
  }
}

TEST(World, TheTwoOutputsAreNeverCloserThanOne) {
  double least = 1e9;
  for (int i = 0; i <= 400; ++i) {
    for (int j = 0; j <= 50; ++j) {
      const auto s = SourceOutput(i / 400.0, j / 50.0), t = TargetOutput(i / 400.0, j / 50.0);
      least = std::min(least, std::hypot(s[0] - t[0], s[1] - t[1]));
    }
  }
  EXPECT_GE(least, 1.0);
}

TEST(World, TheTargetIsSampledOnItsCoveredPartOnly) {
  const World world = DrawWorld(500, 200, 0.3, RandomStream(2, "world"));
  ASSERT_EQ(world.target.size(), 200);
  float source_reach = 0;
  for (int i = 0; i < 200; ++i) EXPECT_LT(world.target.xy[std::size_t(2 * i)], 0.3f);
  for (int i = 0; i < 500; ++i) source_reach = std::max(source_reach, world.source.xy[std::size_t(2 * i)]);
  EXPECT_GT(source_reach, 0.98f);
}

TEST(World, MoreSamplesLeaveTheFirstAsTheyWere) {
  const World few = DrawWorld(10, 3, 0.5, RandomStream(2, "world")),
              many = DrawWorld(20, 6, 0.5, RandomStream(2, "world"));
  for (std::size_t i = 0; i < few.source.out.size(); ++i) EXPECT_EQ(few.source.out[i], many.source.out[i]);
  for (std::size_t i = 0; i < few.target.xy.size(); ++i) EXPECT_EQ(few.target.xy[i], many.target.xy[i]);
}

TEST(World, HalfOfTheGridIsCovered) {
  ToyOptions options;
  const EvaluationGrid grid = MakeGrid(options);
  EXPECT_EQ(grid.size(), 256);
  EXPECT_EQ(std::count(grid.covered.begin(), grid.covered.end(), true), 128);
}

}  // namespace
}  // namespace heddle::toy

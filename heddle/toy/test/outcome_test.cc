#include "heddle/toy/outcome.h"

#include <gtest/gtest.h>

namespace heddle::toy {
namespace {

// One sample a point, chosen by `pick(point)` from the target's and the source's output.
std::vector<float> SamplesFrom(const EvaluationGrid& grid, int per_point, auto from_target) {
  std::vector<float> samples;
  for (int point = 0; point < grid.size(); ++point) {
    for (int k = 0; k < per_point; ++k) {
      const std::vector<float>& from = from_target(point, k) ? grid.truth : grid.source_truth;
      samples.insert(samples.end(), {from[std::size_t(2 * point)], from[std::size_t(2 * point + 1)]});
    }
  }
  return samples;
}

class OutcomeTest : public ::testing::Test {
 protected:
  EvaluationGrid grid = MakeGrid(ToyOptions{});
};

TEST_F(OutcomeTest, PerfectSamplesHaveNoLossAndFollowTheTarget) {
  const auto samples = SamplesFrom(grid, 2, [](int, int) { return true; });
  const Losses losses = MeasureLosses(grid, samples, 2);
  EXPECT_EQ(losses.whole, 0);
  EXPECT_EQ(losses.ood_median, 0);
  const Following following = MeasureFollowing(grid, samples, 2);
  EXPECT_EQ(following.source_share, 0);
  EXPECT_EQ(following.two_modes, 0);
}

TEST_F(OutcomeTest, SamplesOfTheSourceAreCalledOverlapping) {
  const auto samples = SamplesFrom(grid, 2, [](int, int) { return false; });
  const Following following = MeasureFollowing(grid, samples, 2);
  EXPECT_EQ(following.source_share, 1);
  EXPECT_EQ(following.two_modes, 0);
  EXPECT_EQ(NameRegime(2.0, following), Regime::kOverlapping);  // however small the error elsewhere
}

TEST_F(OutcomeTest, OneOfEachAtEveryInputIsTwoModes) {
  const Following following = MeasureFollowing(grid, SamplesFrom(grid, 2, [](int, int k) { return k == 0; }), 2);
  EXPECT_EQ(following.source_share, 0.5);
  EXPECT_EQ(following.two_modes, 1);
}

TEST_F(OutcomeTest, SamplesFarFromBothFollowNone) {
  std::vector<float> samples(std::size_t(2 * grid.size()), 100.0f);
  const Following following = MeasureFollowing(grid, samples, 1);
  EXPECT_EQ(following.source_share, 0);
  EXPECT_EQ(following.two_modes, 0);
}

TEST_F(OutcomeTest, ErrorsAreToldApartByCoverage) {
  // Shifted by (3, 4) out of distribution only: squared distance 25 there, 0 elsewhere, 12.5 on the whole.
  std::vector<float> samples = SamplesFrom(grid, 1, [](int, int) { return true; });
  for (int point = 0; point < grid.size(); ++point) {
    if (grid.covered[std::size_t(point)]) continue;
    samples[std::size_t(2 * point)] += 3;
    samples[std::size_t(2 * point + 1)] += 4;
  }
  const Losses losses = MeasureLosses(grid, samples, 1);
  EXPECT_EQ(losses.covered, 0);
  EXPECT_NEAR(losses.ood, 25, 1e-4);
  EXPECT_NEAR(losses.ood_median, 25, 1e-4);
  EXPECT_NEAR(losses.whole, 12.5, 1e-4);
}

TEST_F(OutcomeTest, WithoutTheSourceInItsSamplesACellIsNamedByTransfer) {
  EXPECT_EQ(NameRegime(0.5, {}), Regime::kStructured);
  EXPECT_EQ(NameRegime(0.0, {}), Regime::kDisjoint);
  EXPECT_EQ(NameRegime(-0.5, {}), Regime::kDisjoint);
}

}  // namespace
}  // namespace heddle::toy

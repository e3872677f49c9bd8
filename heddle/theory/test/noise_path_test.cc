#include "heddle/theory/noise_path.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "heddle/core/error.h"

namespace heddle::theory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

void ExpectMonotoneAndPreserving(const std::vector<NoiseLevel>& levels) {
  EXPECT_EQ(levels.front(), (NoiseLevel{1, 0}));
  for (size_t t = 0; t < levels.size(); ++t) {
    const auto [alpha, sigma] = levels[t];
    EXPECT_NEAR(alpha * alpha + sigma * sigma, 1, 1e-14) << "at t = " << t;
    EXPECT_LE(alpha, levels[t > 0 ? t - 1 : 0].alpha) << "at t = " << t;
  }
}

TEST(NoisePath, DiffusionPathsStartAtDataFallAndPreserveVariance) {
  ExpectMonotoneAndPreserving(CosineLevels(100));
  ExpectMonotoneAndPreserving(CosineLevels(100, 0.008, 1e-4));
  ExpectMonotoneAndPreserving(LevelsOfBetas(LinearBetas(1000)));
  ExpectMonotoneAndPreserving(LevelsOfBetas(CosineBetas(100)));
}

TEST(NoisePath, CosineHasItsKnownValues) {
  // Worked out by hand: f(u) = cos²((u + .008)/1.008 π/2), f(0) = .99984462...
  const double f0 = std::pow(std::cos(0.008 / 1.008 * M_PI / 2), 2);
  EXPECT_NEAR(CosineLevel(0.5).signal(), std::pow(std::cos(0.508 / 1.008 * M_PI / 2), 2) / f0, 1e-14);
  EXPECT_NEAR(CosineLevel(0.5).signal(), 0.49384, 1e-5);
  EXPECT_EQ(CosineLevel(1).alpha, 0);
}

TEST(NoisePath, FloorHoldsTheSignalUp) {
  EXPECT_NEAR(CosineLevel(1, 0.008, 1e-4).signal(), 1e-4, 1e-18);
  EXPECT_EQ(CosineLevel(0.5, 0.008, 1e-4), CosineLevel(0.5));
}

TEST(NoisePath, CappedCosineBetasDifferFromThePathInTheLastStepOnly) {
  const auto capped = LevelsOfBetas(CosineBetas(100)), plain = CosineLevels(100);
  for (size_t t = 0; t < 100; ++t) EXPECT_NEAR(capped[t].signal(), plain[t].signal(), 1e-13);
  EXPECT_NEAR(capped[100].signal(), plain[99].signal() * 0.001, 1e-15);
  EXPECT_NEAR(capped[100].signal(), 2.4e-7, 1e-8);
}

TEST(NoisePath, DiscreteLinearBetasApproachTheContinuousPath) {
  const int64_t steps = 100000;
  const auto levels = LevelsOfBetas(LinearBetas(steps, 0.1 / steps, 20.0 / steps));
  for (const double u : {0.1, 0.5, 0.9}) {
    EXPECT_NEAR(levels[static_cast<size_t>(u * steps)].alpha, LinearBetaLevel(u).alpha, 1e-4);
  }
}

TEST(NoisePath, DdpmBetasEndWhereTheFieldExpects) {
  const auto betas = LinearBetas(1000);
  EXPECT_EQ(betas.front(), 1e-4);
  EXPECT_NEAR(betas.back(), 0.02, 1e-16);
  EXPECT_NEAR(LevelsOfBetas(betas).back().signal(), 4.0358e-5, 1e-8);
}

TEST(NoisePath, FlowIsTheLinearPathFromNoiseToData) {
  EXPECT_EQ(FlowLevel(0), (NoiseLevel{0, 1}));
  EXPECT_EQ(FlowLevel(1), (NoiseLevel{1, 0}));
  EXPECT_EQ(FlowLevels(4)[1], (NoiseLevel{0.25, 0.75}));
  EXPECT_NEAR(FlowLevel(0.25).signal(), 0.1, 1e-15);
}

TEST(NoisePath, SnrAndSignalSayTheSame) {
  for (const NoiseLevel level : {LevelOfSignal(0.2), FlowLevel(0.7)}) {
    EXPECT_NEAR(level.signal(), level.snr() / (1 + level.snr()), 1e-15);
  }
  EXPECT_EQ((NoiseLevel{1, 0}).snr(), std::numeric_limits<double>::infinity());
}

TEST(NoisePath, SamplerVisitsEvenStepsFromNoiseToData) {
  EXPECT_THAT(SamplerSteps(100, 4), ElementsAre(100, 75, 50, 25, 0));
  EXPECT_THAT(SamplerSteps(10, 3), ElementsAre(10, 7, 3, 0));
  EXPECT_THAT(SamplerSteps(3, 3), ElementsAre(3, 2, 1, 0));
  const auto levels = CosineLevels(100);
  const auto visited = SamplerLevels(levels, 4);
  EXPECT_EQ(visited.size(), 5u);
  EXPECT_EQ(visited[1], levels[75]);
  EXPECT_EQ(visited[4], levels[0]);
}

template <class Call>
std::string UsageError(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(NoisePath, RefusesWhatIsOutOfRange) {
  EXPECT_THAT(UsageError([] { CosineLevel(1.5); }), HasSubstr("diffusion time u is 1.5"));
  EXPECT_THAT(UsageError([] { CosineLevel(NAN); }), HasSubstr("diffusion time u"));
  EXPECT_THAT(UsageError([] { CosineLevel(0.5, 0.008, -1); }), HasSubstr("floor"));
  EXPECT_THAT(UsageError([] { LinearBetaLevel(0.5, -1, 20); }), HasSubstr("negative beta"));
  EXPECT_THAT(UsageError([] { LevelsOfBetas(std::vector<double>{0.1, 1.0}); }), HasSubstr("outside [0, 1)"));
  EXPECT_THAT(UsageError([] { FlowLevel(-0.1); }), HasSubstr("flow time t"));
  EXPECT_THAT(UsageError([] { CosineLevels(0); }), HasSubstr("0 steps"));
  EXPECT_THAT(UsageError([] { SamplerSteps(10, 11); }), HasSubstr("between 1 and 10"));
}

}  // namespace
}  // namespace heddle::theory

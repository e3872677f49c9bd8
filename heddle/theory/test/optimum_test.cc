#include "heddle/theory/optimum.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "heddle/core/error.h"
#include "heddle/theory/test/samples.h"

namespace heddle::theory {
namespace {

// ln Σ_i share_i N(y; α a_i, σ²) K(z, z_i) up to a constant, by differences and without any of the code under test.
at::Tensor LogDensity(const std::vector<DomainSamples>& domains, double h, const at::Tensor& latents_Qd,
                      const at::Tensor& noised_QA, const NoiseLevel& level) {
  double total_w = 0;
  for (const auto& domain : domains) total_w += domain.w;
  std::vector<at::Tensor> logits;
  for (const auto& domain : domains) {
    const at::Tensor action_part =
        (noised_QA.unsqueeze(1) - level.alpha * domain.actions_NA.unsqueeze(0)).square().sum(2) /
        (2 * level.sigma * level.sigma);
    const at::Tensor latent_part =
        (latents_Qd.unsqueeze(1) - domain.latents_Nd.unsqueeze(0)).square().sum(2) / (2 * h * h);
    logits.push_back(std::log(domain.w / total_w / static_cast<double>(domain.latents_Nd.size(0))) - action_part -
                     latent_part);
  }
  return at::logsumexp(at::cat(logits, 1), {1});
}

TEST(Optimum, ScoreIsTheGradientOfTheLogDensityForThreeDomains) {
  const auto domains = SomeDomains(3, 4, 5);
  RandomStream random(3, "queries");
  const at::Tensor latents = NormalTensor(random, {9, 4});
  const double h = 0.8;
  const Optimum optimum(JoinDomains(domains), LatentKernel::Gaussian(h), latents);
  for (const NoiseLevel level : {LevelOfSignal(1e-4), LevelOfSignal(0.5), LevelOfSignal(0.98), FlowLevel(0.6)}) {
    at::Tensor noised = NormalTensor(random, {9, 5}, 1.3).requires_grad_();
    LogDensity(domains, h, latents, noised, level).sum().backward();
    const at::Tensor gradient = noised.grad();
    EXPECT_LT(MaxDifference(optimum.Score(noised.detach(), level), gradient),
              1e-11 * (1 + gradient.abs().max().item<double>()));
  }
}

// p(y, z) and its derivative by y for d = A = 1, by inverting the characteristic function
// φ(k, l) = Σ_i share_i e^{i(kαa_i + l z_i)} e^{-(k²σ² + l²h²)/2} with the trapezoidal rule.
std::pair<double, double> DensityAndSlope(const std::vector<DomainSamples>& domains, double h, double z, double y,
                                          const NoiseLevel& level) {
  double total_w = 0;
  for (const auto& domain : domains) total_w += domain.w;
  const int half = 120;
  const double k_step = 9.0 / level.sigma / half, l_step = 9.0 / h / half;
  std::complex<double> density = 0, slope = 0;
  for (int p = -half; p <= half; ++p) {
    for (int q = -half; q <= half; ++q) {
      const double k = p * k_step, l = q * l_step;
      std::complex<double> phi = 0;
      for (const auto& domain : domains) {
        const double share = domain.w / total_w / static_cast<double>(domain.latents_Nd.size(0));
        for (int64_t i = 0; i < domain.latents_Nd.size(0); ++i) {
          phi += share * std::polar(1.0, k * (level.alpha * domain.actions_NA.const_data_ptr<double>()[i] - y) +
                                             l * (domain.latents_Nd.const_data_ptr<double>()[i] - z));
        }
      }
      phi *= std::exp(-(k * k * level.sigma * level.sigma + l * l * h * h) / 2);
      density += phi;
      slope += std::complex<double>(0, -k) * phi;
    }
  }
  const double cell = k_step * l_step / (4 * std::numbers::pi * std::numbers::pi);
  return {density.real() * cell, slope.real() * cell};
}

TEST(Optimum, ScoreAgreesWithTheDensityByNumericalIntegration) {
  const auto domains = SomeDomains(2, 1, 1);
  const double h = 0.5;
  const NoiseLevel level = LevelOfSignal(0.6);
  for (const double z : {-0.4, 0.9}) {
    const Optimum optimum(JoinDomains(domains), LatentKernel::Gaussian(h), at::full({1, 1}, z, at::kDouble));
    for (const double y : {-1.0, 0.2, 1.1}) {
      const auto [density, slope] = DensityAndSlope(domains, h, z, y, level);
      EXPECT_GT(density, 1e-4);
      EXPECT_NEAR(optimum.Score(at::full({1, 1}, y, at::kDouble), level).item<double>(), slope / density, 1e-8);
    }
  }
}

TEST(Optimum, ScoreIsTheDomainsScoresByTheirShares) {
  const auto domains = SomeDomains(3, 2, 3);
  RandomStream random(4, "queries");
  const at::Tensor latents = NormalTensor(random, {6, 2}), noised = NormalTensor(random, {6, 3});
  const LatentKernel kernel = LatentKernel::Gaussian(0.6);
  const NoiseLevel level = LevelOfSignal(0.3);
  const Optimum optimum(JoinDomains(domains), kernel, latents);
  const at::Tensor shares = optimum.DomainShares(noised, level);
  EXPECT_LT(MaxDifference(shares.sum(1), at::ones({6}, at::kDouble)), 1e-14);

  at::Tensor sum = at::zeros({6, 3}, at::kDouble);
  at::Tensor densities = at::empty({6, 3}, at::kDouble);
  for (int64_t k = 0; k < 3; ++k) {
    const Optimum alone(JoinDomains({&domains[static_cast<size_t>(k)], 1}), kernel, latents);
    sum += shares.select(1, k).unsqueeze(1) * alone.Score(noised, level);
    const double w = domains[static_cast<size_t>(k)].w;
    densities.select(1, k).copy_(std::log(w) +
                                 LogDensity({domains[static_cast<size_t>(k)]}, kernel.width, latents, noised, level));
  }
  EXPECT_LT(MaxDifference(optimum.Score(noised, level), sum), 1e-12);
  EXPECT_LT(MaxDifference(shares, at::softmax(densities, 1)), 1e-12);
}

TEST(Optimum, WeightsGoToTheAverageInNoiseAndToTheNearestInData) {
  const auto domains = SomeDomains(2, 2, 3);
  RandomStream random(5, "queries");
  const at::Tensor latents = NormalTensor(random, {4, 2}), noised = NormalTensor(random, {4, 3});
  const Demonstrations joined = JoinDomains(domains);
  const Optimum optimum(joined, LatentKernel::Flat(), latents);

  const at::Tensor average = optimum.Weights(noised, {1, 1e6});
  EXPECT_LT(MaxDifference(average, joined.log_share_N.exp().expand({4, -1})), 1e-10);
  EXPECT_LT(MaxDifference(optimum.Weights(noised, {0, 1}), joined.log_share_N.exp().expand({4, -1})), 1e-15);

  const at::Tensor nearest = (noised.unsqueeze(1) - joined.actions_NA).square().sum(2).argmin(1);
  const at::Tensor weights = optimum.Weights(noised, {1, 1e-3});
  EXPECT_TRUE(at::equal(weights.argmax(1), nearest));
  EXPECT_LT(MaxDifference(weights.amax(1), at::ones({4}, at::kDouble)), 1e-12);
  EXPECT_LT(MaxDifference(optimum.PosteriorMean(noised, {1, 1e-3}), joined.actions_NA.index_select(0, nearest)), 1e-12);
}

TEST(Optimum, DoesNotDependOnTheOrderOfDemonstrationsOrDomains) {
  const auto domains = SomeDomains(3, 2, 3);
  std::vector<DomainSamples> shuffled = {domains[2], domains[0], domains[1]};
  for (auto& domain : shuffled) {
    domain.latents_Nd = domain.latents_Nd.flip(0);
    domain.actions_NA = domain.actions_NA.flip(0);
  }
  RandomStream random(6, "queries");
  const at::Tensor latents = NormalTensor(random, {5, 2}), noised = NormalTensor(random, {5, 3});
  const LatentKernel kernel = LatentKernel::Gaussian(0.7);
  const NoiseLevel level = LevelOfSignal(0.7);
  const Optimum one(JoinDomains(domains), kernel, latents), other(JoinDomains(shuffled), kernel, latents);
  EXPECT_LT(MaxDifference(one.Score(noised, level), other.Score(noised, level)), 1e-12);
}

TEST(Optimum, WeightOfDomainsIsRelativeAndZeroLeavesOneOut) {
  auto domains = SomeDomains(3, 2, 2);
  RandomStream random(8, "queries");
  const at::Tensor latents = NormalTensor(random, {5, 2}), noised = NormalTensor(random, {5, 2});
  const LatentKernel kernel = LatentKernel::Gaussian(0.7);
  const NoiseLevel level = LevelOfSignal(0.4);
  domains[1].w = 0;
  std::vector<DomainSamples> fewer = {domains[0], domains[2]};
  for (auto& domain : fewer) domain.w *= 10;
  const Optimum with_zero(JoinDomains(domains), kernel, latents), without(JoinDomains(fewer), kernel, latents);
  EXPECT_LT(MaxDifference(with_zero.Score(noised, level), without.Score(noised, level)), 1e-12);
  EXPECT_EQ(with_zero.DomainShares(noised, level).select(1, 1).max().item<double>(), 0);
}

TEST(Optimum, FarLatentsStillGiveFiniteWeights) {
  const auto domains = SomeDomains(2, 2, 2);
  const Optimum optimum(JoinDomains(domains), LatentKernel::Gaussian(0.05), at::full({2, 2}, 50.0, at::kDouble));
  const at::Tensor weights = optimum.Weights(at::zeros({2, 2}, at::kDouble), LevelOfSignal(0.5));
  EXPECT_TRUE(at::isfinite(weights).all().item<bool>());
  EXPECT_LT(MaxDifference(weights.sum(1), at::ones({2}, at::kDouble)), 1e-14);
}

TEST(Optimum, FlowAndDiffusionAreOneAtEqualSignalLevel) {
  const auto domains = SomeDomains(2, 2, 3);
  RandomStream random(9, "queries");
  const at::Tensor latents = NormalTensor(random, {5, 2}), noised = NormalTensor(random, {5, 3});
  const Optimum optimum(JoinDomains(domains), LatentKernel::Gaussian(0.7), latents);
  for (const double t : {0.1, 0.5, 0.9}) {
    const NoiseLevel flow = FlowLevel(t), diffusion = LevelOfSignal(flow.signal());
    const double scale = diffusion.alpha / flow.alpha;
    EXPECT_LT(MaxDifference(optimum.Weights(noised, flow), optimum.Weights(scale * noised, diffusion)), 1e-12);
    EXPECT_LT(MaxDifference(optimum.Eps(noised, flow), optimum.Eps(scale * noised, diffusion)), 1e-12);
    EXPECT_LT(
        MaxDifference(optimum.Velocity(noised, flow), optimum.PosteriorMean(noised, flow) - optimum.Eps(noised, flow)),
        1e-12);
  }
}

// Standard normal quantiles, so that a deterministic sampler's outcome is known without chance.
at::Tensor NormalQuantiles(int64_t count) {
  const at::Tensor p = (at::arange(count, at::kDouble) + 0.5) / static_cast<double>(count);
  return (at::special_ndtri(p)).unsqueeze(1);
}

double NormalCdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }

// Four demonstrations of two domains with chances .4, .2, .2, .2.
std::vector<DomainSamples> FourModes() {
  const auto column = [](std::initializer_list<double> v) {
    return at::tensor(at::ArrayRef<double>(v.begin(), v.size()), at::kDouble).unsqueeze(1);
  };
  return {{column({0}), column({-2}), 0.4}, {column({0, 0, 0}), column({-0.5, 1, 2.5}), 0.6}};
}

void ExpectMixtureAtLevel(const at::Tensor& sample_Q1, const NoiseLevel& level, double tolerance) {
  const double modes[] = {-2, -0.5, 1, 2.5}, chances[] = {0.4, 0.2, 0.2, 0.2};
  std::vector<double> sorted(sample_Q1.const_data_ptr<double>(),
                             sample_Q1.const_data_ptr<double>() + sample_Q1.size(0));
  std::ranges::sort(sorted);
  double worst = 0;
  for (size_t q = 0; q < sorted.size(); ++q) {
    double cdf = 0;
    for (int k = 0; k < 4; ++k) cdf += chances[k] * NormalCdf((sorted[q] - level.alpha * modes[k]) / level.sigma);
    worst = std::max(worst, std::abs(cdf - (static_cast<double>(q) + 0.5) / static_cast<double>(sorted.size())));
  }
  EXPECT_LT(worst, tolerance);
}

TEST(Optimum, DiffusionSamplingReproducesTheGaussianMixture) {
  const Optimum optimum(JoinDomains(FourModes()), LatentKernel::Flat(), at::zeros({2000, 1}, at::kDouble));
  std::vector<NoiseLevel> levels = CosineLevels(1000, 0.008, 1e-5);
  std::ranges::reverse(levels);
  while (levels.back().signal() > 0.9) levels.pop_back();
  ExpectMixtureAtLevel(optimum.Sample(NormalQuantiles(2000), levels), levels.back(), 0.003);
}

TEST(Optimum, FlowSamplingReproducesTheGaussianMixture) {
  const Optimum optimum(JoinDomains(FourModes()), LatentKernel::Flat(), at::zeros({2000, 1}, at::kDouble));
  std::vector<NoiseLevel> levels = FlowLevels(1000);
  while (levels.back().alpha > 0.75) levels.pop_back();
  ExpectMixtureAtLevel(optimum.Sample(NormalQuantiles(2000), levels), levels.back(), 0.003);
}

TEST(Optimum, SamplingToDataEndsAtDemonstrationsInTheirShares) {
  const Optimum optimum(JoinDomains(FourModes()), LatentKernel::Flat(), at::zeros({2000, 1}, at::kDouble));
  std::vector<NoiseLevel> diffusion = CosineLevels(400, 0.008, 1e-4);
  std::ranges::reverse(diffusion);
  for (const auto& levels : {diffusion, FlowLevels(400)}) {
    const at::Tensor ends = optimum.Sample(NormalQuantiles(2000), levels);
    const double modes[] = {-2, -0.5, 1, 2.5}, chances[] = {0.4, 0.2, 0.2, 0.2};
    for (int k = 0; k < 4; ++k) {
      EXPECT_NEAR(((ends - modes[k]).abs() < 1e-3).to(at::kDouble).mean().item<double>(), chances[k], 0.006);
    }
  }
}

TEST(Optimum, FloatAgreesWithDoubleInManyBlocks) {
  RandomStream random(11, "large");
  const std::vector<DomainSamples> domains = {{NormalTensor(random, {25, 3}), NormalTensor(random, {25, 2}, 2), 0.1},
                                              {NormalTensor(random, {700, 3}), NormalTensor(random, {700, 2}, 2), 0.9}};
  const at::Tensor latents = NormalTensor(random, {900, 3}), noised = NormalTensor(random, {900, 2}, 1.5);
  const Demonstrations joined = JoinDomains(domains);
  const LatentKernel kernel = LatentKernel::Gaussian(0.3);
  const Optimum in_double(joined, kernel, latents), in_float(joined, kernel, latents, at::kFloat);
  for (const double signal : {1e-4, 0.3, 0.9, 0.9995}) {
    const NoiseLevel level = LevelOfSignal(signal);
    const at::Tensor exact = in_double.PosteriorMean(noised, level);
    const at::Tensor close = in_float.PosteriorMean(noised.to(at::kFloat), level);
    EXPECT_EQ(close.scalar_type(), at::kFloat);
    EXPECT_LT((close - exact).square().mean().sqrt().item<double>(), 1e-3);
  }
  EXPECT_LT(MaxDifference(in_double.Weights(noised, LevelOfSignal(0.5)).matmul(joined.actions_NA),
                          in_double.PosteriorMean(noised, LevelOfSignal(0.5))),
            1e-12);
}

TEST(Optimum, RefusesALevelWithoutNoise) {
  const Optimum optimum(JoinDomains(FourModes()), LatentKernel::Flat(), at::zeros({1, 1}, at::kDouble));
  try {
    optimum.Eps(at::zeros({1, 1}, at::kDouble), {1, 0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("without noise"));
  }
}

TEST(Optimum, RefusesQueriesOfAnotherShapeOrTypeOrNotFinite) {
  const Demonstrations joined = JoinDomains(FourModes());
  const Optimum optimum(joined, LatentKernel::Flat(), at::zeros({3, 1}, at::kDouble));
  EXPECT_THROW(optimum.Eps(at::zeros({2, 1}, at::kDouble), LevelOfSignal(0.5)), Error);
  EXPECT_THROW(optimum.Eps(at::zeros({3, 1}, at::kFloat), LevelOfSignal(0.5)), Error);
  EXPECT_THROW(Optimum(joined, LatentKernel::Flat(), at::full({3, 1}, NAN, at::kDouble)), Error);
  EXPECT_THROW(Optimum(joined, LatentKernel::Flat(), at::zeros({3, 2}, at::kDouble)), Error);
}

}  // namespace
}  // namespace heddle::theory

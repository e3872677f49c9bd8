#include "heddle/theory/kernel.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/error.h"
#include "heddle/theory/test/samples.h"

namespace heddle::theory {
namespace {

using ::testing::HasSubstr;

TEST(LogKernel, IsTheGaussianOfTheDistance) {
  RandomStream random(1, "kernel");
  const at::Tensor queries = NormalTensor(random, {4, 3}) + 40, latents = NormalTensor(random, {6, 3}) + 40;
  const at::Tensor expected = (queries.unsqueeze(1) - latents).square().sum(2) / (-2 * 0.3 * 0.3);
  EXPECT_LT(MaxDifference(LogKernel(LatentKernel::Gaussian(0.3), queries, latents), expected), 1e-11);
}

TEST(LogKernel, FlatIsTheSameForAll) {
  RandomStream random(1, "kernel");
  const at::Tensor log_kernel =
      LogKernel(LatentKernel::Flat(), NormalTensor(random, {4, 3}), NormalTensor(random, {6, 3}));
  EXPECT_TRUE(at::equal(log_kernel, at::zeros({4, 6}, at::kDouble)));
}

TEST(LatentKernel, RefusesAWidthThatIsNotPositive) {
  for (const double h : {0.0, -1.0, static_cast<double>(NAN), static_cast<double>(INFINITY)}) {
    EXPECT_THROW(LatentKernel::Gaussian(h), Error);
  }
}

// The definition, by plain loops.
double LeaveOneOutByLoops(const at::Tensor& z_Nd, double h) {
  const auto z = z_Nd.accessor<double, 2>();
  const auto n = z.size(0), d = z.size(1);
  double sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    double density = 0;
    for (int64_t j = 0; j < n; ++j) {
      if (j == i) continue;
      double square = 0;
      for (int64_t k = 0; k < d; ++k) square += (z[i][k] - z[j][k]) * (z[i][k] - z[j][k]);
      density += std::exp(-square / (2 * h * h)) / std::pow(2 * std::numbers::pi * h * h, static_cast<double>(d) / 2);
    }
    sum += std::log(density / static_cast<double>(n - 1));
  }
  return sum / static_cast<double>(n);
}

TEST(WidthByLeaveOneOut, MaximisesTheLikelihoodByItsDefinition) {
  RandomStream random(2, "kernel");
  const at::Tensor latents = NormalTensor(random, {60, 2});
  const KernelWidth chosen = WidthByLeaveOneOut(latents);
  EXPECT_EQ(chosen.widths.size(), 40u);
  EXPECT_NEAR(chosen.log_likelihood[25], LeaveOneOutByLoops(latents, chosen.widths[25]), 1e-10);
  const double best = LeaveOneOutByLoops(latents, chosen.width);
  EXPECT_GE(best, *std::ranges::max_element(chosen.log_likelihood));
  EXPECT_GT(best, LeaveOneOutByLoops(latents, chosen.width * 1.01));
  EXPECT_GT(best, LeaveOneOutByLoops(latents, chosen.width / 1.01));
}

TEST(WidthByLeaveOneOut, ScalesWithTheLatents) {
  RandomStream random(3, "kernel");
  const at::Tensor latents = NormalTensor(random, {50, 3});
  EXPECT_NEAR(WidthByLeaveOneOut(latents * 20).width / WidthByLeaveOneOut(latents).width, 20, 0.01);
}

std::string InputError(const at::Tensor& latents_Nd) {
  try {
    WidthByLeaveOneOut(latents_Nd);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(WidthByLeaveOneOut, RefusesWhereNoWidthIsBest) {
  RandomStream random(4, "kernel");
  const at::Tensor latents = NormalTensor(random, {20, 2});
  EXPECT_THAT(InputError(at::cat({latents, latents})), HasSubstr("every latent has an exact copy"));
  EXPECT_THAT(InputError(at::zeros({9, 2}, at::kDouble)), HasSubstr("exact copy"));
  EXPECT_THAT(InputError(at::cat({latents, latents.narrow(0, 0, 19)})), HasSubstr("copies"));
  EXPECT_THAT(InputError(latents.narrow(0, 0, 2)), HasSubstr("at least 3"));
}

}  // namespace
}  // namespace heddle::theory

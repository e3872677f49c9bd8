#include "heddle/ot/assignment.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/ot/cost.h"
#include "heddle/ot/test/clouds.h"

namespace heddle::ot {
namespace {

// Walks of `length` steps each: neighbours in time are neighbours in space, as frames of episodes are.
at::Tensor Walks(uint64_t seed, int64_t count, int64_t size, int64_t length) {
  const at::Tensor steps = Cloud(seed, count, size).reshape({count / length, length, size});
  return (steps * .1).cumsum(1).add(Cloud(seed + 1, count / length, size).unsqueeze(1)).reshape({count, size});
}

double CheapestOfAll(const at::Tensor& cost_NN) {
  std::vector<int64_t> columns(static_cast<size_t>(cost_NN.size(0)));
  std::iota(columns.begin(), columns.end(), 0);
  double least = INFINITY;
  do {
    double sum = 0;
    for (size_t i = 0; i < columns.size(); ++i) sum += cost_NN[static_cast<int64_t>(i)][columns[i]].item<double>();
    least = std::min(least, sum);
  } while (std::ranges::next_permutation(columns).found);
  return least;
}

// By duality, which needs no other solver: a permutation, nothing below the duals, and the same sum on both sides.
void ExpectOptimal(const at::Tensor& cost_NN, const Assignment& assignment) {
  const int64_t n = cost_NN.size(0);
  std::vector<int32_t> columns = assignment.column_of;
  std::ranges::sort(columns);
  for (int64_t i = 0; i < n; ++i) ASSERT_EQ(columns[static_cast<size_t>(i)], i);
  const at::Tensor u_N = at::tensor(assignment.row_dual, at::kDouble),
                   v_N = at::tensor(assignment.column_dual, at::kDouble);
  const double unit = cost_NN.abs().mean().item<double>() + 1e-300;
  EXPECT_GT((cost_NN.to(at::kDouble) - u_N.unsqueeze(1) - v_N.unsqueeze(0)).min().item<double>(), -1e-10 * unit);
  EXPECT_NEAR((u_N.sum() + v_N.sum()).item<double>(), assignment.cost, 1e-9 * unit * static_cast<double>(n));
}

TEST(Assign, IsTheCheapestOfAllPermutations) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const at::Tensor cost_NN = Cloud(seed, 6, 6);  // negative ones too
    EXPECT_NEAR(Assign(cost_NN).cost, CheapestOfAll(cost_NN), 1e-12);
  }
}

TEST(Assign, ProvesItselfOnCloudsOfAllKinds) {
  for (const int64_t n : {1, 2, 15, 16, 17, 200, 512}) {
    SCOPED_TRACE(n);
    const at::Tensor cost_NN = SquaredEuclideanCost(Cloud(1, n, 5), Cloud(2, n, 5, .5));
    ExpectOptimal(cost_NN, Assign(cost_NN));
    ExpectOptimal(cost_NN.sqrt(), Assign(cost_NN.sqrt()));
  }
  const at::Tensor walks_NN = SquaredEuclideanCost(Walks(3, 512, 16, 64), Walks(5, 512, 16, 64));
  ExpectOptimal(walks_NN, Assign(walks_NN));
}

TEST(Assign, EqualCostsAndEqualPointsAreNoTrouble) {
  ExpectOptimal(at::ones({40, 40}), Assign(at::ones({40, 40})));
  ExpectOptimal(at::zeros({40, 40}), Assign(at::zeros({40, 40})));
  const at::Tensor rounded_NN = Cloud(7, 60, 60).round();
  ExpectOptimal(rounded_NN, Assign(rounded_NN));
  const at::Tensor twice_Nd = Cloud(8, 30, 4).repeat({2, 1});
  const at::Tensor cost_NN = SquaredEuclideanCost(twice_Nd, Cloud(9, 60, 4));
  ExpectOptimal(cost_NN, Assign(cost_NN));
}

TEST(Assign, CostsOfVeryDifferentSizesKeepTheirDigits) {
  for (const double scale : {1e-12, 1e9}) {
    const at::Tensor cost_NN = SquaredEuclideanCost(Cloud(1, 100, 3), Cloud(2, 100, 3));
    EXPECT_NEAR(Assign(cost_NN * scale).cost / scale, Assign(cost_NN).cost, 1e-9);
  }
  at::Tensor lonely_NN = SquaredEuclideanCost(Cloud(1, 50, 3), Cloud(2, 50, 3));
  lonely_NN.select(0, 7).add_(1e8);  // the auction is coarse then
  ExpectOptimal(lonely_NN, Assign(lonely_NN));
}

TEST(Assign, FollowsAPermutationOfTheRows) {
  const at::Tensor cost_NN = SquaredEuclideanCost(Cloud(1, 64, 3), Cloud(2, 64, 3));
  const at::Tensor order = at::argsort(Cloud(3, 64, 1).squeeze(1));
  const Assignment plain = Assign(cost_NN), moved = Assign(cost_NN.index_select(0, order));
  for (int64_t i = 0; i < 64; ++i)
    EXPECT_EQ(moved.column_of[static_cast<size_t>(i)], plain.column_of[static_cast<size_t>(order[i].item<int64_t>())]);
}

TEST(Assign, ACostThatIsNotFiniteIsRefused) {
  at::Tensor cost_NN = at::ones({4, 4});
  cost_NN[1][2] = INFINITY;
  EXPECT_THROW(Assign(cost_NN), Error);
}

TEST(WassersteinDistance, OfACloudAndItsCopyMovedIsHowFarItMoved) {
  const at::Tensor x_Nd = Cloud(1, 128, 6), moved_Nd = x_Nd.flip(0) + 2.0;
  for (const int p : {1, 2}) EXPECT_NEAR(WassersteinDistance(x_Nd, moved_Nd, p), 2 * std::sqrt(6.0), 1e-9);
  for (const int p : {1, 2}) EXPECT_NEAR(WassersteinDistance(x_Nd, x_Nd.flip(0), p), 0, 1e-6);
}

TEST(WassersteinDistance, OnALineItIsThatOfTheSortedPoints) {
  const at::Tensor x_N1 = Cloud(1, 300, 1), y_N1 = Cloud(2, 300, 1, 1) * 2;
  const at::Tensor apart = std::get<0>(x_N1.sort(0)) - std::get<0>(y_N1.sort(0));
  EXPECT_NEAR(WassersteinDistance(x_N1, y_N1, 1), apart.abs().mean().item<double>(), 1e-7);
  EXPECT_NEAR(WassersteinDistance(x_N1, y_N1, 2), apart.square().mean().sqrt().item<double>(), 1e-9);
}

}  // namespace
}  // namespace heddle::ot

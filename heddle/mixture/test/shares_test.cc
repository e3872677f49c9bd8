#include "heddle/mixture/shares.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

TEST(SharesTest, FloorSumIsTheSumOfFloors) {
  for (const uint64_t m : {1, 7, 1000}) {
    for (const uint64_t a : {0, 3, 999}) {
      for (const uint64_t b : {0, 5, 12345}) {
        if (a > m) continue;
        uint64_t sum = 0;
        for (uint64_t n = 0; n < 50; ++n) {
          EXPECT_EQ(FloorSum(n, m, a, b), sum) << n << " " << m << " " << a << " " << b;
          sum += (a * n + b) / m;
        }
      }
    }
  }
}

TEST(SharesTest, EveryBatchIsFullAndEachShareIsRoundedDownOrUp) {
  const std::vector<double> weights = {0.1, 0.003, 0.5, 0, 0.397};
  const Shares shares(weights, 64, 123456789);
  for (int64_t step = 0; step < 2000; ++step) {
    const std::vector<int64_t> rows = shares.Of(step);
    EXPECT_EQ(std::accumulate(rows.begin(), rows.end(), int64_t{0}), 64);
    for (size_t i = 0; i < rows.size(); ++i) {
      EXPECT_GE(rows[i], std::floor(64 * weights[i]));
      EXPECT_LE(rows[i], std::ceil(64 * weights[i]));
    }
  }
}

TEST(SharesTest, RowsBeforeAStepAreTheSumOfAllSteps) {
  const std::vector<double> weights = {1, 2.5, 0.01};
  const Shares shares(weights, 10, 77);
  std::vector<int64_t> sums(3);
  for (int64_t step = 0; step < 3000; ++step) {
    for (size_t i = 0; i < 3; ++i) ASSERT_EQ(shares.Before(i, step), sums[i]) << step;
    const std::vector<int64_t> rows = shares.Of(step);
    for (size_t i = 0; i < 3; ++i) sums[i] += rows[i];
  }
}

TEST(SharesTest, TheLongRunIsTheWeights) {
  const std::vector<double> weights = {0.123456, 0.876544};
  const Shares shares(weights, 7, 1);
  const int64_t step = 1'000'000'000;
  EXPECT_NEAR(double(shares.Before(0, step)), 0.123456 * 7 * double(step), 40);
  EXPECT_EQ(shares.Before(0, step) + shares.Before(1, step), 7 * step);
}

TEST(SharesTest, TheRemainderGoesRoundEvenly) {
  const Shares shares(std::vector<double>{1, 1, 1}, 64, 5);  // 21 1/3 each
  for (int64_t step = 0; step < 500; ++step) {
    for (size_t i = 0; i < 3; ++i) {
      const int64_t extra = shares.Before(i, step + 30) - shares.Before(i, step) - 30 * 21;
      EXPECT_NEAR(double(extra), 10, 2);
    }
  }
}

TEST(SharesTest, WeightlessSourcesGetNothing) {
  const Shares shares(std::vector<double>{0, 1, 0}, 3, 9);
  EXPECT_THAT(shares.Of(4), testing::ElementsAre(0, 3, 0));
  EXPECT_EQ(shares.Before(2, 100), 0);
}

TEST(SharesTest, AnEmptyBatchIsRefused) { EXPECT_THROW(Shares(std::vector<double>{1}, 0, 0), Error); }

}  // namespace
}  // namespace heddle::mixture

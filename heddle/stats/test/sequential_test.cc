#include "heddle/stats/sequential.h"

#include <gtest/gtest.h>

#include <cmath>

#include "heddle/core/random.h"

namespace heddle::stats {
namespace {

using Verdict = SequentialTest::Verdict;

// One stream of n episodes in which B is better with p_better and worse with p_worse.
SequentialTest Watch(RandomStream random, int n, double p_better, double p_worse) {
  SequentialTest test;
  for (int i = 0; i < n; ++i) {
    const double u = random.Uniform();
    test.Add(u < p_better ? 1 : u < p_better + p_worse ? -1 : 0);
  }
  return test;
}

TEST(SequentialTest, IsAFairGameIfThereIsNoDifference) {
  double mean = 0;
  for (int signs = 0; signs < 1 << 10; ++signs) {
    SequentialTest test;
    for (int i = 0; i < 10; ++i) test.Add((signs >> i & 1) == 1 ? 1 : -1);
    mean += std::exp(test.log_e_b()) / (1 << 10);
  }
  EXPECT_NEAR(mean, 1, 1e-12);
}

TEST(SequentialTest, IsTheMeanOverBets) {
  SequentialTest test;
  test.Add(1), test.Add(-1.0 / 3), test.Add(0), test.Add(2.0 / 3);
  double mean = 0;
  for (int i = 0; i < 32; ++i) {
    const double bet = (i + 0.5) / 32;
    mean += (1 + bet) * (1 - bet / 3) * (1 + bet * 2 / 3) / 32;
  }
  EXPECT_NEAR(std::exp(test.log_e_b()), mean, 1e-12);
}

TEST(SequentialTest, SeldomErrsThoughOneLooksAfterEveryEpisode) {
  int wrong = 0;
  for (uint64_t trial = 0; trial < 2000; ++trial) {
    wrong += Watch(RandomStream(1, "false verdicts").Split(trial), 600, 0.1, 0.1).verdict() != Verdict::kKeepGoing;
  }
  EXPECT_LE(wrong, 100);
  EXPECT_GE(wrong, 10);  // it can reject
}

TEST(SequentialTest, StopsForTheBetterPolicyAndSaysWhen) {
  const SequentialTest test = Watch(RandomStream(2, "stops"), 1000, 0.2, 0.05);
  EXPECT_EQ(test.verdict(), Verdict::kBIsBetter);
  ASSERT_TRUE(test.stopped_at());
  EXPECT_LT(*test.stopped_at(), 300);
  EXPECT_EQ(Watch(RandomStream(2, "stops"), 1000, 0.05, 0.2).verdict(), Verdict::kAIsBetter);
}

TEST(SequentialTest, AVerdictStandsWhateverComesLater) {
  SequentialTest test;
  for (int i = 0; i < 20; ++i) test.Add(1);
  ASSERT_EQ(test.verdict(), Verdict::kBIsBetter);
  for (int i = 0; i < 200; ++i) test.Add(-1);
  EXPECT_EQ(test.verdict(), Verdict::kBIsBetter);
}

TEST(SequentialTest, ChoicesMakeItHarder) {
  SequentialTest one, of_seven(0.05, 7);
  int64_t needed_one = 0, needed_seven = 0;
  for (int64_t i = 1; needed_seven == 0; ++i) {
    one.Add(1), of_seven.Add(1);
    if (needed_one == 0 && one.verdict() == Verdict::kBIsBetter) needed_one = i;
    if (of_seven.verdict() == Verdict::kBIsBetter) needed_seven = i;
  }
  EXPECT_GT(needed_seven, needed_one);
}

TEST(SequentialTest, ExpectsAsManyMoreAsItThenTakesIfEpisodesRepeat) {
  SequentialTest test;
  const auto add_round = [&] {
    for (const double d : {1.0, 0.0, 0.0, -1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0}) test.Add(d);
  };
  for (int k = 0; k < 3; ++k) add_round();
  const auto expected = test.ExpectedMore();
  ASSERT_TRUE(expected);
  while (test.verdict() == Verdict::kKeepGoing) add_round();
  EXPECT_NEAR(static_cast<double>(*expected + 30), static_cast<double>(*test.stopped_at()), 10);
}

TEST(SequentialTest, SeesNoEndWithoutADifference) {
  SequentialTest test;
  for (int i = 0; i < 50; ++i) test.Add(i % 2 == 0 ? 1 : -1);
  EXPECT_FALSE(test.ExpectedMore());
  EXPECT_FALSE(SequentialTest().ExpectedMore());
}

}  // namespace
}  // namespace heddle::stats

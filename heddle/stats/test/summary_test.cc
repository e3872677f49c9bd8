#include "heddle/stats/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/stats/distributions.h"
#include "heddle/stats/test/reference.h"

namespace heddle::stats {
namespace {

using ::testing::HasSubstr;
using Values = std::vector<double>;

TEST(Distributions, AgreeWithScipy) {
  const auto reference = Reference();
  for (const auto& row : reference.at("f_tail")) {
    EXPECT_NEAR(FTail(row[0], row[1], row[2]) / row[3].get<double>(), 1, 1e-9) << row;
  }
  for (const auto& row : reference.at("t_quantile")) {
    EXPECT_NEAR(TQuantile(row[0], row[1]) / row[2].get<double>(), 1, 1e-9) << row;
  }
}

TEST(Distributions, TailOfZeroIsAll) { EXPECT_EQ(FTail(0, 3, 7), 1); }

TEST(Summary, AgreesWithScipyAndNumpy) {
  const auto reference = Reference();
  const Values few = reference.at("mean_interval").at("values");
  const Interval interval = MeanInterval(few);
  EXPECT_NEAR(interval.low, reference.at("mean_interval").at("interval")[0], 1e-12);
  EXPECT_NEAR(interval.high, reference.at("mean_interval").at("interval")[1], 1e-12);
  EXPECT_NEAR(GeometricMean(few), reference.at("geometric_mean").at("mean"), 1e-14);
  const Values many = reference.at("quantile").at("values");
  for (const auto& row : reference.at("quantile").at("at")) EXPECT_NEAR(Quantile(many, row[0]), row[1], 1e-14) << row;
}

TEST(Summary, IntervalOfThreeSeedsCoversTheMean) {
  RandomStream random(1, "coverage");
  int covered = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    const Values seeds = {5 + random.Normal(), 5 + random.Normal(), 5 + random.Normal()};
    const Interval interval = MeanInterval(seeds);
    covered += interval.low <= 5 && 5 <= interval.high;
  }
  EXPECT_NEAR(covered / 4000.0, 0.95, 0.012);
}

TEST(Summary, QuantileOfOneValueIsIt) { EXPECT_EQ(Quantile(Values{3.5}, 0.3), 3.5); }

std::string InputError(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(Summary, RefusesWhatHasNone) {
  EXPECT_THAT(InputError([] { Mean({}); }), HasSubstr("at least 1"));
  EXPECT_THAT(InputError([] { MeanInterval(Values{1}); }), HasSubstr("at least 2"));
  EXPECT_THAT(InputError([] { Mean(Values{1, NAN}); }), HasSubstr("value 1: a value to be summarised is nan"));
  EXPECT_THAT(InputError([] { Quantile(Values{INFINITY}, 0.5); }), HasSubstr("inf"));
  EXPECT_THAT(InputError([] { GeometricMean(Values{1, 0}); }), HasSubstr("value 1"));
}

}  // namespace
}  // namespace heddle::stats

#include "heddle/stats/anova.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/stats/test/reference.h"

namespace heddle::stats {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Values = std::vector<double>;

struct Named {
  const char* name;
  AnovaComponent Anova::* component;
};
constexpr Named kComponents[] = {{"row", &Anova::row},
                                 {"column", &Anova::column},
                                 {"interaction", &Anova::interaction},
                                 {"block", &Anova::block},
                                 {"residual", &Anova::residual}};

TEST(TwoWayAnova, AgreesWithStatsmodels) {
  const auto reference = Reference().at("anova");
  const Values values = reference.at("values");
  const Anova anova = TwoWayAnova(values, reference.at("sizes")[0], reference.at("sizes")[1], reference.at("sizes")[2]);
  for (const auto& [name, component] : kComponents) {
    const auto& expected = reference.at("components").at(name);
    const AnovaComponent& actual = anova.*component;
    EXPECT_NEAR(actual.sum_of_squares / expected.at("sum_of_squares").get<double>(), 1, 1e-11) << name;
    EXPECT_EQ(actual.degrees, expected.at("degrees")) << name;
    EXPECT_EQ(actual.f.has_value(), expected.contains("f")) << name;
    if (!actual.f) continue;
    EXPECT_NEAR(*actual.f / expected.at("f").get<double>(), 1, 1e-11) << name;
    EXPECT_NEAR(*actual.p / expected.at("p").get<double>(), 1, 1e-8) << name;
  }
}

// 4 rows, 5 columns and `blocks` blocks of effects and noise.
Values SomeValues(int64_t blocks, uint64_t seed) {
  RandomStream random(seed, "values");
  Values values;
  for (int r = 0; r < 4; ++r) {
    for (int c = 0; c < 5; ++c) {
      for (int64_t b = 0; b < blocks; ++b) values.push_back(r * 0.6 + std::sin(r * c) + 0.3 * random.Normal());
    }
  }
  return values;
}

TEST(TwoWayAnova, SharesAddUpToOne) {
  for (const int64_t blocks : {1, 3}) {
    const Anova anova = TwoWayAnova(SomeValues(blocks, 2), 4, 5, blocks);
    double sum = 0;
    for (const auto& [name, component] : kComponents) sum += (anova.*component).share;
    EXPECT_NEAR(sum, 1, 1e-12);
  }
}

TEST(TwoWayAnova, IsTheSameForAnotherOriginAndScalesWithTheUnit) {
  const Values values = SomeValues(3, 2);
  Values moved;
  for (const double value : values) moved.push_back(1e6 + 10 * value);
  const Anova one = TwoWayAnova(values, 4, 5, 3), other = TwoWayAnova(moved, 4, 5, 3);
  EXPECT_NEAR(other.total / one.total, 100, 1e-6);
  EXPECT_NEAR(other.interaction.share, one.interaction.share, 1e-9);
  EXPECT_NEAR(*other.row.p / *one.row.p, 1, 1e-6);
}

TEST(TwoWayAnova, SharesOfMeansAreTheSharesOfTheMeansOverBlocks) {
  const Values values = SomeValues(3, 4);
  Values means;
  for (size_t k = 0; k < values.size(); k += 3) means.push_back((values[k] + values[k + 1] + values[k + 2]) / 3);
  const Anova all = TwoWayAnova(values, 4, 5, 3), of_means = TwoWayAnova(means, 4, 5, 1);
  EXPECT_NEAR(all.row_share_of_means(), of_means.row.share, 1e-12);
  EXPECT_NEAR(all.column_share_of_means(), of_means.column.share, 1e-12);
  EXPECT_NEAR(all.interaction_share_of_means(), of_means.interaction.share, 1e-12);
}

TEST(TwoWayAnova, OneBlockHasNoResidualNoTestAndNoInterval) {
  const Anova anova = TwoWayAnova(SomeValues(1, 5), 4, 5, 1);
  EXPECT_EQ(anova.residual.degrees, 0);
  EXPECT_NEAR(anova.residual.sum_of_squares, 0, 1e-20);
  for (const auto& [name, component] : kComponents) {
    EXPECT_FALSE((anova.*component).f) << name;
    EXPECT_FALSE((anova.*component).interval) << name;
  }
}

TEST(TwoWayAnova, TestOfNoEffectIsSignificantAsOftenAsItSays) {
  RandomStream random(6, "null");
  int significant[4] = {};
  const int trials = 2000;
  for (int trial = 0; trial < trials; ++trial) {
    Values values(4 * 3 * 3);
    for (double& value : values) value = random.Normal();
    const Anova anova = TwoWayAnova(values, 4, 3, 3);
    for (int k = 0; k < 4; ++k) significant[k] += *(anova.*kComponents[k].component).p < 0.05;
  }
  for (int k = 0; k < 4; ++k) EXPECT_NEAR(significant[k] / double{trials}, 0.05, 0.016) << kComponents[k].name;
}

// The effects of a 9 x 9 grid with a valley, `scale` times the noise.
double Effect(double scale, int r, int c) {
  return scale * (0.4 * std::abs(r - 4) + 0.35 * std::abs(c - 3) + 0.5 * std::sin(3.0 * r * c));
}

class ShareInterval : public ::testing::TestWithParam<std::pair<double, int64_t>> {};

TEST_P(ShareInterval, CoversTheExpectedShare) {
  const auto [scale, blocks] = GetParam();
  // With noise of ±1e-4 instead of N(0, 1) the sums of squares are those of the effects alone.
  const auto values_with = [&, s = scale, n = blocks](const std::function<double(int64_t)>& noise) {
    Values values;
    for (int r = 0; r < 9; ++r) {
      for (int c = 0; c < 9; ++c) {
        for (int64_t b = 0; b < n; ++b) {
          values.push_back(Effect(s, r, c) + 0.1 * static_cast<double>(b) + noise(static_cast<int64_t>(values.size())));
        }
      }
    }
    return values;
  };
  const Anova effects = TwoWayAnova(values_with([](int64_t k) { return k % 7 == 0 ? 1e-4 : -1e-4; }), 9, 9, blocks);
  double expected[5], total = 0;
  for (int k = 0; k < 5; ++k) {
    const AnovaComponent& component = effects.*kComponents[k].component;
    total += expected[k] = component.sum_of_squares + static_cast<double>(component.degrees);
  }

  RandomStream random(7, "coverage");
  int covered[5] = {};
  const int trials = 600;
  for (int trial = 0; trial < trials; ++trial) {
    const Anova anova = TwoWayAnova(values_with([&](int64_t) { return random.Normal(); }), 9, 9, blocks);
    for (int k = 0; k < 5; ++k) {
      const Interval interval = *(anova.*kComponents[k].component).interval;
      const double share = expected[k] / total;
      covered[k] += interval.low <= share && share <= interval.high;
    }
  }
  for (int k = 0; k < 5; ++k) {
    EXPECT_GT(covered[k] / double{trials}, 0.915) << kComponents[k].name;
    EXPECT_LT(covered[k] / double{trials}, 0.985) << kComponents[k].name;
  }
}

INSTANTIATE_TEST_SUITE_P(EffectsAndBlocks, ShareInterval,
                         ::testing::Values(std::pair{0.0, 3}, std::pair{0.5, 3}, std::pair{2.0, 3}, std::pair{1.0, 5}));

std::string InputError(const Values& values, int64_t rows, int64_t columns, int64_t blocks) {
  try {
    TwoWayAnova(values, rows, columns, blocks);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(TwoWayAnova, RefusesWhatHasNoAnswer) {
  Values values = SomeValues(3, 8);
  values[1 * 15 + 2 * 3 + 1] = NAN;
  EXPECT_THAT(InputError(values, 4, 5, 3), AllOf(HasSubstr("row 1, column 2, block 1"), HasSubstr("nan")));
  EXPECT_THAT(InputError(Values(12, 3.0), 2, 3, 2), HasSubstr("all values"));
  EXPECT_THAT(InputError({1, 1, 2, 2, 3, 3, 5, 5}, 2, 2, 2),
              HasSubstr("blocks of the analysis of variance do not differ"));
  EXPECT_THROW(TwoWayAnova(values, 1, 20, 3), Error);
  EXPECT_THROW(TwoWayAnova(values, 4, 5, 4), Error);
}

}  // namespace
}  // namespace heddle::stats

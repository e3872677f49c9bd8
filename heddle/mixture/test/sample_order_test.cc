#include "heddle/mixture/sample_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

using testing::HasSubstr;

std::vector<SourceWindows> TwoSources() {
  return {{"robot", 0.25, {3, 7}, {10, 5}}, {"sim", 0.75, {0, 1, 2}, {40, 0, 8}}};
}

OrderOptions Options(int64_t batch_size, Drawing drawing = Drawing::kStratified) {
  OrderOptions options;
  options.batch_size = batch_size;
  options.seed = 11;
  options.drawing = drawing;
  return options;
}

TEST(SampleOrderTest, EachPassVisitsEachWindowOnce) {
  const SampleOrder order(TwoSources(), Options(8));
  std::map<int32_t, std::vector<Sample>> drawn;
  for (int64_t step = 0; step < 100; ++step) {
    for (const Sample& sample : order.Step(step)) drawn[sample.source].push_back(sample);
  }
  const std::map<int32_t, size_t> windows = {{0, 15}, {1, 48}};
  for (const auto& [source, samples] : drawn) {
    const size_t size = windows.at(source);
    ASSERT_GT(samples.size(), 2 * size);
    for (size_t pass = 0; (pass + 1) * size <= samples.size(); ++pass) {
      const std::set<Sample> seen(samples.begin() + int64_t(pass * size), samples.begin() + int64_t((pass + 1) * size));
      EXPECT_EQ(seen.size(), size) << "source " << source << " pass " << pass;
    }
    EXPECT_FALSE(std::equal(samples.begin(), samples.begin() + int64_t(size), samples.begin() + int64_t(size)));
  }
}

TEST(SampleOrderTest, SamplesAreWindowsOfTheirEpisodes) {
  for (const Drawing drawing : {Drawing::kStratified, Drawing::kDrawn}) {
    const std::vector<SourceWindows> sources = TwoSources();
    const SampleOrder order(sources, Options(16, drawing));
    for (int64_t step = 0; step < 50; ++step) {
      for (const Sample& sample : order.Step(step)) {
        const SourceWindows& source = sources[size_t(sample.source)];
        const auto place = std::ranges::find(source.episodes, sample.episode) - source.episodes.begin();
        ASSERT_LT(place, int64_t(source.episodes.size()));
        EXPECT_GE(sample.frame, 0);
        EXPECT_LT(sample.frame, source.windows[size_t(place)]);
      }
    }
  }
}

TEST(SampleOrderTest, AStepDoesNotDependOnThoseAskedForBefore) {
  for (const Drawing drawing : {Drawing::kStratified, Drawing::kDrawn}) {
    const SampleOrder order(TwoSources(), Options(8, drawing)), fresh(TwoSources(), Options(8, drawing));
    for (int64_t step = 0; step < 37; ++step) order.Step(step);
    EXPECT_EQ(order.Step(37), fresh.Step(37));
    EXPECT_NE(order.Step(37), fresh.Step(38));
  }
}

TEST(SampleOrderTest, AnotherSeedIsAnotherOrder) {
  OrderOptions other = Options(8);
  other.seed = 12;
  EXPECT_NE(SampleOrder(TwoSources(), Options(8)).Step(0), SampleOrder(TwoSources(), other).Step(0));
}

TEST(SampleOrderTest, RanksShareTheSameSamplesOut) {
  const std::vector<int32_t> domains = {0, 1};
  const SampleOrder whole(TwoSources(), Options(8));
  for (int64_t step = 0; step < 20; ++step) {
    std::multiset<Sample> together;
    uint64_t hash = 0;
    for (int rank = 0; rank < 2; ++rank) {
      OrderOptions options = Options(8);
      options.rank = rank;
      options.ranks = 2;
      const std::vector<Sample> mine = SampleOrder(TwoSources(), options).Step(step);
      EXPECT_EQ(mine.size(), 4u);
      together.insert(mine.begin(), mine.end());
      hash += HashOf(mine, domains);
    }
    const std::vector<Sample> all = whole.Step(step);
    EXPECT_EQ(together, std::multiset<Sample>(all.begin(), all.end()));
    EXPECT_EQ(hash, HashOf(all, domains));
  }
}

TEST(SampleOrderTest, TheHashTellsDomainEpisodeAndFrameApart) {
  const std::vector<int32_t> domains = {0, 1};
  const uint64_t base = HashOf({{0, 5, 9}}, domains);
  EXPECT_NE(base, HashOf({{1, 5, 9}}, domains));
  EXPECT_NE(base, HashOf({{0, 6, 9}}, domains));
  EXPECT_NE(base, HashOf({{0, 5, 8}}, domains));
  EXPECT_NE(base, HashOf({{0, 9, 5}}, domains));
  EXPECT_EQ(HashOf({{0, 5, 9}, {1, 2, 3}}, domains), HashOf({{1, 2, 3}, {0, 5, 9}}, domains));
  EXPECT_NE(RollHash(RollHash(0, 1), 2), RollHash(RollHash(0, 2), 1));
}

TEST(SampleOrderTest, DrawnSourcesComeByWeight) {
  const SampleOrder order(TwoSources(), Options(64, Drawing::kDrawn));
  int64_t robot = 0;
  for (int64_t step = 0; step < 200; ++step) {
    for (const Sample& sample : order.Step(step)) robot += sample.source == 0;
  }
  EXPECT_NEAR(double(robot), 3200, 4 * std::sqrt(12800 * 0.25 * 0.75));
  EXPECT_DOUBLE_EQ(order.Passes(0, 30), 30 * 64 * 0.25 / 15);
}

TEST(SampleOrderTest, PassesAreCounted) {
  const SampleOrder order(TwoSources(), Options(8));  // 2 and 6 rows a step
  EXPECT_DOUBLE_EQ(order.Passes(0, 30), 60 / 15.0);
  EXPECT_DOUBLE_EQ(order.Passes(1, 30), 180 / 48.0);
}

// What one source does is its own affair: its first pass in a mixture is its first pass alone.
TEST(SampleOrderTest, ASourcesOrderDoesNotDependOnTheOthers) {
  std::vector<SourceWindows> alone = {TwoSources()[1]};
  std::vector<Sample> mixed;
  const SampleOrder order(TwoSources(), Options(8));
  for (int64_t step = 0; step < 8; ++step) {
    for (Sample sample : order.Step(step)) {
      if (sample.source != 1) continue;
      sample.source = 0;
      mixed.push_back(sample);
    }
  }
  ASSERT_EQ(mixed.size(), 48u);
  EXPECT_EQ(SampleOrder(alone, Options(48)).Step(0), mixed);
}

TEST(SampleOrderTest, ImpossibleOrdersAreRefused) {
  OrderOptions uneven = Options(7);
  uneven.ranks = 2;
  EXPECT_THROW(SampleOrder(TwoSources(), uneven), Error);
  try {
    SampleOrder({{"empty", 1, {4}, {0}}}, Options(4));
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("source empty: the source has a weight and no windows"));
  }
}

}  // namespace
}  // namespace heddle::mixture

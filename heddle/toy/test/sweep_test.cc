#include "heddle/toy/sweep.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <thread>

#include "heddle/toy/match.h"
#include "heddle/toy/optimum_samples.h"
#include "heddle/toy/test/small_options.h"

namespace heddle::toy {
namespace {

void RunWhole(Sweep& sweep, int threads) {
  ASSERT_TRUE(sweep.Run(ThreadBudget(threads), nullptr, [](int) {}));
}

TEST(Sweep, ResultsDoNotDependOnTheNumberOfThreads) {
  Sweep one(SmallOptions()), three(SmallOptions());
  RunWhole(one, 1);
  RunWhole(three, 3);
  for (int net = 0; net < one.nets(); ++net) {
    const NetKey key = one.KeyOf(net);
    EXPECT_EQ(one.outcome(key).loss.ood, three.outcome(key).loss.ood) << net;
    EXPECT_EQ(one.outcome(key).optimum.whole, three.outcome(key).optimum.whole) << net;
    EXPECT_EQ(one.outcome(key).samples, three.outcome(key).samples) << net;
  }
}

TEST(Sweep, ACellDoesNotDependOnTheRestOfTheGrid) {
  ToyOptions alone = SmallOptions();
  alone.delta_z = {20};
  alone.w = {0.5};
  Sweep all(SmallOptions()), one(alone);
  RunWhole(all, 2);
  RunWhole(one, 2);
  EXPECT_EQ(all.outcome({1, 1, 1}).loss.whole, one.outcome({1, 0, 0}).loss.whole);
}

TEST(Sweep, SeedsAreReplicatesAndNotCopies) {
  Sweep sweep(SmallOptions());
  RunWhole(sweep, 2);
  EXPECT_NE(sweep.outcome({0, 0, 0}).loss.whole, sweep.outcome({1, 0, 0}).loss.whole);
  EXPECT_NE(sweep.world(0).target.xy, sweep.world(1).target.xy);
}

TEST(Sweep, KeysAndIndicesAreOneToOne) {
  const Sweep sweep(SmallOptions());
  EXPECT_EQ(sweep.nets(), 2 * 2 * 3);  // seeds x Δz x (w and target-only)
  std::set<int> seen;
  for (int net = 0; net < sweep.nets(); ++net) {
    EXPECT_EQ(sweep.NetOf(sweep.KeyOf(net)), net);
    seen.insert(net);
  }
  EXPECT_EQ(sweep.w_of(sweep.KeyOf(2)), 1.0);  // target-only
}

TEST(Sweep, StopsAtOnceAndKeepsWhatIsComplete) {
  ToyOptions options = SmallOptions();
  options.steps = 1'000'000'000 / 100;
  Sweep sweep(options);
  StopFlag stop;
  std::jthread alarm([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    stop.Request();
  });
  const auto start = std::chrono::steady_clock::now();
  EXPECT_FALSE(sweep.Run(ThreadBudget(2), &stop, [](int) {}));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_TRUE(sweep.CompleteSeeds().empty());
}

// 25 target samples alone: the covered part is learned, and little beyond it.
TEST(Sweep, TargetOnlyLearnsItsCoveredPart) {
  ToyOptions options;
  options.delta_z = {1};
  options.w = {0.5};
  options.seeds = 1;
  options.width = 64;
  options.steps = 1500;
  Sweep sweep(options);
  RunWhole(sweep, 2);
  const Losses& alone = sweep.outcome({0, 0, 1}).loss;
  EXPECT_LT(alone.covered, 0.5);
  EXPECT_GT(alone.ood, 5);
  EXPECT_GT(alone.ood, sweep.outcome({0, 0, 0}).loss.ood);  // the source helps there
}

TEST(Optimum, FarPlanesLeaveTheTargetAlone) {
  ToyOptions options = SmallOptions();
  const Denoiser denoiser(options);
  const World world = DrawWorld(60, 8, 0.5, RandomStream(4, "world"));
  const EvaluationGrid grid = MakeGrid(options);
  const RandomStream starts(9, "starts");
  const auto mixed = SampleOptimum(denoiser, world, 50, 0.3, 0.1, grid.xy, 1, starts);
  const auto alone = SampleOptimum(denoiser, world, 50, 1.0, 0.1, grid.xy, 1, starts);
  for (std::size_t i = 0; i < mixed.size(); ++i) ASSERT_NEAR(mixed[i], alone[i], 1e-4);
}

TEST(Optimum, SamplesEndOnTrainingOutputs) {
  ToyOptions options = SmallOptions();
  const Denoiser denoiser(options);
  const World world = DrawWorld(60, 8, 0.5, RandomStream(4, "world"));
  const EvaluationGrid grid = MakeGrid(options);
  const auto samples = SampleOptimum(denoiser, world, 0.5, 0.3, 0.05, grid.xy, 1, RandomStream(9, "starts"));
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    double nearest = 1e9;
    for (const Points* points : {&world.source, &world.target}) {
      for (std::size_t j = 0; j < points->out.size(); j += 2) {
        nearest = std::min(
            nearest, std::hypot(double(samples[i] - points->out[j]), double(samples[i + 1] - points->out[j + 1])));
      }
    }
    EXPECT_LT(nearest, 0.2);
  }
}

// The check that the theory describes what training does, at a quarter of the training that `heddle toy` gives it.
TEST(Match, ATrainedNetLearnsTheAnalyticOptimum) {
  ToyOptions options;
  options.seeds = 1;
  options.match_steps = 300;
  const Match brief = RunMatch(options, ThreadBudget(2), nullptr, [] {});
  options.match_steps = 5000;
  const Match longer = RunMatch(options, ThreadBudget(2), nullptr, [] {});
  ASSERT_EQ(longer.curves.size(), 3u);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t level = 0; level < longer.signal.size(); ++level) {
      if (longer.signal[level] > 0.5) continue;
      EXPECT_LT(longer.curves[c].error[level][0], 0.05) << longer.curves[c].of.regime << " at " << longer.signal[level];
      EXPECT_LT(longer.curves[c].error[level][0], brief.curves[c].error[level][0]);
    }
  }
}

}  // namespace
}  // namespace heddle::toy

#include "heddle/train/sweep.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/train/test/small_run.h"

namespace heddle::train {
namespace {

using ::testing::ElementsAre;

TEST(SweepTest, TheBetterHalfGoesOn) {
  EXPECT_THAT(Survivors({.3, .1, .2, .4}), ElementsAre(1, 2));
  EXPECT_THAT(Survivors({.3, NAN, .2}), ElementsAre(0, 2));
  EXPECT_THAT(Survivors({.1, .1, .1}), ElementsAre(0, 1));
  EXPECT_THAT(Survivors({NAN}), ElementsAre(0));
  EXPECT_THAT(Survivors({.2, .1}), ElementsAre(0, 1)) << "two come to the end";
}

TEST(SweepTest, ABudgetPaysForSoManyCandidates) {
  EXPECT_DOUBLE_EQ(CostOf(4), 4 * .25 + 2 * .25 + 2 * .5);
  EXPECT_EQ(CandidatesFor(10), 5);
  EXPECT_EQ(CandidatesFor(2.5), 4);
  EXPECT_EQ(CandidatesFor(2.3), 3);
  EXPECT_THROW(CandidatesFor(1), Error);
}

class SmallSweep : public ::testing::Test {
 protected:
  SmallSweep() : sheet_(WriteSmallMixture(scratch_.path(), 2)) {
    const RunFile small = SmallRun(sheet_, "mix", {"steps=16", "w=auto"});
    std::filesystem::create_directories(scratch_.path() / "runs");
    WriteRun(small);
    plan_.folder = scratch_.path() / "sweep";
    plan_.told = [this](const std::string& line) { lines_.push_back(line); };
  }
  void WriteRun(const RunFile& small) {
    file_ = scratch_.path() / "run.yaml";
    std::ofstream(file_) << RunYaml(small.options);
  }

  ScratchFolder scratch_;
  std::filesystem::path sheet_, file_;
  SweepPlan plan_;
  std::vector<std::string> lines_;
};

TEST_F(SmallSweep, TriesTheGuidelinesRangeFromEndToEndAndGoesOnWhereItWasStopped) {
  plan_.over = ParseOver("w=auto", ReadRun(file_, "", {}), 4);
  EXPECT_EQ(plan_.over.values.size(), 4u);
  StopFlag stop;
  plan_.told = [&](const std::string& line) {
    lines_.push_back(line);
    if (lines_.size() == 5) stop.Request();
  };
  EXPECT_FALSE(Sweep(file_, plan_, ThreadBudget(1), "test", stop).best.has_value());
  const SweepOutcome outcome = Sweep(file_, plan_, ThreadBudget(1), "test", StopFlag());
  ASSERT_TRUE(outcome.best.has_value());
  size_t reached[4] = {};
  for (const SweepTrial& trial : outcome.trials) ++reached[trial.errors.size()];
  EXPECT_EQ(reached[1], 2u) << "left after the first rung";
  EXPECT_EQ(reached[3], 2u);
  EXPECT_EQ(outcome.trials[*outcome.best].errors.size(), 3u);
  const auto json = ParseJson(ReadFile(plan_.folder / "sweep.json"), "sweep.json");
  EXPECT_EQ(json["best"], outcome.trials[*outcome.best].name);
}

TEST_F(SmallSweep, ClosedLoopHasTheLastWord) {
  plan_.over = ParseOver("seed=1,2,3,4,5", ReadRun(file_, "", {}), 5);
  // Whichever comes to the end first is said to fail.
  std::vector<std::string> asked;
  plan_.evaluate = [&](const std::filesystem::path& run) {
    asked.push_back(run.filename().string());
    return asked.size() == 1 ? 0.1 : 0.9;
  };
  const SweepOutcome outcome = Sweep(file_, plan_, ThreadBudget(1), "test", StopFlag());
  ASSERT_EQ(asked.size(), 2u) << "five, three, two";
  EXPECT_EQ(outcome.trials[*outcome.best].name, asked[1]);
  EXPECT_DOUBLE_EQ(outcome.trials[*outcome.best].success.value(), .9);
}

TEST_F(SmallSweep, CommandsAreRunsOfTheirOwn) {
  plan_.over = ParseOver("w=0.2,0.4", ReadRun(file_, "", {}), 3);
  plan_.method = "cfg";
  const auto commands = SweepCommands(file_, plan_);
  ASSERT_EQ(commands.size(), 2u);
  EXPECT_EQ(commands[0], "heddle train '" + file_.string() + "' --method cfg --set 'w=0.2' --out '" +
                             (plan_.folder / "trials" / "w=0.2").string() + "'");
}

TEST_F(SmallSweep, WhatCannotBeSearchedIsAUsageError) {
  const RunFile run = ReadRun(file_, "", {});
  for (const std::string text : {"w", "=1", "w=", "seed=auto", "w=0.1", "w=0.1,0.1", "w=0.1,,0.2"})
    EXPECT_THROW(ParseOver(text, run, 3), Error) << text;
}

}  // namespace
}  // namespace heddle::train

#include "heddle/train/sweep.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/error_of.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/train/test/small_run.h"
#include "heddle/train/trainer.h"

namespace heddle::train {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

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
    plan_.spec.file = scratch_.path() / "run.yaml";
    std::ofstream(plan_.spec.file) << RunYaml(small.options);
    plan_.spec.folder = scratch_.path() / "sweep";
    plan_.told = [this](const std::string& line) { lines_.push_back(line); };
  }
  void Over(const std::string& text, int64_t count = 3) {
    plan_.spec.over = ParseOver(text, ReadRun(plan_.spec.file, plan_.spec.method, plan_.spec.settings), count);
  }
  SweepOutcome Sweep(const StopFlag& stop = StopFlag()) {
    return heddle::train::Sweep(plan_, ThreadBudget(1), "test", stop);
  }
  nlohmann::ordered_json Json() const { return ParseJson(ReadFile(plan_.spec.folder / "sweep.json"), "sweep.json"); }
  void EditSheet(const std::string& from, const std::string& to) {
    std::string text = ReadFile(sheet_);
    ASSERT_NE(text.find(from), std::string::npos);
    std::ofstream(sheet_) << text.replace(text.find(from), from.size(), to);
  }
  bool AnyTrained() const { return std::filesystem::exists(plan_.spec.folder / "trials"); }

  ScratchFolder scratch_;
  std::filesystem::path sheet_;
  SweepPlan plan_;
  std::vector<std::string> lines_;
};

TEST_F(SmallSweep, TriesTheGuidelinesRangeFromEndToEndAndGoesOnWhereItWasStopped) {
  Over("w=auto", 4);
  EXPECT_EQ(plan_.spec.over.values.size(), 4u);
  StopFlag stop;
  plan_.told = [&](const std::string& line) {
    lines_.push_back(line);
    if (lines_.size() == 5) stop.Request();
  };
  const SweepOutcome stopped = Sweep(stop);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_FALSE(stopped.best.has_value());
  const SweepOutcome outcome = Sweep();
  ASSERT_TRUE(outcome.best.has_value());
  size_t reached[4] = {};
  for (const SweepTrial& trial : outcome.trials) ++reached[trial.errors.size()];
  EXPECT_EQ(reached[1], 2u) << "left after the first rung";
  EXPECT_EQ(reached[3], 2u);
  EXPECT_EQ(outcome.trials[*outcome.best].errors.size(), 3u);
  EXPECT_EQ(Json()["best"], outcome.trials[*outcome.best].name);
}

TEST_F(SmallSweep, ClosedLoopHasTheLastWord) {
  Over("seed=1,2,3,4,5");
  // Whichever comes to the end first is said to fail.
  std::vector<std::string> asked;
  plan_.evaluate = [&](const std::filesystem::path& run) {
    asked.push_back(run.filename().string());
    return asked.size() == 1 ? 0.1 : 0.9;
  };
  const SweepOutcome outcome = Sweep();
  ASSERT_EQ(asked.size(), 2u) << "five, three, two";
  EXPECT_EQ(outcome.trials[*outcome.best].name, asked[1]);
  EXPECT_DOUBLE_EQ(outcome.trials[*outcome.best].success.value(), .9);
}

TEST_F(SmallSweep, ASecondSearchAddsToWhatTheFirstFound) {
  Over("w=0.2,0.4");
  const SweepOutcome first = Sweep();
  Over("w=0.6,0.8");
  const SweepOutcome second = Sweep();
  ASSERT_EQ(second.trials.size(), 4u);
  EXPECT_EQ(second.trials[2].name, "w=0.2");
  EXPECT_EQ(second.trials[2].errors, first.trials[0].errors);
  double least = INFINITY;
  for (const SweepTrial& trial : second.trials) least = std::min(least, *trial.errors.back());
  EXPECT_EQ(*second.trials[*second.best].errors.back(), least) << "of all four";
  EXPECT_EQ(Json()["trials"].size(), 4u);
  // Another run's trials can't be compared, and a file that somebody changed is told.
  plan_.spec.settings = {"seed=1"};
  EXPECT_THAT(ErrorOf([&] { Sweep(); }), AllOf(HasSubstr("a search of another run is there"), HasSubstr("--out")));
  plan_.spec.settings.clear();
  for (const std::string broken : {"[]", "{}", R"({"base": "x", "trials": [{"name": 3}]})", R"({"base": "x"})"}) {
    std::ofstream(plan_.spec.folder / "sweep.json") << broken;
    EXPECT_THAT(ErrorOf([&] { Sweep(); }, ErrorKind::kInput), HasSubstr("no longer what a search wrote")) << broken;
  }
}

TEST_F(SmallSweep, NotesOfTheTrainingsAreToldOnceAndStepsAreShown) {
  EditSheet("license: own", "license: unknown");
  Over("w=0.2,0.4");
  std::vector<SweepProgress> moved;
  plan_.moved = [&](const SweepProgress& progress) { moved.push_back(progress); };
  Sweep();
  EXPECT_EQ(std::ranges::count_if(lines_, [](const auto& line) { return line.find("license") != line.npos; }), 1);
  ASSERT_EQ(moved.size(), 32u);
  EXPECT_EQ(moved.front().name, "w=0.2");
  EXPECT_EQ(moved.back().name, "w=0.4");
  EXPECT_EQ(moved.back().place, 2u);
  EXPECT_EQ(moved.back().of, 2u);
  EXPECT_EQ(moved.back().step, 16);
  EXPECT_EQ(moved.front().until, 4);
}

TEST_F(SmallSweep, WithoutHeldOutTargetActionsOnlyATaskCanTellCandidates) {
  EditSheet("license: own", "license: own\n    holdout: 0");
  Over("w=0.2,0.4,0.6");
  EXPECT_THAT(ErrorOf([&] { Sweep(); }), AllOf(HasSubstr("nothing to tell candidates by"), HasSubstr("give --task")));
  EXPECT_FALSE(AnyTrained());
  plan_.evaluate = [&](const std::filesystem::path& run) { return run.filename() == "w=0.4" ? .5 : .2; };
  const SweepOutcome outcome = Sweep();
  EXPECT_EQ(outcome.trials[*outcome.best].name, "w=0.4");
  for (const SweepTrial& trial : outcome.trials) EXPECT_TRUE(trial.success.has_value()) << "none is left on the way";
}

TEST_F(SmallSweep, AllValuesAreCheckedBeforeTheFirstTraining) {
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"w=0.1,2", "--over w=2: w is 2, which is out of range (it must lie in [0, 1])"},
      {"w=0.1,nan", "--over w=nan: w is the text 'nan'"},
      {"w=0.1,many", "--over w=many: w is the text 'many'"},
      {"policy.trunk.widht=32,64", "did you mean 'policy.trunk.width'?"},
      {"discern.condition.keys=[],[domian]", "method 'mix'"},
  };
  for (const auto& [over, said] : mistakes) {
    Over(over);
    EXPECT_THAT(ErrorOf([&] { Sweep(); }), HasSubstr(said));
    EXPECT_FALSE(AnyTrained()) << over;
  }
  plan_.spec.settings = {"policy.trunk.kind=transformer", "policy.trunk.width=32"};
  Over("policy.trunk.heads=4,5");
  EXPECT_THAT(ErrorOf([&] { Sweep(); }), HasSubstr("5 heads don't divide a width of 32"));
  EXPECT_FALSE(AnyTrained());
}

TEST_F(SmallSweep, CommandsAreRunsOfTheirOwnThatTheSearchFindsDone) {
  Over("w=0.2,0.4");
  plan_.spec.method = "mix";
  plan_.spec.settings = {"policy.trunk.width=16"};
  const auto commands = SweepCommands(plan_.spec);
  ASSERT_EQ(commands.size(), 2u);
  const std::filesystem::path folder = plan_.spec.folder / "trials" / "w=0.2";
  EXPECT_EQ(commands[0], "heddle train '" + plan_.spec.file.string() +
                             "' --method 'mix' --set 'policy.trunk.width=16' --set 'w=0.2' --set "
                             "log.validate_every=4 --out '" +
                             folder.string() + "'");
  // What the commands do; the run's own log has no row at a quarter of the way.
  for (const std::string w : {"w=0.2", "w=0.4"}) {
    const RunFile run = ReadRun(plan_.spec.file, "mix", {"policy.trunk.width=16", w, "log.validate_every=4"});
    Train(run, plan_.spec.folder / "trials" / w, ThreadBudget(1), "test", StopFlag(), [](const TrainProgress&) {});
  }
  int64_t steps = 0;
  plan_.moved = [&](const SweepProgress&) { ++steps; };
  const SweepOutcome outcome = Sweep();
  EXPECT_EQ(steps, 0);
  for (const SweepTrial& trial : outcome.trials) {
    for (const auto& error : trial.errors) EXPECT_TRUE(error.has_value()) << trial.name;
  }
}

TEST_F(SmallSweep, CommandsAreLinesOfASlurmArray) {
  plan_.spec.file = scratch_.path() / "it's.yaml";
  std::filesystem::copy_file(scratch_.path() / "run.yaml", plan_.spec.file);
  Over("w=0.2,0.4");
  const auto commands = SweepCommands(plan_.spec);
  const std::string hint = SlurmHint(commands.size());
  EXPECT_THAT(hint, HasSubstr("sbatch --array=1-2 --wrap='"));
  std::ofstream(scratch_.path() / "commands.txt") << commands[0] << "\n" << commands[1] << "\n" << hint;
  // What Slurm runs as the second task, with a heddle that says what it was called with.
  const std::filesystem::path stub = scratch_.path() / "heddle";
  std::ofstream(stub) << "#!/bin/sh\nprintf '%s\\n' \"$@\" > called\n";
  std::filesystem::permissions(stub, std::filesystem::perms::owner_all);
  const size_t from = hint.find("--wrap='") + 8;
  std::ofstream(scratch_.path() / "task.sh") << hint.substr(from, hint.find('\n') - from - 1) << "\n";
  const std::string shell = "cd '" + scratch_.path().string() + "' && PATH=.:$PATH SLURM_ARRAY_TASK_ID=2 sh task.sh";
  ASSERT_EQ(std::system(shell.c_str()), 0);
  EXPECT_EQ(ReadFile(scratch_.path() / "called"), "train\n" + plan_.spec.file.string() +
                                                      "\n--set\nw=0.4\n--set\nlog.validate_every=4\n--out\n" +
                                                      (plan_.spec.folder / "trials" / "w=0.4").string() + "\n");
}

TEST_F(SmallSweep, WhatCannotBeSearchedIsAUsageError) {
  for (const std::string text : {"w", "=1", "w=", "seed=auto", "w=0.1", "w=0.1,0.1", "w=0.1,,0.2"})
    EXPECT_THROW(Over(text), Error) << text;
}

}  // namespace
}  // namespace heddle::train

#include "heddle/core/progress.h"

#include <gmock/gmock.h>

#include <sstream>
#include <thread>
#include <vector>

namespace heddle {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class HandClock final : public Clock {
 public:
  double NowSeconds() const override { return now_s; }
  double now_s = 1000;
};

TEST(Progress, PlainStyleSaysALineAtMostEveryTenSeconds) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("training", 200, clock, out, ProgressStyle::kPlain);
  for (int second = 1; second <= 25; ++second) {
    clock.now_s += 1;
    progress.Advance(2);
  }
  EXPECT_EQ(out.str(),
            "training  10%  20/200  2.00/s  1:30 left\n"
            "training  20%  40/200  2.00/s  1:20 left\n");
  progress.Note("loss 0.5");
  progress.Finish();
  EXPECT_THAT(out.str(), EndsWith("training: 50 of 200 in 0:25  loss 0.5\n"));
}

TEST(Progress, WhatStoodAlreadyIsPartOfTheBarAndNotOfTheRate) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("training", 1000, clock, out, ProgressStyle::kPlain);
  progress.BeginAt(800);
  clock.now_s += 10;
  progress.Advance(20);
  EXPECT_EQ(out.str(), "training  82%  820/1000  2.00/s  1:30 left\n");
  progress.Advance(180);
  progress.Finish();
  EXPECT_THAT(out.str(), EndsWith("training: from 800 to 1000 in 0:10\n"));
}

TEST(Progress, TerminalStyleDrawsOverItsLineAndEndsIt) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("training", 4, clock, out, ProgressStyle::kTerminal);
  progress.Advance();
  EXPECT_EQ(out.str(), "") << "not more often than ten times a second";
  clock.now_s += 60;
  progress.Advance();
  EXPECT_EQ(out.str(), "\r\033[Ktraining [##########..........]  50%  2/4  2.00/min  1:00 left");
  progress.Advance(2);
  progress.Finish();
  progress.Finish();
  EXPECT_THAT(out.str(), EndsWith("left\r\033[Ktraining: 4 in 1:00\n"));
}

TEST(Progress, WithoutATotalThereIsNeitherBarNorEstimate) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("reading", 0, clock, out, ProgressStyle::kPlain);
  clock.now_s += 10;
  progress.Advance(1234);
  progress.Finish();
  EXPECT_EQ(out.str(), "reading  1234  123/s\nreading: 1234 in 0:10\n");
}

TEST(Progress, WorkThatFailsEndsItsLineWithoutClaimingToBeDone) {
  HandClock clock;
  std::ostringstream out;
  {
    Progress progress("training", 4, clock, out, ProgressStyle::kTerminal);
    clock.now_s += 1;
    progress.Advance();
  }
  EXPECT_THAT(out.str(), EndsWith("left\n"));
  EXPECT_THAT(out.str(), Not(HasSubstr("training:")));
}

TEST(Progress, QuietStyleSaysNothing) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("training", 4, clock, out, ProgressStyle::kQuiet);
  clock.now_s += 100;
  progress.Advance(4);
  progress.Finish();
  EXPECT_EQ(out.str(), "");
}

TEST(Progress, ShowsAnEstimateOfOnesOwnInPlaceOfTheMeans) {
  HandClock clock;
  std::ostringstream out;
  Progress progress("training", 100, clock, out, ProgressStyle::kPlain);
  clock.now_s += 20;
  progress.Expect(750);
  progress.Advance(50);
  EXPECT_THAT(out.str(), ::testing::AllOf(HasSubstr("12:30 left"), HasSubstr("2.50/s")));
}

TEST(Progress, CountsTheStepsOfAllThreads) {
  std::ostringstream out;
  Progress progress("training", 4000, SteadyClock(), out, ProgressStyle::kPlain);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&progress] {
        for (int i = 0; i < 1000; ++i) progress.Advance();
        progress.Note("done");
      });
    }
  }
  progress.Finish();
  EXPECT_THAT(out.str(), HasSubstr("training: 4000 in 0:00  done\n"));
}

TEST(Progress, DurationsReadLikeAClock) {
  EXPECT_EQ(FormatDuration(0.4), "0:00");
  EXPECT_EQ(FormatDuration(7), "0:07");
  EXPECT_EQ(FormatDuration(750), "12:30");
  EXPECT_EQ(FormatDuration(3723), "1:02:03");
}

TEST(Clock, SteadyClockDoesNotGoBack) {
  double last = SteadyClock().NowSeconds();
  for (int i = 0; i < 1000; ++i) {
    const double now = SteadyClock().NowSeconds();
    EXPECT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace heddle

#include "heddle/train/pace.h"

#include <gtest/gtest.h>

namespace heddle::train {
namespace {

TEST(PaceTest, MediansAreOfTheStepsSinceTheyWereLastAsked) {
  Pace pace;
  for (const double step_s : {.010, .012, 9.}) pace.Step(step_s, .001);
  EXPECT_DOUBLE_EQ(pace.SinceLast().step_ms, 12);
  for (const double step_s : {.020, .040}) pace.Step(step_s, .002);
  const Pace::Typical typical = pace.SinceLast();
  EXPECT_DOUBLE_EQ(typical.step_ms, 30);
  EXPECT_DOUBLE_EQ(typical.wait_ms, 2);
  EXPECT_EQ(pace.SinceLast().step_ms, 0);
}

TEST(PaceTest, AValidationCountsAsOftenAsItIsToComeAndDoesNotSlowTheSteps) {
  Pace pace;
  for (int i = 0; i < 10; ++i) pace.Step(.08, .02);
  EXPECT_NEAR(pace.LeftSeconds(1000, 2), 100, 1e-9);
  pace.Validation(84);
  EXPECT_NEAR(pace.LeftSeconds(1000, 2), 100 + 2 * 84, 1e-9);
  // Once the machine is slower, the estimate follows.
  for (int i = 0; i < 2000; ++i) pace.Step(.2, 0);
  EXPECT_NEAR(pace.LeftSeconds(1000, 0), 200, 1);
}

}  // namespace
}  // namespace heddle::train

#include "heddle/mixture/work_ring.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

namespace heddle::mixture {
namespace {

// Each slot's value becomes the sum of (step * 100 + job) over its jobs.
struct Sums {
  explicit Sums(size_t slots) : values(slots) {}
  std::vector<std::atomic<int64_t>> values;

  WorkRing::Work work() {
    return {[this](size_t slot, int64_t step) {
              values[slot] = 0;
              steps_planned.fetch_add(1);
              steps[slot] = step;
              return step % 5;  // now and then no jobs at all
            },
            [this](size_t slot, int64_t job, int) { values[slot] += steps[slot] * 100 + job; }};
  }
  int64_t steps[16] = {};
  std::atomic<int> steps_planned{0};
};

int64_t Expected(int64_t step) {
  int64_t sum = 0;
  for (int64_t job = 0; job < step % 5; ++job) sum += step * 100 + job;
  return sum;
}

TEST(WorkRingTest, StepsComeInOrderAndWholeForAnyNumberOfWorkers) {
  for (const int workers : {0, 1, 2, 8}) {
    Sums sums(4);
    WorkRing ring(4, workers, 3, sums.work());
    for (int64_t step = 3; step < 400; ++step) {
      EXPECT_EQ(ring.next_step(), step);
      const size_t slot = ring.Next();
      ASSERT_EQ(sums.values[slot], Expected(step)) << workers;
    }
  }
}

TEST(WorkRingTest, NoMoreIsPreparedThanThereAreSlots) {
  Sums sums(3);
  WorkRing ring(3, 2, 0, sums.work());
  ring.Next();
  ring.Next();
  EXPECT_LE(sums.steps_planned, 5);  // two served and given back, three slots
}

TEST(WorkRingTest, TheFirstJobsErrorComesOutWhenItsStepIsDue) {
  for (const int workers : {0, 1, 8}) {
    WorkRing ring(3, workers, 0,
                  {[](size_t, int64_t step) { return step == 2 ? 6 : 1; },
                   [&](size_t, int64_t job, int) {
                     if (job >= 3) throw std::runtime_error("job " + std::to_string(job));
                   }});
    ring.Next();
    ring.Next();
    for (int again = 0; again < 2; ++again) {
      try {
        ring.Next();
        FAIL();
      } catch (const std::runtime_error& error) {
        EXPECT_EQ(std::string(error.what()), "job 3");
      }
    }
  }
}

TEST(WorkRingTest, APlansErrorComesOut) {
  for (const int workers : {0, 2}) {
    WorkRing ring(2, workers, 0, {[](size_t, int64_t) -> int64_t { throw std::runtime_error("plan"); }, {}});
    EXPECT_THROW(ring.Next(), std::runtime_error);
  }
}

TEST(WorkRingTest, EndsWithWorkUnderWay) {
  Sums sums(4);
  {
    const WorkRing ring(4, 4, 0, sums.work());
  }
  SUCCEED();
}

}  // namespace
}  // namespace heddle::mixture

#include "heddle/core/ordered_work.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>

namespace heddle {
namespace {

TEST(OrderedWork, ResultsAreTakenInOrderWhateverTheThreads) {
  for (const int threads : {1, 2, 4}) {
    std::vector<int64_t> taken;
    OrderedWork<int64_t>::Run(
        ThreadBudget(threads), 5, 3, [] { return [](int64_t index) { return index * index; }; },
        [&](int64_t index, int64_t result) {
          EXPECT_EQ(result, index * index);
          taken.push_back(index);
          return index < 40;
        });
    ASSERT_EQ(taken.size(), 36U);
    for (size_t i = 0; i < taken.size(); ++i) EXPECT_EQ(taken[i], 5 + static_cast<int64_t>(i));
  }
}

TEST(OrderedWork, NoMoreThanSoManyResultsAreAhead) {
  std::atomic<int64_t> begun{0};
  OrderedWork<int>::Run(
      ThreadBudget(3), 0, 2, [&] { return [&](int64_t) { return static_cast<int>(++begun); }; },
      [&](int64_t index, int) {
        EXPECT_LE(begun.load(), index + 3);
        return index < 20;
      });
}

TEST(OrderedWork, AFailureComesOutWhenItIsDue) {
  int64_t last = -1;
  const auto run = [&] {
    OrderedWork<int>::Run(
        ThreadBudget(2), 0, 4,
        [] {
          return [](int64_t index) {
            if (index == 3) throw std::runtime_error("no");
            return 0;
          };
        },
        [&](int64_t index, int) {
          last = index;
          return true;
        });
  };
  EXPECT_THROW(run(), std::runtime_error);
  EXPECT_EQ(last, 2);
}

TEST(OrderedWork, AStopFlagEndsIt) {
  StopFlag stop;
  int64_t taken = 0;
  OrderedWork<int>::Run(
      ThreadBudget(2), 0, 4, [] { return [](int64_t) { return 0; }; },
      [&](int64_t, int) {
        if (++taken == 5) stop.Request();
        return true;
      },
      &stop);
  EXPECT_EQ(taken, 5);
}

}  // namespace
}  // namespace heddle

#include "heddle/core/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/machine.h"

namespace heddle {
namespace {

TEST(ParallelFor, CallsEveryIndexOnceOnAtMostTheBudgetsThreads) {
  for (const int threads : {1, 2, 5}) {
    std::vector<std::atomic<int>> calls(1000);
    std::mutex mutex;
    std::set<int> workers;
    std::set<std::thread::id> ids;
    EXPECT_TRUE(ParallelFor(ThreadBudget(threads), 1000, [&](int64_t index, int worker) {
      ++calls[static_cast<size_t>(index)];
      const std::lock_guard lock(mutex);
      workers.insert(worker);
      ids.insert(std::this_thread::get_id());
    }));
    for (const auto& count : calls) EXPECT_EQ(count, 1);
    EXPECT_GE(*workers.begin(), 0);
    EXPECT_LT(*workers.rbegin(), threads);
    EXPECT_LE(ids.size(), static_cast<size_t>(threads));
  }
}

TEST(ParallelFor, OneThreadRunsInTheCallerInOrder) {
  std::vector<int64_t> order;
  ParallelFor(ThreadBudget(1), 5, [&, caller = std::this_thread::get_id()](int64_t index, int worker) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    EXPECT_EQ(worker, 0);
    order.push_back(index);
  });
  EXPECT_EQ(order, (std::vector<int64_t>{0, 1, 2, 3, 4}));
}

TEST(ParallelFor, ThreadsWorkAtTheSameTime) {
  std::atomic<int> waiting{0};
  // Each waits until both are inside: one after the other would never end.
  ParallelFor(ThreadBudget(2), 2, [&](int64_t, int) {
    ++waiting;
    while (waiting < 2) std::this_thread::yield();
  });
  EXPECT_EQ(waiting, 2);
}

TEST(ParallelFor, NothingToDoIsDone) {
  const auto fail = [](int64_t, int) { FAIL(); };
  EXPECT_TRUE(ParallelFor(ThreadBudget(4), 0, fail));
  StopFlag stop;
  stop.Request();
  EXPECT_TRUE(ParallelFor(ThreadBudget(4), 0, fail, &stop));
  EXPECT_FALSE(ParallelFor(ThreadBudget(4), 1, fail, &stop));
}

TEST(ParallelFor, AnExceptionStopsTheRestAndIsRethrown) {
  for (const int threads : {1, 4}) {
    std::atomic<int64_t> calls{0};
    try {
      ParallelFor(ThreadBudget(threads), 1000000, [&](int64_t index, int) {
        ++calls;
        if (index == 50) throw std::runtime_error("index 50");
      });
      FAIL();
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "index 50");
    }
    EXPECT_GE(calls, 51);
    EXPECT_LT(calls, 1000000);
  }
}

TEST(ParallelFor, OfSeveralExceptionsTheOneOfTheLowestIndexIsRethrown) {
  std::atomic<int> inside{0};
  try {
    ParallelFor(ThreadBudget(3), 3, [&](int64_t index, int) {
      ++inside;
      while (inside < 3) std::this_thread::yield();
      throw std::runtime_error(std::to_string(index));
    });
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "0");
  }
}

TEST(ParallelFor, AStopFinishesWhatIsBegunAndBeginsNothingNew) {
  StopFlag stop;
  std::atomic<int> begun{0}, ended{0};
  EXPECT_FALSE(ParallelFor(
      ThreadBudget(4), 1000000,
      [&](int64_t index, int) {
        ++begun;
        if (index == 10) stop.Request();
        ++ended;
      },
      &stop));
  EXPECT_EQ(begun, ended);
  EXPECT_GE(begun, 11);
  EXPECT_LT(begun, 1000000);
}

TEST(ParallelFor, AStopThatComesAfterTheLastIndexCutsNothingShort) {
  StopFlag stop;
  EXPECT_TRUE(ParallelFor(
      ThreadBudget(2), 10,
      [&](int64_t index, int) {
        if (index == 9) stop.Request();
      },
      &stop));
}

TEST(ParallelFor, CanBeNested) {
  std::atomic<int> calls{0};
  ParallelFor(ThreadBudget(2), 4,
              [&](int64_t, int) { ParallelFor(ThreadBudget(2), 5, [&](int64_t, int) { ++calls; }); });
  EXPECT_EQ(calls, 20);
}

TEST(ThreadBudget, RefusesNumbersThatMakeNoSense) {
  for (const int threads : {0, -1, 5000}) {
    try {
      const ThreadBudget budget(threads);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      EXPECT_EQ(error.what(),
                "--threads: " + std::to_string(threads) + " threads can't be used (give a number from 1 to 4096)");
    }
  }
}

TEST(ThreadBudget, OfTheMachineIsItsUsableCores) {
  EXPECT_EQ(ThreadBudget::OfMachine().threads(), UsableCores());
  EXPECT_GE(UsableCores(), 1);
  EXPECT_LE(UsableCores(), static_cast<int>(std::thread::hardware_concurrency()));
}

TEST(Machine, HasMemory) { EXPECT_GT(UsableMemoryBytes(), int64_t{64} << 20); }

}  // namespace
}  // namespace heddle

#include "heddle/core/stop.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "heddle/core/error.h"

namespace heddle {
namespace {

// How a child process that runs `work` ends: its exit code, or minus the signal that killed it.
int EndOf(const std::function<int()>& work) {
  const pid_t child = fork();
  if (child == 0) _exit(work());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(InterruptScope, TheFirstSignalRaisesTheFlag) {
  for (const int number : {SIGINT, SIGTERM}) {
    StopFlag stop;
    const InterruptScope scope(stop);
    EXPECT_FALSE(stop.requested());
    EXPECT_EQ(scope.signal(), 0);
    raise(number);
    EXPECT_TRUE(stop.requested());
    EXPECT_EQ(scope.signal(), number);
  }
}

TEST(InterruptScope, TheSecondSignalEndsTheProcessAtOnce) {
  for (const int number : {SIGINT, SIGTERM}) {
    EXPECT_EQ(EndOf([number] {
                StopFlag stop;
                const InterruptScope scope(stop);
                raise(SIGINT);
                raise(number);
                return 0;
              }),
              128 + number);
  }
}

TEST(InterruptScope, GivesTheSignalBackAtItsEnd) {
  EXPECT_EQ(EndOf([] {
              StopFlag stop;
              {
                const InterruptScope scope(stop);
              }
              raise(SIGINT);
              return 0;
            }),
            -SIGINT);
}

TEST(InterruptScope, LeavesASignalIgnoredThatWasIgnored) {
  EXPECT_EQ(EndOf([] {
              signal(SIGINT, SIG_IGN);
              StopFlag stop;
              const InterruptScope scope(stop);
              raise(SIGINT);
              raise(SIGINT);
              return stop.requested() ? 1 : 0;
            }),
            0);
}

TEST(InterruptScope, TwoAtATimeAreOurBugAndOneAfterTheOtherIsFine) {
  StopFlag stop;
  {
    const InterruptScope scope(stop);
    EXPECT_THROW(InterruptScope second(stop), Error);
  }
  const InterruptScope scope(stop);
}

TEST(StopFlag, IsSeenByOtherThreads) {
  StopFlag stop;
  std::jthread waiting([&stop] {
    while (!stop.requested()) std::this_thread::yield();
  });
  stop.Request();
  waiting.join();
  EXPECT_TRUE(stop.requested());
}

}  // namespace
}  // namespace heddle

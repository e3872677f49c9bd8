#include "apps/heddle/failure.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace heddle::cli {
namespace {

struct Told {
  int code = -1;
  std::string out, err;
};

template <class T>
Told Tell(const T& thrown, bool json) {
  std::ostringstream out, err;
  const int code = ReportError(AsError(std::make_exception_ptr(thrown)), json, {out, err});
  return {code, out.str(), err.str()};
}

TEST(Failure, IsOneLineOnStderrWithTheExitCodeOfItsKind) {
  const Told told = Tell(Error(ErrorKind::kUsage, "there is no option 'a'", "run.yaml:3", "did you mean 'b'?"), false);
  EXPECT_EQ(told.code, kExitCalledWrongly);
  EXPECT_EQ(told.out, "");
  EXPECT_EQ(told.err, "heddle: run.yaml:3: there is no option 'a' (did you mean 'b'?)\n");
  EXPECT_EQ(Tell(Error(ErrorKind::kInput, "broken"), false).code, kExitFailed);
}

TEST(Failure, IsOneObjectOnStdoutUnderJson) {
  const Told told = Tell(Error(ErrorKind::kInput, "a \"word\"", "\xff.json", "mend it"), true);
  EXPECT_EQ(told.code, kExitFailed);
  EXPECT_EQ(told.err, "");
  EXPECT_EQ(told.out,
            "{\"error\":{\"kind\":\"input\",\"what\":\"a \\\"word\\\"\",\"where\":\"?.json\",\"mend\":\"mend it\"}}\n");
}

TEST(Failure, WhatTheMachineRefusesIsOfTheSystem) {
  const Told memory = Tell(std::bad_alloc(), false);
  EXPECT_EQ(memory.code, kExitFailed);
  EXPECT_EQ(memory.err, "heddle: the memory of this machine does not suffice (ask for less, or close something)\n");
  EXPECT_EQ(
      Tell(std::runtime_error("[enforce] DefaultCPUAllocator: can't allocate memory: you tried ...\nframe #0"), false)
          .err,
      memory.err);
  const auto full = std::make_error_code(std::errc::no_space_on_device);
  EXPECT_EQ(Tell(std::filesystem::filesystem_error("cannot rename", "a/b", full), false).err,
            "heddle: a/b: No space left on device\n");
}

TEST(Failure, WhatNobodyExpectedIsOurBugInOneLine) {
  const Told told = Tell(std::runtime_error("shapes differ\nException raised from here\nframe #1: ..."), false);
  EXPECT_EQ(told.code, kExitFailed);
  EXPECT_EQ(told.err, "heddle: shapes differ (a bug in Heddle: please report it with the command you ran)\n");
  EXPECT_EQ(Tell(42, true).out,
            "{\"error\":{\"kind\":\"bug\",\"what\":\"something unknown was thrown\",\"where\":\"\","
            "\"mend\":\"a bug in Heddle: please report it with the command you ran\"}}\n");
}

TEST(FailureDeathTest, WhatNoHandlerCanCatchAlsoEndsInOneLine) {
  const auto throw_in_thread = [] {
    std::set_terminate(EndOnTerminate);
    std::thread([] { throw Error(ErrorKind::kInput, "thrown in a thread"); }).join();
  };
  const auto give_up = [] {
    std::set_terminate(EndOnTerminate);
    std::terminate();
  };
  EXPECT_EXIT(throw_in_thread(), testing::ExitedWithCode(kExitFailed), "^heddle: thrown in a thread\n$");
  EXPECT_EXIT(give_up(), testing::ExitedWithCode(kExitFailed),
              "^heddle: it had to stop at once \\(a bug in Heddle: .*\\)\n$");
}

}  // namespace
}  // namespace heddle::cli

#include "heddle/core/error.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "heddle/core/check.h"

namespace heddle {
namespace {

TEST(Error, IsPlaceSentenceAndMendInOneLine) {
  EXPECT_STREQ(Error(ErrorKind::kInput, "it is broken", "a.json:3", "mend it").what(),
               "a.json:3: it is broken (mend it)");
  EXPECT_STREQ(Error(ErrorKind::kInput, "it is broken").what(), "it is broken");
}

TEST(Error, StaysOneLineWhateverItsPartsContain) {
  const Error error(ErrorKind::kInput, "two\nlines\x1b[31m", "a\rb\x7f", "c\td");
  EXPECT_STREQ(error.what(), "a b : two lines [31m (c d)");
}

TEST(Error, ExitCodeTellsACallFromAFailure) {
  EXPECT_EQ(Error(ErrorKind::kUsage, "").exit_code(), 2);
  for (const ErrorKind kind : {ErrorKind::kInput, ErrorKind::kSystem, ErrorKind::kBug}) {
    EXPECT_EQ(Error(kind, "").exit_code(), 1);
  }
}

TEST(Error, KindsHaveStableNames) {
  EXPECT_STREQ(KindName(ErrorKind::kUsage), "usage");
  EXPECT_STREQ(KindName(ErrorKind::kInput), "input");
  EXPECT_STREQ(KindName(ErrorKind::kSystem), "system");
  EXPECT_STREQ(KindName(ErrorKind::kBug), "bug");
}

TEST(Error, SystemErrorsSayWhatTheSystemSays) {
  try {
    ThrowSystem("cannot write", "a/b", ENOSPC);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kSystem);
    EXPECT_STREQ(error.what(), "a/b: cannot write: No space left on device");
  }
}

TEST(Check, AFailedDemandIsOurBugAndNamesItsPlace) {
  EXPECT_NO_THROW(HEDDLE_DEMAND(1 + 1 == 2));
  try {
    HEDDLE_DEMAND(1 + 1 == 3);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBug);
    EXPECT_EQ(error.message(), "this should hold and does not: 1 + 1 == 3");
    EXPECT_TRUE(error.where().starts_with("heddle/core/test/error_test.cc:")) << error.where();
  }
}

TEST(Check, AssertsAreOnInCheckedBuildsOnly) {
#ifdef HEDDLE_CHECKED
  EXPECT_THROW(HEDDLE_ASSERT(false), Error);
#else
  EXPECT_NO_THROW(HEDDLE_ASSERT(false));
#endif
}

}  // namespace
}  // namespace heddle

#include "heddle/core/folder_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle {
namespace {

TEST(FolderLockTest, OneAtATimeHasItAndItIsFreeAgainWhenItsHolderIsGone) {
  ScratchFolder folder;
  {
    const FolderLock held(folder.path());
    EXPECT_FALSE(FolderLock::Try(folder.path()));
    const pid_t child = fork();
    if (child == 0) _exit(FolderLock::Try(folder.path()) ? 1 : 0);
    int status = -1;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << "another process got it too";
  }
  const auto taken = FolderLock::Try(folder.path());
  EXPECT_TRUE(taken);
  EXPECT_FALSE(FolderLock::Try(folder.path()));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(FolderLockTest, AFolderThatIsNotThereIsTold) {
  EXPECT_THROW(FolderLock("/no/such/folder"), Error);
  EXPECT_THROW(FolderLock::Try("/no/such/folder"), Error);
}

}  // namespace
}  // namespace heddle

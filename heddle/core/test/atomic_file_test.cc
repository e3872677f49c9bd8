#include "heddle/core/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle {
namespace {

template <class F>
Error ErrorOf(F&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::kBug, "no error");
}

// For its lifetime no file can grow beyond `bytes`: writing more fails, as on a full disk.
class SmallDisk {
 public:
  explicit SmallDisk(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  ~SmallDisk() { setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(AtomicFile, AppearsWholeAndOnlyWhenCommitted) {
  const ScratchFolder folder;
  const auto path = folder.path() / "numbers.json";
  AtomicFile file(path);
  file.Write("one ");
  EXPECT_FALSE(std::filesystem::exists(path));
  file.Write("two");
  file.Commit();
  EXPECT_EQ(ReadFile(path), "one two");
  EXPECT_EQ(folder.CountEntries(), 1u);
}

TEST(AtomicFile, LeavesNothingWhenItIsNotCommitted) {
  const ScratchFolder folder;
  const auto path = folder.path() / "numbers.json";
  WriteFileAtomically(path, "old");
  {
    AtomicFile(path).Write("new");
  }
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_EQ(folder.CountEntries(), 1u);
}

TEST(AtomicFile, TakesAnyBytes) {
  const ScratchFolder folder;
  std::string bytes(1 << 20, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7);
  WriteFileAtomically(folder.path() / "a", bytes);
  EXPECT_EQ(ReadFile(folder.path() / "a"), bytes);
}

TEST(AtomicFile, AFullDiskIsAnErrorThatLeavesTheOldFile) {
  const ScratchFolder folder;
  const auto path = folder.path() / "numbers.json";
  WriteFileAtomically(path, "old");
  const SmallDisk small(100000);
  const Error error = ErrorOf([&] { WriteFileAtomically(path, std::string(1 << 20, 'x')); });
  EXPECT_EQ(error.kind(), ErrorKind::kSystem);
  EXPECT_EQ(error.what(), path.string() + ": cannot write this file: File too large");
  EXPECT_EQ(ReadFile(path), "old");
  EXPECT_EQ(folder.CountEntries(), 1u);
}

TEST(AtomicFile, APlaceThatIsNotThereIsNamed) {
  const Error error = ErrorOf([] { WriteFileAtomically("/no/such/place/a.json", "x"); });
  EXPECT_EQ(error.kind(), ErrorKind::kSystem);
  EXPECT_STREQ(error.what(), "/no/such/place/a.json: cannot write this file: No such file or directory");
  EXPECT_EQ(ErrorOf([] { WriteFileAtomically("folder/", "x"); }).kind(), ErrorKind::kUsage);
}

TEST(AtomicFile, WritingAfterTheCommitIsOurBug) {
  const ScratchFolder folder;
  AtomicFile file(folder.path() / "a");
  file.Commit();
  EXPECT_EQ(ErrorOf([&] { file.Write("late"); }).kind(), ErrorKind::kBug);
  EXPECT_EQ(ErrorOf([&] { file.Commit(); }).kind(), ErrorKind::kBug);
}

TEST(RequireWritableFolder, MakesTheFolderAndLeavesNothingInIt) {
  const ScratchFolder scratch;
  const auto folder = scratch.path() / "a" / "b";
  RequireWritableFolder(folder);
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  RequireWritableFolder(folder);
}

TEST(RequireWritableFolder, RefusesAFileAndAnEmptyName) {
  const ScratchFolder scratch;
  WriteFileAtomically(scratch.path() / "file", "x");
  const Error error = ErrorOf([&] { RequireWritableFolder(scratch.path() / "file"); });
  EXPECT_EQ(error.kind(), ErrorKind::kUsage);
  EXPECT_EQ(error.what(),
            (scratch.path() / "file").string() + ": this is a file, and a folder is needed (name another place)");
  EXPECT_EQ(ErrorOf([] { RequireWritableFolder(""); }).kind(), ErrorKind::kUsage);
  EXPECT_EQ(ErrorOf([&] { RequireWritableFolder(scratch.path() / "file" / "in"); }).kind(), ErrorKind::kSystem);
}

TEST(RequireWritableFolder, ProvesItByWriting) {
  const ScratchFolder scratch;
  const SmallDisk full(0);
  const Error error = ErrorOf([&] { RequireWritableFolder(scratch.path()); });
  EXPECT_EQ(error.kind(), ErrorKind::kSystem);
  EXPECT_EQ(error.what(), scratch.path().string() +
                              ": cannot write this file: File too large (nothing can be written into this folder)");
  EXPECT_EQ(scratch.CountEntries(), 0u);
}

TEST(RequireWritableFolder, NamesAFolderWithoutPermission) {
  const Error error = ErrorOf([] { RequireWritableFolder("/proc/heddle"); });
  EXPECT_EQ(error.kind(), ErrorKind::kSystem);
  EXPECT_EQ(error.where(), "/proc/heddle");
}

TEST(ReadFile, SaysWhyAFileCannotBeRead) {
  const ScratchFolder folder;
  EXPECT_STREQ(ErrorOf([] { ReadFile("no/such.yaml"); }).what(),
               "no/such.yaml: cannot read this file: No such file or directory");
  EXPECT_EQ(ErrorOf([&] { ReadFile(folder.path()); }).what(),
            folder.path().string() + ": cannot read this file: Is a directory");
}

}  // namespace
}  // namespace heddle

#include "heddle/mixture/packed_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/core/read_file.h"
#include "heddle/mixture/packed_header.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class PackedFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("heddle-packed-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

PackedFacts Facts(int64_t count) { return {std::string(64, 'a'), 5, 7, count}; }

uint8_t PixelOf(int64_t picture, size_t i) { return uint8_t(picture * 31 + int64_t(i) * 7 + picture / 256); }

void Make(int64_t first, int64_t count, std::span<uint8_t> out) {
  const size_t bytes = Facts(1).picture_bytes();
  for (int64_t k = 0; k < count; ++k) {
    for (size_t i = 0; i < bytes; ++i) out[size_t(k) * bytes + i] = PixelOf(first + k, i);
  }
}

std::string ErrorOfOpening(const fs::path& path, const PackedFacts& facts) {
  try {
    PackedFile::Open(path, facts, 1 << 20);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(PackedFileTest, GivesThePicturesBack) {
  const fs::path path = folder_ / "p.frames";
  EXPECT_FALSE(PackedFile::Open(path, Facts(100), 1 << 20).has_value());
  ASSERT_TRUE(BuildPackedFile(path, Facts(100), {.block_pictures = 7}, Make));
  auto file = PackedFile::Open(path, Facts(100), 300);  // gives pages back every third picture
  ASSERT_TRUE(file.has_value());
  std::vector<uint8_t> out(file->picture_bytes());
  for (const int64_t picture : {99, 0, 50, 50, 7}) {
    file->Read(picture, out.data());
    for (size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], PixelOf(picture, i));
  }
}

TEST_F(PackedFileTest, IsBuiltOnce) {
  const fs::path path = folder_ / "p.frames";
  ASSERT_TRUE(BuildPackedFile(path, Facts(10), {}, Make));
  EXPECT_TRUE(BuildPackedFile(path, Facts(10), {}, [](int64_t, int64_t, std::span<uint8_t>) { FAIL(); }));
}

TEST_F(PackedFileTest, OtherPicturesUnderItsNameAreNotServed) {
  const fs::path path = folder_ / "p.frames";
  ASSERT_TRUE(BuildPackedFile(path, Facts(10), {}, Make));
  PackedFacts other = Facts(10);
  other.key[5] = 'b';
  EXPECT_THAT(ErrorOfOpening(path, other), HasSubstr("this file holds other pictures than its name says"));
  EXPECT_THAT(ErrorOfOpening(path, Facts(11)), HasSubstr("this file holds other pictures than its name says"));
  fs::resize_file(path, fs::file_size(path) - 1);
  EXPECT_THAT(ErrorOfOpening(path, Facts(10)), HasSubstr("instead of"));
  fs::resize_file(path, 100);
  EXPECT_THAT(ErrorOfOpening(path, Facts(10)), HasSubstr("no file of packed pictures (remove the file"));
}

TEST_F(PackedFileTest, AStoppedBuildGoesOnWhereItWas) {
  const fs::path path = folder_ / "p.frames", whole = folder_ / "whole.frames";
  StopFlag stop;
  const auto make_some = [&](int64_t first, int64_t count, std::span<uint8_t> out) {
    Make(first, count, out);
    if (first >= 20) stop.Request();
  };
  EXPECT_FALSE(BuildPackedFile(path, Facts(100), {.block_pictures = 10, .stop = &stop}, make_some));
  EXPECT_FALSE(fs::exists(path));
  int64_t lowest = 1000;
  const auto note = [&](int64_t first, int64_t count, std::span<uint8_t> out) {
    lowest = std::min(lowest, first);
    Make(first, count, out);
  };
  ASSERT_TRUE(BuildPackedFile(path, Facts(100), {.block_pictures = 10}, note));
  EXPECT_EQ(lowest, 30);
  ASSERT_TRUE(BuildPackedFile(whole, Facts(100), {.block_pictures = 33}, Make));
  EXPECT_EQ(ReadFile(path), ReadFile(whole));
}

TEST_F(PackedFileTest, APartOfSomethingElseIsNotBuiltUpon) {
  const fs::path path = folder_ / "p.frames";
  for (const std::string& rubbish : {std::string("rubbish"), std::string(100000, 'x')}) {
    std::ofstream(path.string() + ".part", std::ios::binary) << rubbish;
    ASSERT_TRUE(BuildPackedFile(path, Facts(10), {}, Make));
    EXPECT_EQ(ErrorOfOpening(path, Facts(10)), "no error");
    auto file = PackedFile::Open(path, Facts(10), 1 << 20);
    std::vector<uint8_t> out(file->picture_bytes());
    file->Read(0, out.data());
    EXPECT_EQ(out[3], PixelOf(0, 3));
    fs::remove(path);
  }
}

// A part that claims more than it holds, as after a crash of the machine.
TEST_F(PackedFileTest, APartIsNotBelievedBeyondItsEnd) {
  const fs::path path = folder_ / "p.frames";
  const PackedHeaderBytes header = FormatPackedHeader({Facts(10), 9});
  std::ofstream(path.string() + ".part", std::ios::binary).write(header.data(), std::streamsize(header.size()));
  int64_t lowest = 1000;
  ASSERT_TRUE(BuildPackedFile(path, Facts(10), {}, [&](int64_t first, int64_t count, std::span<uint8_t> out) {
    lowest = std::min(lowest, first);
    Make(first, count, out);
  }));
  EXPECT_EQ(lowest, 0);
}

TEST_F(PackedFileTest, AnErrorWhileMakingComesOutAndNothingIsServed) {
  const fs::path path = folder_ / "p.frames";
  const auto fail = [](int64_t first, int64_t, std::span<uint8_t>) {
    if (first > 3) ThrowInput("broken");
  };
  EXPECT_THROW(BuildPackedFile(path, Facts(10), {}, fail), Error);
  EXPECT_FALSE(fs::exists(path));
}

// Starts a process that builds and gives its id.
pid_t StartBuilding(const fs::path& path, int64_t count, useconds_t pause_us) {
  const pid_t child = fork();
  if (child != 0) return child;
  const bool built = BuildPackedFile(path, Facts(count), {.block_pictures = 2},
                                     [&](int64_t first, int64_t pictures, std::span<uint8_t> out) {
                                       usleep(pause_us);
                                       Make(first, pictures, out);
                                     });
  _exit(built ? 0 : 1);
}

int StatusOf(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

// Kills builders at random moments until one gets through; the file is there whole or not at all at each moment, and in
// the end it is what an undisturbed builder makes. Gives the number of kills.
int BuildUnderFire(const fs::path& path, const std::string& whole, int64_t count, RandomStream& random) {
  for (int kills = 0;; ++kills) {
    const pid_t child = StartBuilding(path, count, 100);
    usleep(useconds_t(random.Below(6000)));
    kill(child, SIGKILL);
    if (StatusOf(child) == 0 || fs::exists(path)) {
      EXPECT_EQ(ReadFile(path), whole);
      return kills;
    }
    EXPECT_FALSE(PackedFile::Open(path, Facts(count), 1 << 20).has_value());
  }
}

int Kills(const fs::path& folder, int least) {
  constexpr int64_t kCount = 40;
  const fs::path whole_path = folder / "whole.frames";
  EXPECT_TRUE(BuildPackedFile(whole_path, Facts(kCount), {}, Make));
  const std::string whole = ReadFile(whole_path);
  RandomStream random(5, "kills");
  int kills = 0;
  for (int round = 0; kills < least; ++round) {
    const fs::path path = folder / (std::to_string(round) + ".frames");
    kills += BuildUnderFire(path, whole, kCount, random);
  }
  return kills;
}

TEST_F(PackedFileTest, KilledBuildsServeNothingAndEndInTheSameBytes) {
  const char* asked = std::getenv("HEDDLE_PACK_KILLS");
  const int least = asked == nullptr ? 12 : std::atoi(asked);
  EXPECT_GE(Kills(folder_, least), least);
}

TEST_F(PackedFileTest, SeveralBuildersAtOnceEndWithOneFile) {
  const fs::path path = folder_ / "p.frames", whole = folder_ / "whole.frames";
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) children.push_back(StartBuilding(path, 40, 500));
  for (const pid_t child : children) EXPECT_EQ(StatusOf(child), 0);
  ASSERT_TRUE(BuildPackedFile(whole, Facts(40), {}, Make));
  EXPECT_EQ(ReadFile(path), ReadFile(whole));
  EXPECT_FALSE(fs::exists(path.string() + ".part"));
}

}  // namespace
}  // namespace heddle::mixture

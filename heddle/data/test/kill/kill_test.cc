// Kills a recorder with SIGKILL at random moments, HEDDLE_KILLS times (default 12).
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>

#include "heddle/data/dataset.h"
#include "heddle/data/test/memory_folder.h"
#include "heddle/data/test/same_tree.h"
#include "heddle/data/test/small_recording.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kEpisodes = 12;

struct Outcome {
  int64_t finished = 0;  // episodes that the recorder said were saved, of this run
  bool killed = false;
  int status = 0;
};

pid_t StartRecorder(const fs::path& folder, const fs::path& output) {
  const std::string episodes = std::to_string(kEpisodes);
  const pid_t child = fork();
  if (child != 0) return child;
  const int fd = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  dup2(fd, STDOUT_FILENO);
  execl(HEDDLE_RECORDER, HEDDLE_RECORDER, folder.c_str(), episodes.c_str(), nullptr);
  _exit(127);
}

// Records until the end, or until it is killed after `patience`.
Outcome Record(const fs::path& folder, const fs::path& output, std::chrono::microseconds patience) {
  const pid_t child = StartRecorder(folder, output);
  const auto end = std::chrono::steady_clock::now() + patience;
  Outcome run;
  pid_t gone = 0;
  while (gone == 0 && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    gone = waitpid(child, &run.status, WNOHANG);
  }
  if (gone == 0) {
    kill(child, SIGKILL);
    waitpid(child, &run.status, 0);
    run.killed = WIFSIGNALED(run.status);
  }
  std::string line = ReadFile(output);
  for (size_t at = 0; (at = line.find("finished ", at)) != std::string::npos; ++at) ++run.finished;
  return run;
}

// All that was finished is there, whole, and at most the one whose saving was just done besides.
int64_t CheckKilled(const fs::path& folder, int64_t finished) {
  if (finished == 0 && !fs::exists(folder / "meta/info.json")) return 0;
  const Dataset set = Dataset::Open(folder.string());
  const int64_t episodes = std::ssize(set.episodes());
  EXPECT_GE(episodes, finished);
  EXPECT_LE(episodes, finished + 1);
  for (int64_t episode = 0; episode < episodes; ++episode) {
    const contract::Array state = set.ReadNumbers("observation.state", episode);
    EXPECT_EQ(state.shape()[0], SmallLength(episode));
    for (int64_t frame = 0; frame < state.shape()[0]; ++frame) {
      EXPECT_EQ(state.At(frame * 3), SmallFrame(episode, frame).numbers.at("observation.state").At(0));
    }
  }
  return episodes;
}

TEST(Kill, AtRandomMomentsNothingFinishedIsLostAndTheBytesAreTheSame) {
  const char* wanted = std::getenv("HEDDLE_KILLS");
  const int kills = wanted ? std::atoi(wanted) : 12;
  MemoryFolder scratch;
  const fs::path plain = scratch.path() / "plain", output = scratch.path() / "output";
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(Record(plain, output, std::chrono::seconds(100)).finished, kEpisodes);
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begin);

  std::mt19937 random(20260);
  std::uniform_int_distribution<int64_t> moment(0, whole.count() / 2);
  int done = 0, resumed = 0, with_leftovers = 0;
  for (int round = 0; done < kills; ++round) {
    SCOPED_TRACE("recording " + std::to_string(round));
    const fs::path folder = scratch.path() / "killed";
    fs::remove_all(folder);
    int64_t episodes = 0;
    while (true) {
      const auto patience = done < kills ? std::chrono::microseconds(moment(random)) : std::chrono::seconds(100);
      const Outcome run = Record(folder, output, patience);
      if (!run.killed) {
        ASSERT_EQ(run.status, 0);
        break;
      }
      ++done;
      with_leftovers += fs::exists(folder / ".heddle-recording");
      episodes = CheckKilled(folder, episodes + run.finished);
      resumed += episodes > 0;
      if (HasFailure()) return;
    }
    ExpectSameTree(folder, plain);
    if (HasFailure()) return;
  }
  std::printf("%d kills, %d of them with finished episodes, %d with a save or recording under way\n", done, resumed,
              with_leftovers);
}

}  // namespace
}  // namespace heddle::data

#include "heddle/data/find_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class FindingDatasets : public testing::Test {
 protected:
  FindingDatasets() : home_(fs::path(testing::TempDir()) / "find-home") { fs::remove_all(home_); }

  void MakeSet(const fs::path& root) {
    fs::create_directories(root / "meta");
    std::ofstream(root / "meta/info.json") << "{}";
  }
  Environment With(std::map<std::string, std::string> variables) {
    variables.emplace("HOME", home_.string());
    return [variables](const std::string& name) {
      const auto found = variables.find(name);
      return found == variables.end() ? "" : found->second;
    };
  }

  const fs::path home_;
};

TEST_F(FindingDatasets, LooksInTheDefaultCache) {
  MakeSet(home_ / ".cache/huggingface/lerobot/lab/pour");
  EXPECT_EQ(FindDataset("lab/pour", With({})), home_ / ".cache/huggingface/lerobot/lab/pour");
}

TEST_F(FindingDatasets, HonoursTheVariables) {
  MakeSet(home_ / "a/lab/pour");
  MakeSet(home_ / "b/lerobot/lab/wipe");
  EXPECT_EQ(FindDataset("lab/pour", With({{"HF_LEROBOT_HOME", (home_ / "a").string()}})), home_ / "a/lab/pour");
  EXPECT_EQ(FindDataset("lab/wipe", With({{"HF_HOME", (home_ / "b").string()}})), home_ / "b/lerobot/lab/wipe");
}

TEST_F(FindingDatasets, TakesTheSnapshotThatMainNames) {
  const fs::path repository = home_ / ".cache/huggingface/hub/datasets--lab--pour";
  MakeSet(repository / "snapshots/aaa");
  MakeSet(repository / "snapshots/bbb");
  fs::create_directories(repository / "refs");
  std::ofstream(repository / "refs/main") << "aaa\n";
  EXPECT_EQ(FindDataset("lab/pour", With({})), repository / "snapshots/aaa");
}

TEST_F(FindingDatasets, PrintsTheDownloadCommand) {
  EXPECT_THAT([&] { FindDataset("lab/none", With({})); },
              testing::Throws<Error>(
                  testing::Property(&Error::mend, HasSubstr("hf download --repo-type dataset lab/none --local-dir "))));
}

TEST_F(FindingDatasets, TakesNoNameThatLeadsOut) {
  for (const char* name : {"../x", "a/../b", "a/b/c", ".a/b", "a/.b"}) {
    EXPECT_THAT([&] { FindDataset(name, With({})); },
                testing::Throws<Error>(testing::Property(&Error::message, HasSubstr("no such folder"))))
        << name;
  }
}

}  // namespace
}  // namespace heddle::data

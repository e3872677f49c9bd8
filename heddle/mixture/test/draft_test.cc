#include "heddle/mixture/sheet/draft.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "heddle/core/error.h"
#include "heddle/mixture/sheet/sheet.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DraftTest : public testing::Test {
 protected:
  void SetUp() override { root_ = fs::temp_directory_path() / ("heddle_draft_" + std::to_string(getpid())); }
  void TearDown() override { fs::remove_all(root_); }

  // Two joints that follow their command by a frame; `steps`: the command says by how much to move.
  std::string Record(const std::string& name, const std::vector<std::string>& action_names, bool steps,
                     const std::string& camera) {
    std::vector<std::vector<SmallFrame>> episodes(4);
    for (size_t episode = 0; episode < episodes.size(); ++episode) {
      const auto at = [&](int frame, double speed) { return std::sin(speed * frame + double(episode)); };
      for (int frame = 0; frame < 80; ++frame) {
        SmallFrame values;
        for (const double speed : {0.11, 0.17}) {
          const double now = at(frame, speed), next = at(frame + 1, speed);
          values.numbers["observation.state"].push_back(float(now));
          values.numbers["action"].push_back(float(steps ? next - now : next));
        }
        values.images[camera] = {4, 4, 3, std::vector<uint8_t>(48, 7)};
        episodes[episode].push_back(values);
      }
    }
    WriteSmallDataset(root_ / name, 20, "wave: twice",
                      {{"observation.state", {"joint_1", "joint_2"}}, {"action", action_names}}, episodes);
    return (root_ / name).string();
  }

  fs::path root_;
};

TEST_F(DraftTest, ActionsAreToldByNamesElseByHowTheStateFollows) {
  const auto guess = [](const std::string& folder) { return GuessActions(data::Dataset::Open(folder)); };
  EXPECT_EQ(guess(Record("named", {"dx", "dy"}, false, "a")).value, "ee_delta");
  EXPECT_EQ(guess(Record("absolute", {"joint_1", "joint_2"}, false, "a")).value, "joint_absolute");
  const Guess delta = guess(Record("delta", {"joint_1", "joint_2"}, true, "a"));
  EXPECT_EQ(delta.value, "joint_delta");
  EXPECT_EQ(delta.why, "by how the state follows the action");
}

TEST_F(DraftTest, TheLicenseStandsInTheReadme) {
  const std::string folder = Record("set", {"joint_1", "joint_2"}, false, "a");
  const auto guess = [&](const std::string& readme) {
    std::ofstream(fs::path(folder) / "README.md") << readme;
    return GuessLicense(data::Dataset::Open(folder));
  };
  EXPECT_EQ(guess("---\ntags:\n- robot\nlicense: apache-2.0\n---\n# A set\n").value, "Apache-2.0");
  EXPECT_EQ(guess("---\nlicense: 'cc-by-nc-4.0'\n---\n").why, "");
  EXPECT_EQ(guess("---\nlicense: other\n---\n").why, "its README.md says other");
  EXPECT_EQ(guess("---\n---\nlicense: mit\n").value, "unknown");
  EXPECT_EQ(guess("# no front matter\nlicense: mit\n").value, "unknown");
  EXPECT_EQ(guess("---\nlicense: own\n---\n").value, "unknown");
}

TEST_F(DraftTest, CamerasThatAreCalledAlikeAreProposedAndOthersAreMissing) {
  const std::string target = Record("target", {"joint_1", "joint_2"}, false, "observation.images.front");
  const std::string alike = Record("alike", {"joint_1", "joint_2"}, false, "observation.images.front_cam");
  const std::string other = Record("other", {"joint_1", "joint_2"}, false, "observation.images.wrist");
  const std::string text = DraftSheet({target, alike, other}, root_);
  const Sheet sheet = Sheet::Parse(text, "mixture.yaml", root_);
  EXPECT_TRUE(sheet.sources[0].map.cameras.empty());
  EXPECT_EQ(sheet.sources[1].map.cameras.at("observation.images.front"), "observation.images.front_cam");
  EXPECT_EQ(sheet.sources[2].map.cameras.at("observation.images.front"), std::nullopt);
  EXPECT_EQ(sheet.sources[0].task_family, "wave: twice");
  EXPECT_THAT(text, HasSubstr("task_family: \"wave: twice\"  # guessed"));
  EXPECT_THAT(text, HasSubstr("target: target  # guessed"));
}

TEST_F(DraftTest, NamesDifferAndPathsAreTheSheets) {
  const std::string one = Record("a/set", {"joint_1", "joint_2"}, false, "c");
  const std::string two = Record("b/set", {"joint_1", "joint_2"}, false, "c");
  const Sheet sheet = Sheet::Parse(DraftSheet({one, two + "/"}, root_ / "sheets"), "mixture.yaml", root_ / "sheets");
  EXPECT_EQ(sheet.sources[0].name, "set");
  EXPECT_EQ(sheet.sources[1].name, "set_2");
  EXPECT_EQ(sheet.sources[0].dataset, "../a/set");
}

}  // namespace
}  // namespace heddle::mixture

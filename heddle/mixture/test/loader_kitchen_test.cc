// The kitchen's sheet is checked, bound and loaded with its stand-ins.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "heddle/mixture/loader.h"
#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/draft.h"
#include "heddle/mixture/sheet/review.h"
#include "heddle/mixture/test/kitchen_stand_ins.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class LoaderKitchenTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("heddle_kitchen_" + std::to_string(getpid()));
    WriteKitchenStandIns(root_ / "kitchen");
    fs::copy_file(fs::path(HEDDLE_TESTDATA).parent_path() / "recipes/kitchen.yaml", root_ / "kitchen.yaml");
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }
  static Sheet Load() { return Sheet::Load(root_ / "kitchen.yaml"); }

  static fs::path root_;
};
fs::path LoaderKitchenTest::root_;

TEST_F(LoaderKitchenTest, TheSheetMixes) {
  const SheetReview review = ReviewSheet(Load(), {});
  EXPECT_FALSE(review.is_refused());
  std::vector<std::string> codes;
  for (const SheetFinding& finding : review.findings) {
    codes.push_back(std::string(FindingLevelName(finding.level)) + " " + finding.code);
  }
  // People on the web have no head, the new family is not trained on, terms travel.
  EXPECT_THAT(codes, Contains("warning no-action-head"));
  EXPECT_THAT(codes, Contains("note never-drawn"));
  EXPECT_EQ(review.terms.Text(), "non-commercial, attribution");
  EXPECT_EQ(review.control_hz, 20);
  EXPECT_GT(review.buckets.back().drawn, 0);
}

TEST_F(LoaderKitchenTest, ValidationKeepsWhatIsUnderstoodFromWhatIsDone) {
  const BoundSheet bound = PrepareSheet(Load(), {});
  const Source &robot = bound.mixture.sources[0], &family = bound.mixture.sources[1];
  EXPECT_THAT(SelectEpisodes(robot, EpisodeSet::kHoldout), ElementsAre(6, 7));
  EXPECT_THAT(SelectEpisodes(family, EpisodeSet::kHoldout), ElementsAre(8, 9));
  EXPECT_TRUE(SelectEpisodes(family, EpisodeSet::kTraining).empty());
  EXPECT_EQ(family.weight, 0);
  // Another kitchen, a known family.
  EXPECT_EQ(robot.tracks.at("kitchen").values()[size_t(robot.tracks.at("kitchen").IdAt(6, 0))], "other");
  EXPECT_EQ(robot.tracks.at("task_family").values()[size_t(robot.tracks.at("task_family").IdAt(6, 0))], "clear_table");
  EXPECT_EQ(robot.tracks.at("kitchen").values()[size_t(robot.tracks.at("kitchen").IdAt(8, 0))], "own");
}

TEST_F(LoaderKitchenTest, BatchesHaveAllBodiesAndMaskWhatIsNotThere) {
  WindowChoice choice;
  choice.action_steps = 4;
  choice.cameras = {{"observation.images.head", 32, 32, Fit::kStretch}};
  const BoundSheet bound = BindSheet(Load(), choice);
  EXPECT_EQ(bound.target_embodiment, "mobile_manipulator");
  EXPECT_EQ(bound.target_representation, "ee_delta");
  std::vector<std::string> names;
  for (const BoundFeature& feature : bound.features) names.push_back(feature.name);
  EXPECT_THAT(names, ElementsAre("observation.state@mobile_manipulator", "observation.state@human_hand",
                                 "observation.state@fixed_arm", "action@mobile_manipulator.ee_delta",
                                 "action@human_hand.wrist_absolute", "action@fixed_arm.joint_absolute"));
  // Degrees became radians.
  EXPECT_LT(bound.statistics.at("observation.state@fixed_arm").max[0], 1.1);

  LoaderOptions options;
  options.workers = 0;
  options.order.batch_size = 64;
  Loader loader(bound.mixture, options);
  int64_t web_rows = 0;
  for (int step = 0; step < 3; ++step) {
    const contract::Batch& batch = loader.Next();
    EXPECT_EQ(batch.values.at("action@mobile_manipulator.ee_delta").size(2), 10);
    for (size_t row = 0; row < batch.origins.size(); ++row) {
      const std::string& source = bound.mixture.sources[size_t(batch.origins[row].source)].name;
      const auto present = [&](const char* feature) {
        return batch.is_present.at(feature)[int64_t(row)].all().item<bool>();
      };
      EXPECT_EQ(present("action@mobile_manipulator.ee_delta"), source == "robot" || source == "simulation");
      EXPECT_EQ(present("action@fixed_arm.joint_absolute"), source == "other_arm");
      EXPECT_TRUE(present("observation.images.head"));
      web_rows += source == "web";
    }
  }
  EXPECT_GT(web_rows, 0);
}

TEST_F(LoaderKitchenTest, SimulatedGoalsBecomeTheRobotsDeltas) {
  // Both stand-ins move alike: the same deltas come out of goals and of deltas.
  const BoundSheet bound = BindSheet(Load(), {});
  const auto& action = bound.statistics.at("action@mobile_manipulator.ee_delta");
  EXPECT_LT(action.max[0], 0.3);
  EXPECT_GT(action.max[0], 0.1);
}

TEST_F(LoaderKitchenTest, ADraftOfTheSameDatasetsIsASheetThatReads) {
  std::vector<std::string> names;
  for (const char* name : {"robot", "simulation", "hands", "web", "other_arm"}) {
    names.push_back((root_ / "kitchen" / name).string());
  }
  const std::string text = DraftSheet(names, root_);
  const Sheet sheet = Sheet::Parse(text, "mixture.yaml", root_);
  EXPECT_EQ(sheet.target, "robot");
  EXPECT_EQ(sheet.sources[0].dataset, "kitchen/robot");
  EXPECT_EQ(sheet.sources[0].embodiment, "mobile_manipulator");
  EXPECT_EQ(sheet.sources[0].action_representation, "ee_delta");
  EXPECT_EQ(sheet.sources[1].action_representation, "ee_absolute");
  EXPECT_EQ(sheet.sources[1].map.features.at("action").convert.to, "ee_delta");
  EXPECT_EQ(sheet.sources[2].map.cameras.at("observation.images.head"), std::nullopt);
  EXPECT_EQ(sheet.sources[3].action_representation, "none");
  EXPECT_THAT(text, HasSubstr("action_representation: ee_delta  # guessed: its dimensions are called dx dy dz"));
  EXPECT_THAT(text, HasSubstr("embodiment: fixed_arm\n"));
  EXPECT_THAT(text, HasSubstr("license: unknown  # guessed: it does not say"));
  EXPECT_FALSE(ReviewSheet(sheet, {}).is_refused());
  EXPECT_THROW(DraftSheet({names[0], names[0]}, root_), std::exception);
}

}  // namespace
}  // namespace heddle::mixture

#include "heddle/mixture/sheet/bind_sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/mixture/sheet/open_source.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::map<std::string, std::vector<float>>;
using Names = std::map<std::string, std::vector<std::string>>;

const Names kPanda = {{"observation.state", {"x", "grip"}},
                      {"observation.environment_state", {"nut.x", "nut.y"}},
                      {"action", {"dx", "grip"}}};
const Names kHand = {{"observation.state", {"x", "y", "thumb"}},
                     {"observation.environment_state", {"nut.y", "nut.x"}},
                     {"action", {"x", "y", "thumb"}}};

const char* const kSheet = R"(target: robot
sources:
  - {name: robot, dataset: robot, kind: robot, embodiment: panda, action_representation: ee_delta, weight: auto}
  - {name: sim, dataset: sim, kind: simulation, embodiment: panda, action_representation: ee_delta, weight: auto}
  - {name: hand, dataset: hand, kind: human, embodiment: hand, action_representation: wrist_absolute, weight: auto}
  - {name: video, dataset: video, kind: web, embodiment: people, weight: auto}
)";

// robot: 4 episodes of 10 frames; sim: 20 of 10; hand: 10 of 20, without actions in the sheet's "video".
class BindSheetTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("heddle_bind_" + std::to_string(getpid()));
    Record("robot", kPanda, 4, 10, 0);
    Record("sim", kPanda, 20, 10, 100);
    Record("hand", kHand, 10, 20, 200);
    Record("video", {{"observation.environment_state", {"nut.x", "nut.y"}}}, 5, 12, 300);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  // Values: base + 10 * episode + frame + dimension / 10.
  static void Record(const std::string& name, const Names& names, int episodes, int frames, float base) {
    std::vector<std::vector<SmallFrame>> all;
    for (int episode = 0; episode < episodes; ++episode) {
      all.emplace_back();
      for (int frame = 0; frame < frames; ++frame) {
        SmallFrame values;
        for (const auto& [feature, dims] : names) {
          for (size_t i = 0; i < dims.size(); ++i) {
            values.numbers[feature].push_back(base + float(10 * episode + frame) + float(i) / 10);
          }
        }
        all.back().push_back(values);
      }
    }
    WriteSmallDataset(root_ / name, 10, "task of " + name, names, all);
  }

  static Sheet Parse(const std::string& text) { return Sheet::Parse(text, "mixture.yaml", root_); }
  static BoundSheet Bind(const std::string& text, const WindowChoice& choice = {},
                         std::optional<double> w = std::nullopt) {
    return BindSheet(Parse(text), choice, w);
  }
  static std::string ErrorOf(const std::string& text, const WindowChoice& choice = {},
                             std::optional<double> w = std::nullopt) {
    try {
      Bind(text, choice, w);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  static std::string With(const std::string& from, const std::string& to) {
    std::string text = kSheet;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }

  static fs::path root_;
};
fs::path BindSheetTest::root_;

TEST_F(BindSheetTest, EveryEmbodimentHasItsStateAndActionAndTheRestIsShared) {
  const BoundSheet bound = Bind(kSheet);
  std::vector<std::string> names;
  for (const BoundFeature& feature : bound.features) names.push_back(feature.name);
  EXPECT_THAT(names, ElementsAre("observation.environment_state", "observation.state@panda", "observation.state@hand",
                                 "action@panda.ee_delta", "action@hand.wrist_absolute"));
  EXPECT_EQ(bound.features[0].embodiment, "");
  EXPECT_THAT(bound.features[0].dimension_names, ElementsAre("nut.x", "nut.y"));
  EXPECT_TRUE(bound.features[3].is_action);
  EXPECT_EQ(bound.target_embodiment, "panda");
  EXPECT_EQ(bound.target_representation, "ee_delta");
  EXPECT_THAT(bound.domains, ElementsAre("robot", "sim", "hand", "video"));
  EXPECT_EQ(bound.target_domain, 0);
  EXPECT_EQ(bound.mixture.layout.window.control_hz, 10);

  const std::vector<Slot>& action = bound.mixture.layout.numbers[3].slots;
  EXPECT_EQ(action[0].meaning, Meaning::kDelta);
  EXPECT_EQ(action[1].meaning, Meaning::kHeld);
  EXPECT_EQ(bound.mixture.layout.numbers[4].slots[0].meaning, Meaning::kAbsolute);
  EXPECT_TRUE(bound.mixture.sources[3].map.slots.at("action@panda.ee_delta").at("dx").missing);
}

TEST_F(BindSheetTest, WindowsReachBackForObservationsAndForwardForActions) {
  const BoundSheet bound = Bind(kSheet, {.observation_steps = 2, .action_steps = 3, .numbers = {"observation.state"}});
  EXPECT_THAT(bound.mixture.layout.Steps("observation.state@panda"), ElementsAre(-1, 0));
  EXPECT_THAT(bound.mixture.layout.Steps("action@hand.wrist_absolute"), ElementsAre(0, 1, 2));
  EXPECT_EQ(bound.features.size(), 4u);
}

TEST_F(BindSheetTest, AutoTakesTheMiddleOfTheGuidelinesRange) {
  const BoundSheet bound = Bind(kSheet);
  // Held out: 2 of 4, 2 of 20, 2 of 10, 2 of 5.
  EXPECT_EQ(bound.sizes[0].windows, 20);
  EXPECT_EQ(bound.sizes[1].windows, 180);
  EXPECT_EQ(bound.sizes[2].windows, 160);
  EXPECT_EQ(bound.sizes[3].windows, 36);
  const double low = 20.0 / (20 + 376), high = std::sqrt(20.0 / 376);
  EXPECT_DOUBLE_EQ(bound.w, std::sqrt(low * high));
  EXPECT_DOUBLE_EQ(bound.mixture.sources[1].weight, (1 - bound.w) * 180 / 376);
  EXPECT_THAT(bound.weights.reason, HasSubstr("the geometric middle of the guideline's range"));
}

TEST_F(BindSheetTest, TheTargetGetsWAndSurrogatesShareTheRestBySize) {
  const auto weights = [](const BoundSheet& bound) {
    std::vector<double> all;
    for (const Source& source : bound.mixture.sources) all.push_back(source.weight);
    return all;
  };
  EXPECT_THAT(weights(Bind(kSheet, {}, 0.5)),
              ElementsAre(0.5, DoubleNear(0.5 * 180 / 376, 1e-12), DoubleNear(0.5 * 160 / 376, 1e-12),
                          DoubleNear(0.5 * 36 / 376, 1e-12)));
  EXPECT_THAT(weights(Bind(std::string("tau: 0\n") + kSheet, {}, 0.4)),
              ElementsAre(0.4, DoubleNear(0.2, 1e-12), DoubleNear(0.2, 1e-12), DoubleNear(0.2, 1e-12)));
  // Two sources of one domain share what the domain gets.
  EXPECT_THAT(
      weights(Bind("tau: 0\n" + With("kind: human,", "kind: human, domain: sim,"), {}, 0.4)),
      ElementsAre(0.4, DoubleNear(0.3 * 180 / 340, 1e-12), DoubleNear(0.3 * 160 / 340, 1e-12), DoubleNear(0.3, 1e-12)));
  EXPECT_THAT(weights(Bind(kSheet, {}, 1.0)), ElementsAre(1, 0, 0, 0));
  EXPECT_EQ(weights(Bind(kSheet, {}, 0.0))[0], 0);
}

TEST_F(BindSheetTest, AScheduleOfWIsWeightsOfAllSources) {
  const Sheet sheet = Parse(kSheet);
  const std::vector<WeightStage> stages = StagesOf(sheet, BindSheet(sheet, {}), {{0, 0.0}, {100, 0.5}});
  EXPECT_EQ(stages[1].first_step, 100);
  EXPECT_EQ(stages[0].weights[0], 0);
  EXPECT_DOUBLE_EQ(stages[1].weights[1], 0.5 * 180 / 376);
}

TEST_F(BindSheetTest, NumbersOfTheSheetAreTakenAsTheyAre) {
  const std::string text = R"(target: robot
sources:
  - {name: robot, dataset: robot, kind: robot, embodiment: panda, action_representation: ee_delta, weight: 1}
  - {name: sim, dataset: sim, kind: simulation, embodiment: panda, action_representation: ee_delta, weight: 2}
  - {name: hand, dataset: hand, kind: human, embodiment: hand, action_representation: wrist_absolute, weight: 1}
)";
  EXPECT_DOUBLE_EQ(Bind(text).w, 0.25);
  // With another w, surrogates keep their proportions.
  EXPECT_DOUBLE_EQ(Bind(text, {}, 0.4).mixture.sources[1].weight, 0.4);
  EXPECT_THAT(ErrorOf(text, {}, 1.5), HasSubstr("w is 1.5"));
}

TEST_F(BindSheetTest, StatisticsAreOfTrainingFramesOfAllSourcesThatHaveTheFeature) {
  const BoundSheet bound = Bind(kSheet);
  // Panda: robot's episodes 0 and 2 (1 and 3 are held out), sim's all but 5 and 15.
  std::vector<double> values;
  for (const int episode : {0, 2}) {
    for (int frame = 0; frame < 10; ++frame) values.push_back(10 * episode + frame);
  }
  for (int episode = 0; episode < 20; ++episode) {
    if (episode == 5 || episode == 15) continue;
    for (int frame = 0; frame < 10; ++frame) values.push_back(100 + 10 * episode + frame);
  }
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const contract::FeatureStatistics& state = bound.statistics.at("observation.state@panda");
  EXPECT_EQ(state.count, int64_t(values.size()));
  EXPECT_NEAR(state.mean[0], mean, 1e-9);
  EXPECT_NEAR(state.std[0], std::sqrt(squares / double(values.size())), 1e-9);
  EXPECT_EQ(state.min[0], 0);
  EXPECT_EQ(state.max[0], 299);
  std::ranges::sort(values);
  EXPECT_NEAR(state.q01[0], values[1] + 0.99 * (values[2] - values[1]), 1e-9);  // 0.01 * 199 = 1.99
  EXPECT_EQ(bound.statistics.size(), 5u);
  EXPECT_EQ(bound.statistics.at("observation.environment_state").count, 20 + 180 + 160 + 36);
}

TEST_F(BindSheetTest, SharedFeaturesAreTakenByNameWhateverTheirOrder) {
  const BoundSheet bound = Bind(kSheet);
  // The hand's dataset has nut.y first.
  const auto& slots = bound.mixture.sources[2].map.slots.at("observation.environment_state");
  EXPECT_THAT(slots.at("nut.x").positions, ElementsAre(1));
  EXPECT_THAT(slots.at("nut.y").positions, ElementsAre(0));
}

TEST_F(BindSheetTest, AFeatureOfOtherDimensionsIsOnePerEmbodiment) {
  const std::string text = With("weight: auto}\n  - {name: video",
                                "weight: auto, map: {observation.environment_state: {dims: {cup.x: nut.x}}}}\n"
                                "  - {name: video");
  std::vector<std::string> names;
  for (const BoundFeature& feature : Bind(text).features) names.push_back(feature.name);
  EXPECT_THAT(names, testing::Contains("observation.environment_state@panda"));
  EXPECT_THAT(names, testing::Contains("observation.environment_state@hand"));
  EXPECT_THAT(names, testing::Contains("observation.environment_state@people"));
}

TEST_F(BindSheetTest, HoldoutIsSpreadEvenly) {
  std::vector<int64_t> episodes(40);
  std::iota(episodes.begin(), episodes.end(), 0);
  EXPECT_THAT(SpreadHoldout(episodes, {}), ElementsAre(5, 15, 25, 35));
  EXPECT_THAT(SpreadHoldout({3, 4, 8, 9, 10}, {}), ElementsAre(4, 9));
  EXPECT_THAT(SpreadHoldout({3, 4}, {}), ElementsAre(4));
  EXPECT_THAT(SpreadHoldout({3}, {}), ElementsAre());
  EXPECT_THAT(SpreadHoldout(episodes, HoldoutRule{HoldoutRule::Kind::kShare, 0, 2, {}}), ElementsAre());
  const BoundSheet bound = Bind(With("kind: web,", "kind: web, holdout: all,"));
  EXPECT_EQ(bound.sizes[3].windows, 0);
  EXPECT_EQ(bound.sizes[3].holdout_episodes, 5);
  EXPECT_EQ(bound.mixture.sources[3].weight, 0);
}

TEST_F(BindSheetTest, LabelsAreOfTheSourceOrOfItsFrames) {
  const BoundSheet bound = Bind(With("kind: robot,", "kind: robot, task_family: pick, labels: {pace: slow},"));
  EXPECT_EQ(bound.mixture.sources[0].labels.at("task_family"), "pick");
  EXPECT_EQ(bound.mixture.sources[0].labels.at("pace"), "slow");
  EXPECT_EQ(bound.mixture.sources[1].labels.at("embodiment"), "panda");
  EXPECT_THAT(ErrorOf(With("kind: robot,", "kind: robot, labels: {pace: {from: strategy}},")),
              HasSubstr("mixture.yaml:3: source robot: labels.pace: "));
}

TEST_F(BindSheetTest, WhatDoesNotFitIsToldWithLineAndMend) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {With("dataset: sim", "dataset: simm"), "mixture.yaml:4: source sim"},
      {With("kind: simulation, embodiment: panda, action_representation: ee_delta",
            "kind: simulation, embodiment: panda, action_representation: joint_absolute"),
       "mixture.yaml:4: source sim: actions joint_absolute of panda do not mix with ee_delta, which source robot has"},
      {With("kind: robot, embodiment: panda, action_representation: ee_delta", "kind: robot, embodiment: panda"),
       "mixture.yaml:3: source robot: the dataset has actions, and the sheet does not say what they are"},
      {With("kind: web,", "kind: web, action_representation: ee_delta,"),
       "mixture.yaml:6: source video: the dataset has no actions, and the sheet says ee_delta (write none"},
      {With("embodiment: hand,", "embodiment: panda,").replace(0, 0, ""), "mixture.yaml:5: source hand: "},
      {With("kind: robot,", "kind: robot, episodes: [9],"),
       "mixture.yaml:3: source robot: episodes: there is no episode 9"},
      {With("kind: robot,", "kind: robot, map: {observation.state: {from: observation.stat}},"),
       "the dataset has no numbers 'observation.stat' (did you mean 'observation.state'?)"},
      {With("kind: robot,", "kind: robot, map: {observation.state: {dims: {x: z}}},"),
       "'observation.state' has no dimension 'z'"},
      {With("kind: robot,", "kind: robot, weight: 1, holdout: all,"), "weight is given twice"},
  };
  for (const auto& [text, expected] : cases) EXPECT_THAT(ErrorOf(text), HasSubstr(expected));
  EXPECT_THAT(ErrorOf(kSheet, {.numbers = {"observation.sate"}}),
              HasSubstr("no source has numbers 'observation.sate' (did you mean 'observation.state'?)"));
  EXPECT_THAT(ErrorOf(kSheet, {.action_steps = 0}), HasSubstr("action_steps: is 0"));
  EXPECT_THAT(ErrorOf(With("target: robot", "target: video")),
              HasSubstr("mixture.yaml:1: no source has actions of people, with which the target acts"));
}

TEST_F(BindSheetTest, AnotherRateIsResampledWhereItIsKnownWhatNumbersMean) {
  Record("slow", kPanda, 3, 10, 0);  // 10 frames/s, as all
  const BoundSheet bound = Bind(std::string("control_hz: 5\n") + kSheet);
  EXPECT_EQ(bound.sizes[1].windows, 18 * 5);
  const std::string text = With("embodiment: panda, action_representation: ee_delta, weight: auto}\n  - {name: hand",
                                "embodiment: panda, action_representation: ee_delta, weight: auto}\n  - {name: hand");
  EXPECT_EQ(ErrorOf("control_hz: 5\n" + text), "no error");
  std::string other = std::string("control_hz: 5\n") + kSheet;
  other.replace(other.find("wrist_absolute"), 14, "other");
  EXPECT_THAT(ErrorOf(other), HasSubstr("it is not known what action@hand.other.x means"));
}

}  // namespace
}  // namespace heddle::mixture

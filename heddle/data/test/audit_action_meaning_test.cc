// Actions of known meaning, under noise of three strengths; and datasets that differ in what their actions are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/compare_datasets.h"
#include "heddle/data/audit/profile.h"
#include "heddle/data/test/audit_world.h"

namespace heddle::data::audit {
namespace {

DatasetProfile ProfileOf(const World& world) {
  ProfileBuilder builder(world.facts);
  for (const EpisodeData& episode : world.episodes) builder.Visit(episode);
  return builder.Finish();
}

void NameDimensions(World& world, const std::string& feature, std::vector<std::string> names) {
  for (Feature& f : world.facts.info.features) {
    if (f.name == feature) f.names = names;
  }
}

template <class F>
void ForEachRow(World& world, const std::string& feature, F change) {
  for (EpisodeData& episode : world.episodes) {
    Numbers& numbers = episode.numbers[feature];
    for (int64_t row = 0; row < numbers.rows; ++row) {
      change(std::span<double>(numbers.values)
                 .subspan(static_cast<size_t>(row * numbers.dims), static_cast<size_t>(numbers.dims)));
    }
  }
}

// The rms step of the worlds' motion is 0.02 to 0.04: the strongest noise is as large as it.
constexpr double kNoises[] = {0.001, 0.01, 0.03};

TEST(ActionMeaning, TellsTargetsFromStepsUnderNoise) {
  for (const double noise : kNoises) {
    for (uint64_t seed = 1; seed <= 4; ++seed) {
      for (const int64_t lag : {0, 1, 3}) {
        const auto absolute = ProfileOf(MakeWorld({.seed = seed, .noise = noise, .lag = lag}));
        EXPECT_EQ(absolute.meaning->kind, ActionKind::kAbsolute)
            << "noise " << noise << " seed " << seed << " lag " << lag;
        EXPECT_GT(absolute.meaning->confidence, 0.5);
      }
      const auto delta = ProfileOf(MakeWorld({.seed = seed, .noise = noise, .delta = true}));
      EXPECT_EQ(delta.meaning->kind, ActionKind::kDelta) << "noise " << noise << " seed " << seed;
      EXPECT_EQ(delta.meaning->dims[0].kind, ActionKind::kDelta);
    }
  }
}

TEST(ActionMeaning, GivesTheLagAndTheScale) {
  const auto absolute = ProfileOf(MakeWorld({.episodes = 20, .length = 200, .lag = 4}));
  EXPECT_NEAR(static_cast<double>(absolute.meaning->dims[0].absolute.lag), 4, 1);
  EXPECT_NEAR(absolute.meaning->dims[0].absolute.slope, 1, 0.02);
  World velocity = MakeWorld({.delta = true});
  ForEachRow(velocity, "action", [](std::span<double> row) {
    for (double& value : row) value *= 30;  // radians a second
  });
  const auto delta = ProfileOf(velocity);
  EXPECT_EQ(delta.meaning->kind, ActionKind::kDelta);
  EXPECT_NEAR(delta.meaning->dims[0].delta.slope, 30, 2);
}

TEST(ActionMeaning, SaysThatNoiseAndRandomActionsAreAmbiguous) {
  World world = MakeWorld();
  RandomStream stream(3, "actions");
  ForEachRow(world, "action", [&](std::span<double> row) {
    for (double& value : row) value = stream.Normal();
  });
  EXPECT_EQ(ProfileOf(world).meaning->kind, ActionKind::kAmbiguous);
}

TEST(ActionMeaning, TellsStillDimensions) {
  World world = MakeWorld();
  ForEachRow(world, "action", [](std::span<double> row) { row[2] = 0.5; });
  const auto meaning = *ProfileOf(world).meaning;
  EXPECT_EQ(meaning.dims[2].kind, ActionKind::kStill);
  EXPECT_EQ(meaning.kind, ActionKind::kAbsolute);
}

TEST(ActionMeaning, FindsTheStatesDimensionWhereNothingIsNamed) {
  World world = MakeWorld({.episodes = 12});
  NameDimensions(world, "observation.state", {});
  NameDimensions(world, "action", {});
  for (EpisodeData& episode : world.episodes) {  // the state without its first dimension but one more behind
    Numbers& state = episode.numbers["observation.state"];
    Numbers wider{state.rows, state.dims + 1, {}};
    for (int64_t row = 0; row < state.rows; ++row) {
      wider.values.push_back(0.001 * static_cast<double>(row % 7));
      for (int64_t dim = 0; dim < state.dims; ++dim) wider.values.push_back(state.At(row, dim));
    }
    state = wider;
  }
  world.facts.info.features[0].shape = {7};
  const auto meaning = *ProfileOf(world).meaning;
  EXPECT_EQ(meaning.kind, ActionKind::kAbsolute);
  for (int64_t i = 0; i < 5; ++i) EXPECT_EQ(meaning.dims[static_cast<size_t>(i)].state_dim, i + 1);
}

TEST(ActionMeaning, TellsTheSpaceByNamesAndQuaternions) {
  World world = MakeWorld({.dims = 8});
  EXPECT_EQ(ProfileOf(world).meaning->space, ActionSpace::kJoint);
  const std::vector<std::string> pose = {"x", "y", "z", "qx", "qy", "qz", "qw", "gripper"};
  NameDimensions(world, "action", pose);
  EXPECT_EQ(ProfileOf(world).meaning->space, ActionSpace::kEndEffector);
  NameDimensions(world, "action", {});
  NameDimensions(world, "observation.state", {});
  EXPECT_EQ(ProfileOf(world).meaning->space, ActionSpace::kUnknown);
  ForEachRow(world, "action", [](std::span<double> row) {
    const double norm = std::sqrt(row[3] * row[3] + row[4] * row[4] + row[5] * row[5] + row[6] * row[6]);
    for (size_t i = 3; i < 7; ++i) row[i] /= norm;
  });
  EXPECT_EQ(ProfileOf(world).meaning->space, ActionSpace::kEndEffector);
}

TEST(ActionMeaning, TellsTheGrippersRangeAndSign) {
  World world = MakeWorld();
  auto meaning = *ProfileOf(world).meaning;
  ASSERT_EQ(meaning.grippers.size(), 1u);
  EXPECT_EQ(meaning.grippers[0].range, "0..1");
  EXPECT_EQ(meaning.grippers[0].sign, 1);
  ForEachRow(world, "action", [](std::span<double> row) { row[5] = 1 - 2 * row[5]; });
  meaning = *ProfileOf(world).meaning;
  EXPECT_EQ(meaning.grippers[0].range, "-1..1");
  EXPECT_EQ(meaning.grippers[0].sign, -1);
}

Findings Compared(const World& a, const World& b) {
  Findings findings("a, b", MixFindingKinds());
  CompareDatasets(ProfileOf(a), ProfileOf(b), findings);
  return findings;
}

void ExpectOnly(const std::string& code, const World& other) {
  const World world = MakeWorld({.seed = 5});
  const Findings findings = Compared(world, other);
  EXPECT_EQ(findings.Count(code), 1) << code;
  for (const Finding& finding : findings.Sorted()) EXPECT_EQ(finding.code, code) << finding.what;
}

TEST(CompareDatasets, FindsNothingBetweenAlikeOnes) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const Findings findings = Compared(MakeWorld({.seed = seed}), MakeWorld({.seed = seed + 100, .episodes = 12}));
    for (const Finding& finding : findings.Sorted()) ADD_FAILURE() << finding.code << " " << finding.what;
  }
}

TEST(CompareDatasets, FindsEachWayInWhichTheyWouldNotMix) {
  ExpectOnly("mix-fps", MakeWorld({.fps = 20}));
  World cameras = MakeWorld();
  for (Feature& feature : cameras.facts.info.features) {
    if (feature.name == "observation.images.cam1") feature.name = "observation.images.wrist";
  }
  ExpectOnly("mix-cameras", cameras);
  World order = MakeWorld();
  std::swap(order.facts.info.features[7], order.facts.info.features[8]);
  ExpectOnly("mix-camera-order", order);
  World size = MakeWorld();
  size.facts.info.features[8].height = 48;
  ExpectOnly("mix-picture-size", size);
  World bright = MakeWorld();
  for (EpisodeData& episode : bright.episodes) {
    for (FrameFacts& frame : episode.cameras["observation.images.cam0"].frames) frame.mean /= 40;
  }
  ExpectOnly("mix-picture-range", bright);
  World names = MakeWorld();
  NameDimensions(names, "action", {"joint_1", "joint_0", "joint_2", "joint_3", "joint_4", "gripper"});
  NameDimensions(names, "observation.state", {"joint_1", "joint_0", "joint_2", "joint_3", "joint_4", "gripper"});
  EXPECT_EQ(Compared(MakeWorld(), names).Count("mix-dimension-names"), 2);
  ExpectOnly("mix-action-kind", MakeWorld({.delta = true}));
  World sign = MakeWorld();
  ForEachRow(sign, "action", [](std::span<double> row) { row[5] = 1 - row[5]; });
  ExpectOnly("mix-gripper-sign", sign);
  World range = MakeWorld();
  ForEachRow(range, "action", [](std::span<double> row) { row[5] *= 100; });
  ExpectOnly("mix-gripper-range", range);
  World degrees = MakeWorld();
  for (const char* feature : {"observation.state", "action"}) {
    ForEachRow(degrees, feature, [](std::span<double> row) {
      for (size_t i = 0; i < 5; ++i) row[i] *= 180 / std::numbers::pi;
    });
  }
  ExpectOnly("mix-units", degrees);
  World space = MakeWorld();
  NameDimensions(space, "action", {"x", "y", "z", "roll", "pitch", "gripper"});
  EXPECT_EQ(Compared(MakeWorld(), space).Count("mix-action-space"), 1);
  const World more = MakeWorld({.dims = 8});
  EXPECT_EQ(Compared(MakeWorld(), more).Count("mix-action-dimensions"), 1);
  EXPECT_EQ(Compared(MakeWorld(), more).Count("mix-state-dimensions"), 1);
}

}  // namespace
}  // namespace heddle::data::audit

#include "heddle/mixture/sheet/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/json.h"

namespace heddle::mixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kWhole = R"(target: real
use: commercial
control_hz: 20
tau: 0.5
sources:
  - name: robot
    dataset: data/robot
    kind: robot
    domain: real
    embodiment: panda
    license: own
    task_family: pick
    label_quality: labelled
    action_representation: ee_delta
    weight: 0.25
    episodes: [0:3, 7]
    holdout: [1, 7]
    map:
      cameras: {observation.images.front: observation.images.high, observation.images.wrist: missing}
      instruction: pick it up
      observation.state:
        from: observation.qpos
        dims:
          x: {from: tcp_x, unit: mm, scale: -1, offset: 0.5}
          y: 3
          gripper: missing
      observation.tactile: missing
    labels: {lighting: dim, pace: {from: strategy}}
    gap: {visual: none}
    notes: collected in May
  - name: sim
    dataset: data/sim
    kind: simulation
    embodiment: panda
    weight: 0.75
    holdout: 0.2
)";

Sheet Parse(const std::string& text) { return Sheet::Parse(text, "mixture.yaml", "/nowhere"); }

std::string ErrorOf(const std::string& text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "no error";
}

// The whole sheet with one piece of text exchanged.
std::string With(const std::string& from, const std::string& to) {
  std::string text = kWhole;
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(SheetTest, EveryKeyIsRead) {
  const Sheet sheet = Parse(kWhole);
  EXPECT_EQ(sheet.target, "real");
  EXPECT_EQ(sheet.use, SheetUse::kCommercial);
  EXPECT_EQ(sheet.control_hz, 20);
  EXPECT_EQ(sheet.tau, 0.5);
  ASSERT_EQ(sheet.sources.size(), 2u);
  const SheetSource& robot = sheet.sources[0];
  EXPECT_EQ(robot.domain, "real");
  EXPECT_EQ(robot.license, "own");
  EXPECT_EQ(robot.label_quality, LabelQuality::kLabelled);
  EXPECT_EQ(robot.weight, 0.25);
  EXPECT_THAT(*robot.episodes, ElementsAre(0, 1, 2, 7));
  EXPECT_THAT(robot.holdout.episodes, ElementsAre(1, 7));
  EXPECT_EQ(robot.map.cameras.at("observation.images.wrist"), std::nullopt);
  const FeatureMap& state = robot.map.features.at("observation.state");
  EXPECT_EQ(state.from, "observation.qpos");
  EXPECT_DOUBLE_EQ(state.dims[0].second.FullScale(), -0.001);
  EXPECT_EQ(state.dims[1].second.position, 3);
  EXPECT_TRUE(state.dims[2].second.missing);
  EXPECT_TRUE(robot.map.features.at("observation.tactile").missing);
  EXPECT_EQ(robot.labels.at("pace").from, "strategy");
  EXPECT_EQ(robot.gap.at(GapAxis::kVisual), GapLevel::kNone);
  const SheetSource& sim = sheet.sources[1];
  EXPECT_EQ(sim.domain, "sim");
  EXPECT_EQ(sim.license, "unknown");
  EXPECT_EQ(sim.action_representation, "");
  EXPECT_EQ(sim.holdout.share, 0.2);
  EXPECT_EQ(sheet.PlaceOf(sim, "weight"), "mixture.yaml:35");
  EXPECT_EQ(sheet.PlaceOf(sim), "mixture.yaml:31");
}

TEST(SheetTest, TheResolvedSheetReadsBackToTheSame) {
  const Sheet sheet = Parse(kWhole);
  const std::string written = DumpJson(ToJson(sheet), 2);
  EXPECT_EQ(DumpJson(ToJson(Parse(written)), 2), written);
  EXPECT_EQ(HashOf(Parse(written)), HashOf(sheet));
  EXPECT_NE(HashOf(Parse(With("tau: 0.5", "tau: 0.6"))), HashOf(sheet));
}

TEST(SheetTest, AnUnknownKeyIsToldWithItsLineAndTheNearestOne) {
  EXPECT_EQ(ErrorOf(With("use: commercial", "uses: commercial")),
            "mixture.yaml:2: the sheet has no key 'uses' (did you mean 'use'?)");
  EXPECT_EQ(ErrorOf(With("    license: own", "    licence: own")),
            "mixture.yaml:11: source robot has no key 'licence' (did you mean 'license'?)");
  EXPECT_THAT(ErrorOf(With("gap: {visual: none}", "gap: {visuel: none}")),
              HasSubstr("mixture.yaml:29: source robot: gap has no key 'visuel' (did you mean 'visual'?)"));
  EXPECT_THAT(ErrorOf(With("cameras: {", "camera: {")), HasSubstr("did you mean 'cameras'?"));
  EXPECT_THAT(ErrorOf(With("unit: mm, scale", "unit: mm, skale")), HasSubstr("did you mean 'scale'?"));
}

TEST(SheetTest, AWrongValueIsToldWithItsLineAndTheMend) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {With("kind: robot", "kind: robbot"), "mixture.yaml:8: source robot: kind is 'robbot' (did you mean 'robot'?)"},
      {With("weight: 0.25", "weight: -1"), "mixture.yaml:15: source robot: weight is -1 (weights are 0 or more"},
      {With("weight: 0.25", "weight: .nan"), "mixture.yaml:15: source robot: weight is nan"},
      {With("weight: 0.25", "weight: lots"), "weight is no number (give a number of 0 or more, or auto)"},
      {With("ee_delta", "ee_detla"), "mixture.yaml:14: source robot: action_representation is 'ee_detla' (did you"},
      {With("[0:3, 7]", "[3:0]"), "mixture.yaml:16: episodes has '3:0' (give numbers, or ranges like 0:20"},
      {With("[0:3, 7]", "[0:9999999999]"), "names more than"},
      {With("[0:3, 7]", "[1, 1]"), "mixture.yaml:16: episodes names episode 1 twice"},
      {With("holdout: 0.2", "holdout: 3"), "mixture.yaml:36: source sim: holdout is 3 (give a share below 1"},
      {With("unit: mm", "unit: inch"), "unit is 'inch' (one of: m, mm, cm, rad, deg; others by scale)"},
      {With("scale: -1", "scale: 0"), "scale is 0 (a dimension that is not there is missing)"},
      {With("tau: 0.5", "tau: -1"), "mixture.yaml:4: tau is below 0"},
      {With("control_hz: 20", "control_hz: 0"), "mixture.yaml:3: control_hz must be above 0"},
      {With("control_hz: 20", "control_hz: fast"), "mixture.yaml:3: control_hz must be a number"},
      {With("notes: collected in May", "notes: 5"), "notes must be text (put it in quotes: \"5\")"},
      {With("    kind: simulation\n", ""), "source sim has no 'kind'"},
      {With("    license: own", "    license:"), "mixture.yaml:11: source robot: license has no value"},
      {With("lighting: dim", "domain: dim"), "domain is a key of the source itself"},
      {With("target: real", "target: reel"),
       "mixture.yaml:1: target: there is no domain 'reel' (did you mean 'real'?)"},
      {With("name: sim", "name: robot"), "mixture.yaml:31: the name 'robot' stands twice"},
      {With("use: commercial", "target: real"), "target is given twice (first on line 1)"},
      {"target: x\nsources: []\n", "mixture.yaml:2: sources must be a list of sources"},
      {"", "the sheet must be keys with values"},
      {"- a\n", "the sheet must be keys with values"},
  };
  for (const auto& [text, expected] : cases) EXPECT_THAT(ErrorOf(text), HasSubstr(expected));
}

TEST(SheetTest, WeightsOfWhichNothingIsDrawnAreRefused) {
  std::string text = With("weight: 0.25", "weight: 0");
  text.replace(text.find("weight: 0.75"), 12, "weight: 0.0");
  EXPECT_THAT(ErrorOf(text), HasSubstr("mixture.yaml:15: all weights are 0"));
}

TEST(SheetTest, ANumberBesideAutoIsTheShareOfASurrogateOnly) {
  EXPECT_THAT(
      ErrorOf(With("weight: 0.75", "weight: auto")),
      HasSubstr("mixture.yaml:15: source robot: the target's weight is a number, and another source's is auto"));
  EXPECT_EQ(ErrorOf(With("weight: 0.25", "weight: auto")), "no error");
}

TEST(SheetTest, ASheetThatIsCutOffIsReadOrRefusedButNothingElse) {
  const std::string text = kWhole;
  int refused = 0;
  for (size_t length = 0; length <= text.size(); ++length) {
    try {
      Parse(text.substr(0, length));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage) << length;
      ++refused;
    }
  }
  EXPECT_GT(refused, 400);
}

TEST(SheetTest, AFolderIsNoSheet) {
  try {
    Sheet::Load("/tmp");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("is a folder"));
  }
}

}  // namespace
}  // namespace heddle::mixture

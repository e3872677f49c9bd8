#include "heddle/mixture/row_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

using contract::Array;
using testing::ElementsAre;
using testing::HasSubstr;

// state [4] with names, gripper [] in int64.
data::DatasetInfo Info() {
  data::DatasetInfo info;
  info.fps = 10;
  data::Feature state;
  state.name = "observation.state";
  state.shape = {4};
  state.names = {"x", "y", "z", "yaw"};
  data::Feature gripper;
  gripper.name = "gripper";
  gripper.shape = {1};
  gripper.dtype = contract::DType::kI64;
  data::Feature note;
  note.name = "note";
  note.kind = data::FeatureKind::kText;
  note.shape = {1};
  info.features = {state, gripper, note};
  return info;
}

NumericLayout State() {
  return {"observation.state",
          {{"turn", 1, Meaning::kAbsolute}, {"place", 2, Meaning::kAbsolute}, {"grip", 1, Meaning::kDelta}}};
}

std::string ErrorOf(const NumericLayout& layout, const LayoutMap& map) {
  try {
    RowMap(layout, map, Info(), "source s");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

LayoutMap GoodMap() {
  LayoutMap map;
  map.slots["observation.state"] = {{"turn", {.feature = "", .names = {"yaw"}, .positions = {}, .scale = 180}},
                                    {"place", {.feature = "", .names = {}, .positions = {2, 0}, .offset = 0.5}},
                                    {"grip", {.feature = "gripper", .names = {}, .positions = {0}, .scale = -1}}};
  return map;
}

TEST(RowMapTest, PicksReordersScalesAndShifts) {
  const RowMap map(State(), GoodMap(), Info(), "source s");
  EXPECT_THAT(map.features(), ElementsAre("observation.state", "gripper"));
  EXPECT_THAT(map.is_present(), ElementsAre(1, 1, 1, 1));
  const Array state = Array::Of<float>(std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}, {2, 4});
  const Array gripper = Array::Of<int64_t>(std::vector<int64_t>{10, 20}, {2});
  EXPECT_THAT(map.Apply(std::vector<Array>{state, gripper}, 2), ElementsAre(720, 3.5, 1.5, -10, 1440, 7.5, 5.5, -20));
}

TEST(RowMapTest, WhatIsNotMappedIsTakenWhole) {
  const NumericLayout layout{"observation.state", {{"all", 4, Meaning::kUnknown}}};
  const RowMap map(layout, {}, Info(), "source s");
  const Array state = Array::Of<float>(std::vector<float>{1, 2, 3, 4}, {1, 4});
  EXPECT_THAT(map.Apply(std::vector<Array>{state}, 1), ElementsAre(1, 2, 3, 4));
}

TEST(RowMapTest, MissingSlotsAreZeroAndSaidToBe) {
  LayoutMap map = GoodMap();
  map.slots["observation.state"]["place"] = {.missing = true};
  const RowMap bound(State(), map, Info(), "source s");
  EXPECT_THAT(bound.is_present(), ElementsAre(1, 0, 0, 1));
  const Array state = Array::Of<float>(std::vector<float>{1, 2, 3, 4}, {1, 4});
  const Array gripper = Array::Of<int64_t>(std::vector<int64_t>{10}, {1});
  EXPECT_THAT(bound.Apply(std::vector<Array>{state, gripper}, 1), ElementsAre(720, 0, 0, -10));
}

TEST(RowMapTest, NamesThatAreNotThereAreRefusedWithTheNearest) {
  LayoutMap map = GoodMap();
  map.slots["observation.state"]["turn"].names = {"yav"};
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("has no dimension 'yav' (did you mean 'yaw'?)"));
  map = GoodMap();
  map.slots["observation.state"]["grip"].feature = "griper";
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("has no feature 'griper' (did you mean 'gripper'?)"));
  map = GoodMap();
  map.slots["observation.state"]["trun"] = map.slots["observation.state"]["turn"];
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("has no slot 'trun' (did you mean 'turn'?)"));
}

TEST(RowMapTest, WhatDoesNotFitIsRefused) {
  LayoutMap map = GoodMap();
  map.slots["observation.state"]["place"].positions = {4, 0};
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("has no dimension 4 (it has dimensions 0 to 3)"));
  map.slots["observation.state"]["place"].positions = {1};
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("the slot has 2 numbers, and 1 are given"));
  map = GoodMap();
  map.slots["observation.state"].erase("grip");
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("map of observation.state.grip: nothing is said of this slot"));
  map = GoodMap();
  map.slots["observation.state"]["grip"].offset = 1;
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("a delta can't be shifted"));
  map = GoodMap();
  map.slots["observation.state"]["grip"].scale = 0;
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("is not possible"));
  map = GoodMap();
  map.slots["observation.state"]["grip"].feature = "note";
  EXPECT_THAT(ErrorOf(State(), map), HasSubstr("'note' does not hold numbers"));
  EXPECT_THAT(ErrorOf({"observation.state", {{"all", 3, Meaning::kUnknown}}}, {}),
              HasSubstr("has 4 numbers and the mixture's 3 (map its slots)"));
}

TEST(RowMapTest, QuaternionsAreReorderedOnly) {
  const NumericLayout layout{"observation.state", {{"turn", 4, Meaning::kQuaternionXyzw}}};
  LayoutMap map;
  map.slots["observation.state"] = {{"turn", {.feature = "", .names = {}, .positions = {1, 2, 3, 0}}}};
  EXPECT_EQ(ErrorOf(layout, map), "no error");
  map.slots["observation.state"]["turn"].scale = -1;
  EXPECT_THAT(ErrorOf(layout, map), HasSubstr("a quaternion can't be scaled or shifted"));
}

}  // namespace
}  // namespace heddle::mixture

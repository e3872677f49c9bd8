#include "heddle/train/common_actions.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "heddle/align/transport.h"
#include "heddle/tensor/views.h"

namespace heddle::train {
namespace {

using policy::ActionOutput;

policy::PolicyLayout LayoutOf(const std::vector<ActionOutput>& actions) {
  policy::PolicyLayout layout;
  layout.actions = actions;
  layout.action_steps = 2;
  return layout;
}

const ActionOutput kPanda{"action@panda.ee_absolute", "panda", "ee_absolute", {"x", "y", "r11", "grip"}};
const ActionOutput kHand{"action@hand.wrist_absolute", "hand", "wrist_absolute", {"r11", "y", "x", "thumb"}};

policy::Normaliser Scales(std::vector<float> centre, std::vector<float> scale) {
  policy::Normaliser normaliser;
  normaliser.actions = {.centre = std::move(centre), .scale = std::move(scale), .floored = {}};
  return normaliser;
}

// One row an output, which has physical values in its own columns.
policy::ActionRows RowsOf(const policy::PolicyLayout& layout, const policy::Normaliser& normaliser,
                          const std::vector<std::vector<float>>& values) {
  const auto rows = static_cast<int64_t>(values.size());
  policy::ActionRows actions;
  actions.actions_BHA = at::zeros({rows, layout.action_steps, layout.num_actions()});
  actions.present_BA = at::zeros({rows, layout.num_actions()});
  for (int64_t row = 0; row < rows; ++row) {
    const int64_t from = layout.ActionAt(static_cast<size_t>(row));
    for (size_t d = 0; d < values[static_cast<size_t>(row)].size(); ++d) {
      const auto at = static_cast<size_t>(from) + d;
      actions.present_BA[row][static_cast<int64_t>(at)] = 1;
      for (int64_t step = 0; step < layout.action_steps; ++step)
        actions.actions_BHA[row][step][static_cast<int64_t>(at)] =
            (values[static_cast<size_t>(row)][d] - normaliser.actions.centre[at]) / normaliser.actions.scale[at];
    }
  }
  return actions;
}

TEST(CommonActions, OfTwoBodiesPosesAreComparedInPhysicalUnits) {
  const policy::PolicyLayout layout = LayoutOf({kPanda, kHand});
  // x reaches from -1 to 1 for the one body and from 1 to 3 for the other: together from -1 to 3.
  const policy::Normaliser scales = Scales({0, 0, 0, 0, 0, 0, 2, 0}, {1, .5, 1, 1, 1, 2, 1, 1});
  const CommonActions common(layout, scales);
  ASSERT_FALSE(common.empty());
  const CommonActions::Rows rows = common(RowsOf(layout, scales, {{.5, .25, .3, 1}, {.3, .25, 1.5, 1}}));
  EXPECT_EQ(rows.actions_BHC.size(2), 3) << "r11, x, y; neither grip nor thumb";
  EXPECT_TRUE(rows.present_BC.all().item<bool>());
  const align::ActionCost cost =
      align::CommonActionCost(rows.actions_BHC.narrow(0, 0, 1), rows.present_BC.narrow(0, 0, 1),
                              rows.actions_BHC.narrow(0, 1, 1), rows.present_BC.narrow(0, 1, 1));
  // One apart in x, of a range of 4 that is brought to 2; the others agree.
  EXPECT_NEAR(cost.cost_NM.item<double>(), .5 * .5 / 3, 1e-6);
  EXPECT_TRUE(cost.shared_NM.item<bool>());
}

TEST(CommonActions, WhatARowLacksIsZeroAndSaidToBeAbsent) {
  const policy::PolicyLayout layout = LayoutOf({kPanda, kHand});
  const policy::Normaliser scales = Scales({5, 5, 5, 5, 1, 1, 1, 1}, std::vector<float>(8, 1));
  policy::ActionRows actions = RowsOf(layout, scales, {{5, 5, 5, 5}, {}});
  const CommonActions::Rows rows = CommonActions(layout, scales)(actions);
  EXPECT_TRUE(rows.present_BC[0].all().item<bool>());
  EXPECT_FALSE(rows.present_BC[1].any().item<bool>());
  EXPECT_EQ(rows.actions_BHC[1].abs().max().item<float>(), 0);
}

TEST(CommonActions, JointsAreABodysOwnAndStepsAreNoPlaces) {
  const auto common = [](ActionOutput a, ActionOutput b) {
    const policy::PolicyLayout layout = LayoutOf({std::move(a), std::move(b)});
    const auto size = static_cast<size_t>(layout.num_actions());
    return !CommonActions(layout, Scales(std::vector<float>(size, 0), std::vector<float>(size, 1))).empty();
  };
  const auto of = [](const std::string& body, const std::string& representation, std::vector<std::string> names) {
    return ActionOutput{body + representation, body, representation, std::move(names)};
  };
  EXPECT_TRUE(common(of("a", "ee_delta", {"dx"}), of("b", "wrist_delta", {"dx"})));
  EXPECT_TRUE(common(of("a", "ee_absolute", {"x"}), of("b", "ee_absolute", {"x"})));
  EXPECT_FALSE(common(of("a", "ee_absolute", {"x"}), of("b", "wrist_delta", {"x"})));
  EXPECT_FALSE(common(of("a", "ee_absolute", {"x"}), of("b", "wrist_absolute", {"y"})));
  EXPECT_FALSE(common(of("a", "joint_absolute", {"x"}), of("b", "joint_absolute", {"x"})));
  EXPECT_FALSE(common(of("a", "ee_absolute", {"x"}), of("b", "joint_absolute", {"x"})));
  EXPECT_FALSE(common(of("a", "ee_absolute", {"x"}), of("a", "wrist_absolute", {"x"}))) << "one body";
}

}  // namespace
}  // namespace heddle::train

#include "heddle/sim/gap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "heddle/core/error.h"

namespace heddle::sim {
namespace {

using testing::HasSubstr;

std::string MessageOf(const std::string& gap) {
  try {
    ParseGap(gap);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Gap, NoneIsTheWorldAsItIs) {
  EXPECT_EQ(GapHash(ParseGap("none").gap), GapHash(Gap{}));
  EXPECT_EQ(ParseGap("none").name, "none");
}

TEST(Gap, StrengthZeroIsNoGapForEveryAxis) {
  for (const GapAxis& axis : GapAxes()) {
    EXPECT_EQ(GapHash(ParseGap(axis.name + ":0").gap), GapHash(Gap{})) << axis.name;
    EXPECT_NE(GapHash(ParseGap(axis.name).gap), GapHash(Gap{})) << axis.name;
  }
}

TEST(Gap, AnAxisOfAllIsItsAxesJoined) {
  EXPECT_EQ(GapHash(ParseGap("physics").gap),
            GapHash(ParseGap("physics.mass+physics.friction+physics.size+physics.damping+physics.controller+"
                             "physics.delay+physics.gripper")
                        .gap));
  EXPECT_EQ(GapHash(ParseGap("visual-physics").gap), GapHash(ParseGap("physics+visual").gap));
}

TEST(Gap, TheNameIsTheSameInWhateverOrderItWasWritten) {
  EXPECT_EQ(ParseGap("perception+visual:0.50").name, "visual:0.5+perception");
  EXPECT_EQ(ParseGap("physics:1").name, "physics");
}

TEST(Gap, StrengthLiesBetween) {
  EXPECT_DOUBLE_EQ(ParseGap("perception:0.5").gap.perception.bias_m, ParseGap("perception").gap.perception.bias_m / 2);
  const double half = ParseGap("physics.mass:0.5").gap.physics.mass;
  EXPECT_DOUBLE_EQ(half * half, ParseGap("physics.mass").gap.physics.mass);
}

TEST(Gap, WhatIsWrongIsNamedWithTheNearest) {
  EXPECT_THAT(MessageOf("phisics"), HasSubstr("did you mean 'physics'?"));
  EXPECT_THAT(MessageOf("visual.lihgt"), HasSubstr("did you mean 'visual.light'?"));
  EXPECT_THAT(MessageOf("visual:2"), HasSubstr("'2' is no strength"));
  EXPECT_THAT(MessageOf("visual:"), HasSubstr("is no strength"));
  EXPECT_THAT(MessageOf("visual:nan"), HasSubstr("is no strength"));
  EXPECT_THAT(MessageOf("none+visual"), HasSubstr("'none' stands beside another axis"));
  EXPECT_THAT(MessageOf("visual+visual.light"), HasSubstr("names visual.light twice"));
  EXPECT_THAT(MessageOf(""), HasSubstr("is no axis of a gap"));
  EXPECT_THAT(MessageOf("visual+"), HasSubstr("nothing stands beside a '+'"));
}

class GapFile : public testing::Test {
 protected:
  std::string Write(const std::string& text) {
    const auto path = std::filesystem::path(testing::TempDir()) / "rainy-lab.yaml";
    std::ofstream(path) << text;
    return path.string();
  }
};

TEST_F(GapFile, NamesWhatDiffersAndLeavesTheRest) {
  const NamedGap named = ParseGap(Write("physics:\n  friction: 0.4\nperception:\n  bias_m: 0.01\n"));
  EXPECT_EQ(named.name, "rainy-lab");
  EXPECT_EQ(named.gap.physics.friction, 0.4);
  EXPECT_EQ(named.gap.perception.bias_m, 0.01);
  EXPECT_EQ(named.gap.physics.mass, 1);
}

TEST_F(GapFile, ATypoIsNamedWithItsLineAndTheNearest) {
  const std::string message = MessageOf(Write("physics:\n  fricton: 0.4\n"));
  EXPECT_THAT(message, HasSubstr("rainy-lab.yaml:2"));
  EXPECT_THAT(message, HasSubstr("did you mean 'physics.friction'?"));
  EXPECT_THAT(MessageOf(Write("physics:\n  mass: 100\n")), HasSubstr("rainy-lab.yaml:2"));
}

TEST(Gap, AFileThatIsNotThereIsSaidSo) { EXPECT_THAT(MessageOf("nowhere/gap.yaml"), HasSubstr("nowhere/gap.yaml")); }

}  // namespace
}  // namespace heddle::sim

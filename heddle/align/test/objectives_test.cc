#include "heddle/align/objectives.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/align/test/batches.h"
#include "heddle/core/error.h"
#include "heddle/core/options.h"

namespace heddle::align {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

TEST(Objectives, AreNoneByDefault) {
  Maker maker(4);
  EXPECT_THAT(MakeObjectives({}, {}, maker.setup), IsEmpty());
  EXPECT_THAT(maker.parameters.all(), IsEmpty());
}

TEST(Objectives, AreThoseWithAWeight) {
  AlignOptions align;
  DiscernOptions discern;
  ReadYaml(OptionTree::Of("align", align),
           "adversary: {weight: .05, dimensions: [0, 3]}\ntransport: {kind: unbalanced}", "run.yaml");
  SetByPath(OptionTree::Of("discern", discern), "classifier.weight=1");
  Maker maker(4);
  const auto made = MakeObjectives(align, discern, maker.setup);
  std::vector<std::string> names;
  for (const auto& objective : made) names.push_back(objective->name());
  EXPECT_THAT(names, ElementsAre("adversary", "classifier"));
  EXPECT_EQ(align.Of<TransportOptions>().kind, TransportKind::kUnbalanced);
}

TEST(Objectives, NameTheirParametersAfterThemselves) {
  Maker maker(4);
  ClassifierOptions options;
  options.Make(maker.setup);
  ASSERT_FALSE(maker.parameters.all().empty());
  for (const auto& parameter : maker.parameters.all()) EXPECT_THAT(parameter.name, StartsWith("align.classifier."));
}

TEST(Objectives, RefuseAnUnknownOne) {
  AlignOptions align;
  try {
    ReadYaml(OptionTree::Of("align", align), "adversery: {weight: 1}", "run.yaml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("adversary"));
  }
}

}  // namespace
}  // namespace heddle::align

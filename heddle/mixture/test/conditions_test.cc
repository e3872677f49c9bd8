#include "heddle/mixture/conditions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Two sources; the second one's episode 1 has "strategy" labels of its own from frame 2 on.
std::vector<Source> Sources() {
  std::vector<Source> sources(2);
  sources[0].name = "robot";
  sources[0].labels = {{"strategy", "slow"}};
  sources[1].name = "sim";
  sources[1].domain = "simulation";
  data::Label label;
  label.level = data::LabelLevel::kSpan;
  label.episode = 1;
  label.from_frame = 2;
  label.to_frame = 4;
  label.key = "strategy";
  label.value = "fast";
  sources[1].tracks = {{"strategy", data::DatasetLabels({label}, {3, 5}, "sim").Track("strategy")}};
  return sources;
}

std::vector<int64_t> At(const Source& source, int64_t episode, int64_t frame, const Vocabulary& vocabulary) {
  std::vector<int64_t> indices(vocabulary.num_keys());
  EpisodeConditions(source, episode, vocabulary).At(frame, indices);
  return indices;
}

TEST(ConditionsTest, TheVocabularyIsSortedAndHasDomains) {
  const Vocabulary vocabulary(Sources());
  EXPECT_THAT(vocabulary.values().at("domain"), ElementsAre("robot", "simulation"));
  EXPECT_THAT(vocabulary.values().at("strategy"), ElementsAre("fast", "slow"));
  EXPECT_EQ(vocabulary.IndexOf("strategy", "slow"), 2);
  EXPECT_EQ(vocabulary.IndexOf("strategy", "odd"), 0);
}

TEST(ConditionsTest, RowsHaveTheLabelsOfTheirFrame) {
  const std::vector<Source> sources = Sources();
  const Vocabulary vocabulary(sources);
  EXPECT_THAT(At(sources[0], 0, 0, vocabulary), ElementsAre(1, 2));
  EXPECT_THAT(At(sources[1], 0, 2, vocabulary), ElementsAre(2, 0));
  EXPECT_THAT(At(sources[1], 1, 1, vocabulary), ElementsAre(2, 0));
  EXPECT_THAT(At(sources[1], 1, 2, vocabulary), ElementsAre(2, 1));
  EXPECT_THAT(At(sources[1], 1, 4, vocabulary), ElementsAre(2, 0));
}

TEST(ConditionsTest, AValueThatACheckpointDoesNotKnowIsRefused) {
  const std::vector<Source> sources = Sources();
  const Vocabulary old(std::map<std::string, std::vector<std::string>>{{"domain", {"robot"}}});
  EXPECT_THAT(At(sources[0], 0, 0, old), ElementsAre(1));
  try {
    At(sources[1], 0, 0, old);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("source sim, label domain: the value 'simulation' is not among those"));
  }
}

}  // namespace
}  // namespace heddle::mixture

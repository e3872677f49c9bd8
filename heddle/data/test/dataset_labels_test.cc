#include "heddle/data/labels/dataset_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"
#include "heddle/core/random.h"

namespace heddle::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Label OnDataset(std::string key, std::string value) {
  return {.key = std::move(key), .value = std::move(value), .by = "", .when = ""};
}

Label OnFrames(int64_t episode, int64_t from, int64_t to, LabelLevel level, std::string key, std::string value) {
  return {episode, from, to, level, std::move(key), std::move(value), "", ""};
}

Label OnEpisode(int64_t episode, std::string key, std::string value) {
  return OnFrames(episode, 0, -1, LabelLevel::kEpisode, std::move(key), std::move(value));
}

template <class Work>
std::string MessageOf(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(DatasetLabels, TheMostSpecificLabelIsTheFramesOwn) {
  const DatasetLabels labels(
      {OnDataset("speed", "any"), OnEpisode(1, "speed", "slow"), OnFrames(1, 2, 4, LabelLevel::kSpan, "speed", "fast"),
       OnFrames(1, 3, 5, LabelLevel::kSubtask, "speed", "reach")},
      {3, 6}, "set");
  EXPECT_THAT(labels.At(0, 0), ElementsAre(Pair("speed", "any")));
  const LabelTrack track = labels.Track("speed");
  EXPECT_THAT(track.values(), ElementsAre("any", "fast", "reach", "slow"));
  EXPECT_THAT(track.Ids(0), ElementsAre(0, 0, 0));
  EXPECT_THAT(track.Ids(1), ElementsAre(3, 3, 1, 2, 2, 3));
}

TEST(DatasetLabels, AKeyThatHoldsNowhereAtAFrameHasNoId) {
  const DatasetLabels labels({OnFrames(0, 1, 2, LabelLevel::kSpan, "light", "dim")}, {3, 2}, "set");
  EXPECT_THAT(labels.Track("light").Ids(0), ElementsAre(-1, 0, -1));
  EXPECT_THAT(labels.Track("light").Ids(1), ElementsAre(-1, -1));
  EXPECT_TRUE(labels.At(1, 0).empty());
}

// The reference looks at every label for every frame.
TEST(DatasetLabels, TracksEqualLookingAtEveryLabelForEveryFrame) {
  RandomStream random(5, "labels");
  const std::vector<int64_t> lengths = {17, 1, 40};
  std::vector<Label> all = {OnDataset("k", "v0")};
  for (int64_t e = 0; e < 3; ++e) {
    for (const auto level : {LabelLevel::kSpan, LabelLevel::kSubtask, LabelLevel::kInteraction, LabelLevel::kContact}) {
      int64_t at = 0;
      while (at < lengths[static_cast<size_t>(e)]) {
        const int64_t end = std::min<int64_t>(lengths[static_cast<size_t>(e)], at + 1 + random.Below(6));
        if (random.Below(3) == 0)
          all.push_back(OnFrames(e, at, end, level, "k", "v" + std::to_string(random.Below(5))));
        at = end;
      }
    }
  }
  const DatasetLabels labels(all, lengths, "set");
  const LabelTrack track = labels.Track("k");
  for (int64_t e = 0; e < 3; ++e) {
    const auto ids = track.Ids(e);
    for (int64_t frame = 0; frame < lengths[static_cast<size_t>(e)]; ++frame) {
      const Label* best = &all[0];
      for (const Label& label : all) {
        if (label.episode != e || frame < label.from_frame || frame >= label.to_frame) continue;
        if (label.level > best->level) best = &label;
      }
      EXPECT_EQ(labels.At(e, frame).at("k"), best->value);
      EXPECT_EQ(track.values()[static_cast<size_t>(ids[static_cast<size_t>(frame)])], best->value);
      EXPECT_EQ(track.IdAt(e, frame), ids[static_cast<size_t>(frame)]);
    }
  }
}

TEST(DatasetLabels, TwoValuesAtOneLevelAreAnErrorWhereTheyMeet) {
  const DatasetLabels labels({OnFrames(0, 0, 3, LabelLevel::kSubtask, "step", "reach"),
                              OnFrames(0, 2, 5, LabelLevel::kSubtask, "step", "grasp"), OnEpisode(0, "hand", "left")},
                             {5}, "the set");
  EXPECT_EQ(labels.At(0, 1).at("step"), "reach");
  EXPECT_THAT(MessageOf([&] { labels.At(0, 2); }), HasSubstr("'step' is both 'reach' and 'grasp'"));
  EXPECT_THAT(MessageOf([&] { labels.Track("step"); }), HasSubstr("the set episode 0 frame 2"));
  EXPECT_THAT(labels.Track("hand").Ids(0), ElementsAre(0, 0, 0, 0, 0));
}

TEST(DatasetLabels, AContradictionUnderSomethingMoreSpecificDoesNotReachTheFrame) {
  const DatasetLabels labels(
      {OnFrames(0, 0, 3, LabelLevel::kSpan, "k", "a"), OnFrames(0, 2, 3, LabelLevel::kContact, "k", "c")}, {3}, "set");
  EXPECT_EQ(labels.At(0, 2).at("k"), "c");
  EXPECT_THAT(labels.Track("k").Ids(0), ElementsAre(0, 0, 1));
}

TEST(DatasetLabels, NotesAreKeptAndAreNoFramesLabel) {
  const DatasetLabels labels({OnFrames(0, 1, 2, LabelLevel::kNote, "vqa", "what is it?"),
                              OnFrames(0, 1, 2, LabelLevel::kNote, "vqa", "a brick")},
                             {3}, "set");
  EXPECT_EQ(labels.Spans(0, "vqa").size(), 2u);
  EXPECT_TRUE(labels.At(0, 1).empty());
  EXPECT_TRUE(labels.Keys().empty());
  EXPECT_THROW(labels.Track("vqa"), Error);
}

TEST(DatasetLabels, LabelsOfFramesThatAreNotThereAreRefused) {
  EXPECT_THAT(MessageOf([] { DatasetLabels({OnEpisode(2, "k", "v")}, {3, 3}, "set"); }),
              HasSubstr("an episode that is not there: there are 2"));
  EXPECT_THAT(MessageOf([] { DatasetLabels({OnFrames(0, 1, 9, LabelLevel::kSpan, "k", "v")}, {3}, "set"); }),
              HasSubstr("the episode has 3"));
  EXPECT_THAT(MessageOf([] { DatasetLabels({OnFrames(0, 2, 2, LabelLevel::kSpan, "k", "v")}, {3}, "set"); }),
              HasSubstr("frames that are not there"));
}

TEST(DatasetLabels, AMistypedKeyIsMetWithTheNearestRightOne) {
  const DatasetLabels labels({OnEpisode(0, "strategy", "fast pour")}, {3}, "set");
  EXPECT_THAT(MessageOf([&] { labels.Track("stategy"); }), HasSubstr("did you mean 'strategy'?"));
}

}  // namespace
}  // namespace heddle::data

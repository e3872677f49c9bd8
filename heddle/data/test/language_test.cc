#include "heddle/data/labels/language.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/dataset.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

const EpisodeFrames kFrames{2, 20, 10.0};

TEST(Language, ARowHoldsUntilTheNextOfItsStyle) {
  const Json rows = Json::parse(R"([
    {"role": "assistant", "content": "grasp", "style": "subtask", "timestamp": 0.7},
    {"role": "assistant", "content": "reach", "style": "subtask", "timestamp": 0.0},
    {"role": "assistant", "content": "1. 2.", "style": "plan", "timestamp": 0.3}])");
  const auto labels = LabelsOfPersistentRows(rows, kFrames, "place");
  ASSERT_EQ(labels.size(), 3u);
  EXPECT_EQ(Describe(labels[0]), "episode 2, frames 7 to 19, subtask 'subtask' = 'grasp'");
  EXPECT_EQ(Describe(labels[1]), "episode 2, frames 0 to 6, subtask 'subtask' = 'reach'");
  EXPECT_EQ(Describe(labels[2]), "episode 2, frames 3 to 19, span 'plan' = '1. 2.'");
}

TEST(Language, WordingsOfTheTaskAreNotesAsManyHoldAtOnce) {
  const Json rows = Json::parse(R"([
    {"role": "user", "content": "a", "style": "task_aug", "timestamp": 0},
    {"role": "user", "content": "b", "style": "task_aug", "timestamp": 0}])");
  for (const Label& label : LabelsOfPersistentRows(rows, kFrames, "place")) {
    EXPECT_EQ(label.level, LabelLevel::kNote);
    EXPECT_EQ(label.to_frame, 20);
  }
}

TEST(Language, WhatIsNoListOfRowsIsAnErrorWithItsPlace) {
  const auto error = [](const char* text) {
    return ErrorOf([&] { LabelsOfPersistentRows(Json::parse(text), kFrames, "data.parquet"); });
  };
  EXPECT_THAT(error("null"), HasSubstr("data.parquet: a list of annotation rows is needed"));
  EXPECT_THAT(error("[3]"), HasSubstr("data.parquet row 0"));
  EXPECT_THAT(error(R"([{"style": "plan", "content": "x"}])"), HasSubstr("timestamp"));
  EXPECT_THAT(error(R"([{"style": 3, "timestamp": 0}])"), HasSubstr("style"));
}

// The frame's rows by LeRobot's own rule: the last one of a style whose timestamp is not after the frame's.
TEST(Language, TheSampleGivesWhatItsExpectedValuesSay) {
  const auto root = SampleFolder("v3-language");
  const Json expected = ParseJson(ReadFile(root / "expected.json"), "expected.json");
  const Dataset dataset = Dataset::Open(root.string());
  const DatasetLabels labels = DatasetLabels::Of(dataset);
  for (const Episode& episode : dataset.episodes()) {
    const Json& rows = expected["persistent_by_episode"][std::to_string(episode.index)];
    const auto times = dataset.ReadNumbers("timestamp", episode.index);
    for (int64_t frame = 0; frame < episode.length; ++frame) {
      std::map<std::string, std::string> active;
      for (const Json& row : rows) {
        if (row["style"] == "task_aug" || row["timestamp"].get<double>() > times.At(frame) + 1e-4) continue;
        active[row["style"].get<std::string>()] = row["content"].get<std::string>();
      }
      EXPECT_EQ(labels.At(episode.index, frame), active) << episode.index << " " << frame;
    }
  }
  size_t notes = 0;
  for (const Json& event : expected["events"]) {
    for (const Json& row : event["rows"]) {
      const std::string style = row["style"].is_null() ? "speech" : row["style"].get<std::string>();
      std::string key = style + "." + row["role"].get<std::string>();
      if (!row["camera"].is_null()) key += "@" + row["camera"].get<std::string>();
      const auto spans = labels.Spans(event["episode_index"].get<int64_t>(), key);
      ASSERT_EQ(spans.size(), 1u) << key;
      EXPECT_EQ(spans[0].from_frame, event["frame_index"].get<int64_t>());
      EXPECT_EQ(spans[0].to_frame, spans[0].from_frame + 1);
      EXPECT_EQ(spans[0].value,
                row["content"].is_null() ? row["tool_calls"].dump() : row["content"].get<std::string>());
      ++notes;
    }
  }
  const auto is_event = [](const Label& label) { return label.by == "language_events"; };
  EXPECT_EQ(std::count_if(labels.All().begin(), labels.All().end(), is_event), static_cast<int64_t>(notes));
}

TEST(Language, ADatasetWithoutSuchColumnsHasNoLabels) {
  EXPECT_TRUE(LanguageLabels(Dataset::Open(SampleFolder("v3-tiny").string())).empty());
}

}  // namespace
}  // namespace heddle::data

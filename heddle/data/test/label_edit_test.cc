#include "heddle/data/labels/label_edit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/data/dataset.h"
#include "heddle/data/heddle_json.h"
#include "heddle/data/labels/contact.h"
#include "heddle/data/labels/label_table.h"
#include "heddle/data/seal.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Fields = std::map<std::string, std::string>;

// v3-tiny: 3 episodes, 61 frames, 20 fps.
class LabelEditing : public testing::Test {
 protected:
  EditOutcome Add(const std::vector<Fields>& rows, bool replace = false) {
    LabelEdit edit;
    edit.replace = replace;
    for (size_t i = 0; i < rows.size(); ++i) {
      const std::string place = "rows.csv:" + std::to_string(i + 2);
      edit.add.push_back(
          {LabelFromFields(rows[i], place, RowContext::Of(dataset_, "kim", "2026-11-21T13:58:00Z")), place});
    }
    return EditLabels(dataset_, edit);
  }
  EditOutcome Remove(LabelFilter filter) { return EditLabels(dataset_, {{std::move(filter)}, {}, false}); }
  std::vector<std::string> Described() {
    std::vector<std::string> texts;
    const DatasetLabels labels = DatasetLabels::Of(dataset_);
    for (const Label& label : labels.All()) texts.push_back(Describe(label));
    return texts;
  }
  std::string HashOfAll() {
    std::string all;
    for (const std::string& file : FilesBelow(copy_.root())) all += file + Sha256Hex(ReadFile(copy_.root() / file));
    return Sha256Hex(all);
  }

  SampleCopy copy_{"v3-tiny"};
  Dataset dataset_ = Dataset::Open(copy_.root().string());
};

TEST_F(LabelEditing, WhatIsAddedIsReadBack) {
  const EditOutcome outcome =
      Add({{{"key", "domain"}, {"value", "sim"}},
           {{"episode", "2"}, {"key", "strategy"}, {"value", "fast, \"pour\"\n"}},
           {{"episode", "1"}, {"from_s", "0.25"}, {"to_s", "0.5"}, {"key", "light"}, {"value", "dim"}}});
  EXPECT_EQ(outcome.added, 3);
  EXPECT_THAT(Described(), ElementsAre("dataset, 'domain' = 'sim'", "episode 1, frames 5 to 9, span 'light' = 'dim'",
                                       "episode 2, 'strategy' = 'fast, \"pour\"\n'"));
  const Label first = DatasetLabels::Of(dataset_).Spans(1, "light").at(0);
  EXPECT_EQ(first.by, "kim");
  EXPECT_EQ(first.when, "2026-11-21T13:58:00Z");
}

TEST_F(LabelEditing, AddingAgainChangesNoByte) {
  const std::vector<Fields> rows = {{{"key", "domain"}, {"value", "sim"}},
                                    {{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}};
  Add(rows);
  const std::string before = HashOfAll();
  const EditOutcome again = Add(rows);
  EXPECT_EQ(again.added, 0);
  EXPECT_EQ(again.already, 2);
  EXPECT_EQ(HashOfAll(), before);
}

TEST_F(LabelEditing, FindingTheSameAgainChangesNoByte) {
  const auto find = [&](const char* when) {
    LabelEdit edit;
    LabelFilter earlier;
    earlier.by = ContactAuthor("action");
    edit.remove.push_back(earlier);
    const ContactOptions options{.threshold = 0.3};
    for (const Label& label : LabelContacts(dataset_, "action", options, std::nullopt, when).labels) {
      edit.add.push_back({label, "action"});
    }
    return EditLabels(dataset_, edit);
  };
  EXPECT_GT(find("now").added, 0);
  const std::string before = HashOfAll();
  EXPECT_EQ(find("later").added, 0);
  EXPECT_EQ(HashOfAll(), before);
}

TEST_F(LabelEditing, NothingOfTheDatasetIsRewritten) {
  const auto before = SealDataset(copy_.root(), false, {}).seal.Id();
  Add({{{"key", "domain"}, {"value", "sim"}}, {{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  const SealReport report = VerifySeal(copy_.root(), {});
  EXPECT_TRUE(report.differences.empty());
  EXPECT_EQ(report.seal_id, before);
}

TEST_F(LabelEditing, AContradictionIsRefusedWithItsRowAndNothingIsChanged) {
  Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  const std::string before = HashOfAll();
  const std::string error = ErrorOf([&] {
    Add({{{"episode", "1"}, {"key", "strategy"}, {"value", "fast"}},
         {{"episode", "0"}, {"key", "strategy"}, {"value", "fast"}}});
  });
  EXPECT_THAT(error, HasSubstr("rows.csv:3"));
  EXPECT_THAT(error, HasSubstr("--replace"));
  EXPECT_EQ(HashOfAll(), before);
}

TEST_F(LabelEditing, ReplacingTakesThePlaceOfTheSameFrames) {
  Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  const EditOutcome outcome = Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "fast"}}}, /*replace=*/true);
  EXPECT_EQ(outcome.added, 1);
  EXPECT_EQ(outcome.removed, 1);
  EXPECT_THAT(Described(), ElementsAre("episode 0, 'strategy' = 'fast'"));
}

TEST_F(LabelEditing, OverlappingSpansOfOneLevelAndKeyAreRefused) {
  const auto step = [](const char* from, const char* to, const char* value) {
    return Fields{{"episode", "0"},     {"from_frame", from}, {"to_frame", to},
                  {"level", "subtask"}, {"key", "step"},      {"value", value}};
  };
  Add({step("0", "5", "reach"), step("5", "9", "grasp")});
  EXPECT_THAT(ErrorOf([&] { Add({step("8", "10", "lift")}); }), HasSubstr("rows.csv:2"));
  EXPECT_THAT(ErrorOf([&] { Add({step("8", "10", "grasp")}); }), HasSubstr("is said twice"));
  EXPECT_EQ(Described().size(), 2u);
}

TEST_F(LabelEditing, InteractionsMustLieInsideOneSubtask) {
  const auto on = [](const char* level, const char* from, const char* to, const char* value) {
    return Fields{{"episode", "0"}, {"from_frame", from}, {"to_frame", to},
                  {"level", level}, {"key", level},       {"value", value}};
  };
  Add({on("subtask", "0", "5", "reach"), on("subtask", "5", "9", "grasp")});
  EXPECT_THAT(ErrorOf([&] { Add({on("interaction", "4", "6", "close")}); }), HasSubstr("lies inside no subtask"));
  const EditOutcome outcome = Add({on("interaction", "5", "7", "close")});
  // What is not covered is told and not refused.
  bool gap = false;
  for (const LabelFinding& finding : outcome.findings)
    gap |= finding.fault == LabelFault::kGap && finding.from_frame == 9;
  EXPECT_TRUE(gap);
}

TEST_F(LabelEditing, RemovesWhatTheFilterMeans) {
  Add({{{"key", "domain"}, {"value", "sim"}},
       {{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}},
       {{"episode", "1"}, {"key", "strategy"}, {"value", "fast"}}});
  LabelFilter filter;
  filter.key = "strategy";
  filter.episodes = std::vector<int64_t>{1};
  EXPECT_EQ(Remove(filter).removed, 1);
  filter.episodes.reset();
  filter.key = "domain";
  EXPECT_EQ(Remove(filter).removed, 1);
  EXPECT_THAT(Described(), ElementsAre("episode 0, 'strategy' = 'slow'"));
}

TEST_F(LabelEditing, ATableThatIsNotTheOneWrittenIsRefused) {
  Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  const std::string one = ReadFile(copy_.root() / kLabelTableFile);
  Add({{{"episode", "1"}, {"key", "strategy"}, {"value", "slow"}}});
  WriteQuickly(copy_.root() / kLabelTableFile, one);
  EXPECT_THAT(ErrorOf([&] { DatasetLabels::Of(dataset_); }), HasSubstr("meta/heddle/labels.parquet"));
  std::filesystem::remove(copy_.root() / kLabelTableFile);
  EXPECT_THAT(ErrorOf([&] { DatasetLabels::Of(dataset_); }), HasSubstr("missing"));
}

// The two files are replaced one after the other; stopped in between, either state of the table is right.
TEST_F(LabelEditing, AnEditThatWasStoppedBetweenItsFilesLeavesADatasetThatReads) {
  Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  const std::string before = ReadFile(copy_.root() / kLabelTableFile);
  Add({{{"episode", "1"}, {"key", "strategy"}, {"value", "slow"}}});
  HeddleJson content = *ReadHeddleJson(copy_.root());
  content.label_table->before = Sha256Hex(before);  // as it is before the table is renamed
  WriteHeddleJson(copy_.root(), content);
  EXPECT_EQ(Described().size(), 2u);
  WriteQuickly(copy_.root() / kLabelTableFile, before);
  EXPECT_EQ(Described().size(), 1u);
  Add({{{"episode", "1"}, {"key", "strategy"}, {"value", "slow"}}});
  EXPECT_EQ(Described().size(), 2u);
}

TEST_F(LabelEditing, EpisodesThatLackAKeyAreTold) {
  const EditOutcome outcome = Add({{{"episode", "0"}, {"key", "strategy"}, {"value", "slow"}}});
  ASSERT_EQ(outcome.findings.size(), 1u);
  EXPECT_EQ(outcome.findings[0].fault, LabelFault::kMissing);
  EXPECT_EQ(outcome.findings[0].what, "2 of 3 episodes have no 'strategy', episode 1 first");
}

TEST(LabelEditingWithLanguage, ColumnsCountAndCannotBeContradicted) {
  const SampleCopy copy("v3-language");
  const Dataset dataset = Dataset::Open(copy.root().string());
  const Fields row = {{"episode", "0"},     {"from_frame", "0"}, {"to_frame", "2"},
                      {"level", "subtask"}, {"key", "subtask"},  {"value", "wait"}};
  const Label label = LabelFromFields(row, "here", RowContext::Of(dataset, "", ""));
  EXPECT_THAT(ErrorOf([&] { EditLabels(dataset, {{}, {{label, "here"}}, false}); }),
              HasSubstr("'subtask' = 'approach the block'"));
}

}  // namespace
}  // namespace heddle::data

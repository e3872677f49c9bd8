#include "heddle/data/labels/label_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/data/labels/csv.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const RowContext kContext{20.0, {30, 10}, "kim", "now"};

std::vector<std::vector<std::string>> CsvFields(std::string_view text) {
  std::vector<std::vector<std::string>> rows;
  for (const CsvRecord& record : ParseCsv(text, "f.csv")) rows.push_back(record.fields);
  return rows;
}

TEST(Csv, QuotesCommasAndLineEndsAreAsTheStandardHasThem) {
  EXPECT_THAT(CsvFields("a,b\r\n\"1,2\",\"say \"\"x\"\"\"\r\n\"two\nlines\",\n"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("1,2", "say \"x\""), ElementsAre("two\nlines", "")));
  EXPECT_THAT(CsvFields("\xEF\xBB\xBF"
                        "a\n\n1"),
              ElementsAre(ElementsAre("a"), ElementsAre("1")));
  EXPECT_TRUE(CsvFields("").empty());
}

TEST(Csv, RecordsKnowTheLineTheyBeginOn) {
  const auto records = ParseCsv("a\n\"x\ny\"\nz", "f.csv");
  EXPECT_EQ(records[1].line, 2);
  EXPECT_EQ(records[2].line, 4);
}

TEST(Csv, WhatIsNoCsvIsRefusedWithItsLine) {
  EXPECT_THAT(ErrorOf([] { ParseCsv("a\nb\"c", "f.csv"); }), HasSubstr("f.csv:2"));
  EXPECT_THAT(ErrorOf([] { ParseCsv("a\n\n\"b\"c", "f.csv"); }), HasSubstr("f.csv:3: text behind a closing quote"));
  EXPECT_THAT(ErrorOf([] { ParseCsv("a\n\"b\n\n\n", "f.csv"); }), HasSubstr("f.csv:2: a quote that is never closed"));
  EXPECT_THAT(ErrorOf([] { ParseCsv("a\xff", "f.csv"); }), HasSubstr("UTF-8"));
}

TEST(Csv, AFieldThatIsWrittenReadsBack) {
  for (const char* text : {"plain", "", "a,b", "say \"x\"", "two\nlines", " space "}) {
    EXPECT_THAT(CsvFields(CsvField(text) + ",end"), ElementsAre(ElementsAre(text, "end"))) << text;
  }
}

std::vector<std::string> FromCsv(std::string_view text) {
  std::vector<std::string> labels;
  for (const auto& placed : LabelsFromCsv(text, "l.csv", kContext)) labels.push_back(Describe(placed.label));
  return labels;
}

TEST(LabelRows, TheLevelFollowsFromWhatIsGiven) {
  EXPECT_THAT(FromCsv("episode,from_frame,to_frame,level,key,value\n"
                      ",,,,domain,sim\n"
                      "1,,,,strategy,slow\n"
                      "1,2,4,,light,dim\n"
                      "1,4,,subtask,step,reach\n"),
              ElementsAre("dataset, 'domain' = 'sim'", "episode 1, 'strategy' = 'slow'",
                          "episode 1, frames 2 to 3, span 'light' = 'dim'",
                          "episode 1, frames 4 to 9, subtask 'step' = 'reach'"));
}

TEST(LabelRows, SecondsMeanTheFirstFrameAtOrAfterThem) {
  const auto frames = [](const char* from, const char* to) {
    const Label label = LabelFromFields(
        {{"episode", "0"}, {"from_s", from}, {"to_s", to}, {"key", "k"}, {"value", "v"}}, "p", kContext);
    return std::pair(label.from_frame, label.to_frame);
  };
  EXPECT_EQ(frames("0.1", "0.2"), std::pair(2l, 4l));
  EXPECT_EQ(frames("0.11", "0.16"), std::pair(3l, 4l));
  EXPECT_EQ(frames("0", "1.5"), std::pair(0l, 30l));
  const Label third =
      LabelFromFields({{"episode", "0"}, {"from_s", "0.333"}, {"key", "k"}, {"value", "v"}}, "p", {30.0, {30}, "", ""});
  EXPECT_EQ(third.from_frame, 10);
}

TEST(LabelRows, EveryWrongRowIsToldWithFileLineAndWhy) {
  const auto error = [](std::string_view text) { return ErrorOf([&] { FromCsv(text); }); };
  EXPECT_THAT(error("episode,kye,value\n"), HasSubstr("l.csv:1: there is no field 'kye' (did you mean 'key'?)"));
  EXPECT_THAT(error("key,key\na,b\n"), HasSubstr("named twice"));
  EXPECT_THAT(error("key,value\na,b\nc\n"), HasSubstr("l.csv:3: has 1 fields"));
  EXPECT_THAT(error("episode,key,value\nx,a,b\n"), HasSubstr("l.csv:2: episode must be a whole number, and is 'x'"));
  EXPECT_THAT(error("episode,key,value\n1.0,a,b\n"), HasSubstr("must be a whole number"));
  EXPECT_THAT(error("episode,key,value\n2,a,b\n"), HasSubstr("episodes are 0 to 1"));
  EXPECT_THAT(error("episode,key,value\n99999999999999999999,a,b\n"), HasSubstr("must be a whole number"));
  EXPECT_THAT(error("key,value\na,\n"), HasSubstr("the value is missing"));
  EXPECT_THAT(error("key,value\n,b\n"), HasSubstr("the key is missing"));
  EXPECT_THAT(error("episode,level,key,value\n0,subtsk,a,b\n"), HasSubstr("did you mean 'subtask'?"));
  EXPECT_THAT(error("level,key,value\nsubtask,a,b\n"), HasSubstr("names no episode"));
  EXPECT_THAT(error("episode,level,key,value\n0,dataset,a,b\n"), HasSubstr("names an episode"));
  EXPECT_THAT(error("episode,from_frame,to_frame,key,value\n1,3,11,a,b\n"), HasSubstr("it has 10 frames"));
  EXPECT_THAT(error("episode,from_frame,to_frame,key,value\n1,3,3,a,b\n"), HasSubstr("the end must be behind"));
  EXPECT_THAT(error("episode,from_frame,key,value\n1,-1,a,b\n"), HasSubstr("negative"));
  EXPECT_THAT(error("episode,from_frame,from_s,key,value\n1,1,1,a,b\n"), HasSubstr("both given"));
  EXPECT_THAT(error("episode,from_s,key,value\n1,nan,a,b\n"), HasSubstr("no time"));
  EXPECT_THAT(error("from_frame,key,value\n1,a,b\n"), HasSubstr("no episode"));
  EXPECT_THAT(error("key,value\na=b,c\n"), HasSubstr("'='"));
  EXPECT_THAT(error(""), HasSubstr("the file is empty"));
}

TEST(LabelRows, JsonLinesAreReadAsStrictly) {
  const auto labels = LabelsFromJsonLines(
      "{\"episode\": 1, \"key\": \"mass_kg\", \"value\": 0.5, \"by\": \"scale\"}\n\n"
      "{\"key\": \"domain\", \"value\": \"sim\", \"episode\": null}",
      "l.jsonl", kContext);
  ASSERT_EQ(labels.size(), 2u);
  EXPECT_EQ(Describe(labels[0].label), "episode 1, 'mass_kg' = '0.5'");
  EXPECT_EQ(labels[0].label.by, "scale");
  EXPECT_EQ(labels[1].label.by, "kim");
  EXPECT_EQ(labels[1].place, "l.jsonl:3");
  const auto error = [](std::string_view text) {
    return ErrorOf([&] { LabelsFromJsonLines(text, "l.jsonl", kContext); });
  };
  EXPECT_THAT(error("{\"key\": \"a\", \"value\": \"b\"}\n{"), HasSubstr("l.jsonl:2"));
  EXPECT_THAT(error("[1]"), HasSubstr("a JSON object is needed"));
  EXPECT_THAT(error("{\"key\": \"a\", \"value\": [1]}"), HasSubstr("must be text or a number"));
  EXPECT_THAT(error("{\"key\": \"a\", \"value\": \"b\", \"epsode\": 1}"), HasSubstr("did you mean 'episode'?"));
  EXPECT_THAT(error("{\"key\": \"a\", \"value\": \"b\", \"episode\": 1.5}"), HasSubstr("whole number"));
}

}  // namespace
}  // namespace heddle::data

#include "heddle/contract/evidence_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::contract {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

EvidenceRow SmallRow() {
  EvidenceRow row;
  row.setup.task = "nut_assembly";
  row.setup.task_options = {{"nuts", "square"}};
  row.setup.gap = {.text = "visual", .hash = "ab12", .resolved = {{"light", 0.5}}};
  row.setup.suite = "test";
  row.setup.horizon = 400;
  row.setup.control_hz = 20;
  row.policy.kind = "checkpoint";
  row.policy.name = "runs/a";
  row.policy.training = EvidenceTraining{.method = "mix", .w = 0.1, .data_seals = {"s1", "s2"}, .training_seed = 3};
  row.policy.sampler_steps = 10;
  row.outcome = {.success_any = true, .episode_seed = 17, .failure = "dropped", .steps = 400};
  return row;
}

std::string ErrorOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

// The row's JSON after a change, read.
std::string ErrorAfter(const std::function<void(Json&)>& change) {
  Json json = ToJson(SmallRow());
  change(json);
  return ErrorOf([&] { EvidenceRowFromJson(json, "e.jsonl:4"); });
}

TEST(EvidenceRow, IsReadAsItWasWritten) {
  const Json json = ToJson(SmallRow());
  EXPECT_EQ(ToJson(EvidenceRowFromJson(json, "")), json);
  EXPECT_EQ(json.at("schema"), 1);
  EXPECT_EQ(json.at("policy").at("training").at("w"), 0.1);
  EXPECT_TRUE(json.at("policy").at("guidance").is_null());
  EXPECT_EQ(json.at("setup").at("gap").at("resolved").at("light"), 0.5);
}

TEST(EvidenceRow, WhatDoesNotApplyMayBeLeftOut) {
  Json json = ToJson(SmallRow());
  json["policy"].erase("training");
  json["setup"].erase("renderer");
  json["outcome"].erase("wall_s");
  EXPECT_FALSE(EvidenceRowFromJson(json, "").policy.training);
}

TEST(EvidenceRow, AnUnknownKeyIsRefusedWithTheNearestRightOne) {
  const std::string error = ErrorAfter([](Json& json) { json["policy"]["training"]["trainingseed"] = 3; });
  EXPECT_THAT(error, HasSubstr("e.jsonl:4: unknown key 'policy.training.trainingseed'"));
  EXPECT_THAT(error, HasSubstr("did you mean 'training_seed'?"));
}

TEST(EvidenceRow, EveryMistakeIsNamedWithItsKey) {
  EXPECT_THAT(ErrorAfter([](Json& json) { json["setup"].erase("task"); }), HasSubstr("'setup.task' is missing"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["outcome"]["steps"] = 1.5; }),
              HasSubstr("'outcome.steps' must be a whole"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["outcome"]["episode_seed"] = -1; }), HasSubstr("must be at least 0"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["outcome"]["episode_seed"] = 18446744073709551615u; }),
              HasSubstr("'outcome.episode_seed' must be a whole number"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["outcome"]["success_any"] = 1; }), HasSubstr("must be true or false"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["policy"]["training"]["w"] = 1.5; }), HasSubstr("between 0 and 1"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["setup"]["gap"] = "visual"; }),
              HasSubstr("'setup.gap' must be an object"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json["schema"] = 2; }), HasSubstr("schema 2, and this program reads 1"));
  EXPECT_THAT(ErrorAfter([](Json& json) { json.erase("schema"); }), HasSubstr("no evidence row"));
  EXPECT_THAT(
      ErrorAfter([](Json& json) { json["outcome"]["success_any"] = false, json["outcome"]["success_end"] = true; }),
      HasSubstr("'outcome.success_end' is true"));
}

TEST(EvidenceRow, HashesDependOnTheContentAlone) {
  const EvidenceRow row = SmallRow();
  EvidenceRow other = SmallRow();
  other.outcome.episode_seed = 18;
  EXPECT_EQ(SetupHash(other.setup), SetupHash(row.setup));
  EXPECT_EQ(PolicyHash(other.policy), PolicyHash(row.policy));
  other.setup.task_options = {{"nuts", "round"}};
  other.policy.training->training_seed = 4;
  EXPECT_NE(SetupHash(other.setup), SetupHash(row.setup));
  EXPECT_NE(PolicyHash(other.policy), PolicyHash(row.policy));
}

class EvidenceLogTest : public ::testing::Test {
 protected:
  std::string Text() const {
    std::ifstream in(file_);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Append(const std::string& text) const { std::ofstream(file_, std::ios::app) << text; }

  ScratchFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "evidence.jsonl";
};

TEST_F(EvidenceLogTest, RowsAreReadFromTheFileAndFromItsFolder) {
  EvidenceLog log(file_);
  EvidenceRow row = SmallRow();
  log.Append(row);
  row.outcome.episode_seed = 18;
  log.Append(row);
  for (const auto& path : {file_, folder_.path()}) {
    const EvidenceFile read = ReadEvidence(path);
    ASSERT_EQ(read.rows.size(), 2u);
    EXPECT_EQ(read.torn_bytes, 0);
    EXPECT_EQ(ToJson(read.rows[1]), ToJson(row));
  }
}

TEST_F(EvidenceLogTest, OnlyATornLastLineIsPassedOverAndTold) {
  EvidenceLog(file_).Append(SmallRow());
  const std::string whole = Text();
  for (size_t length = 1; length + 1 < whole.size(); length += 7) {
    std::ofstream(file_) << whole << whole.substr(0, length);
    const EvidenceFile read = ReadEvidence(file_);
    ASSERT_EQ(read.rows.size(), 1u) << length;
    ASSERT_EQ(read.torn_bytes, static_cast<int64_t>(length));
  }
  EXPECT_EQ(EvidenceLog(file_).rows_at_start(), 1);
  EXPECT_EQ(Text(), whole);
}

TEST_F(EvidenceLogTest, ATornLineInTheMiddleIsAnError) {
  EvidenceLog(file_).Append(SmallRow());
  Append("{\"schema\": 1, \"set\n" + Text());
  EXPECT_THAT(ErrorOf([&] { ReadEvidence(file_); }), HasSubstr("evidence.jsonl:2:"));
}

TEST_F(EvidenceLogTest, AForeignFileIsAnErrorWithItsLine) {
  Append("{\"step\": 3}\n");
  EXPECT_THAT(ErrorOf([&] { ReadEvidence(file_); }), HasSubstr("evidence.jsonl:1: this is no evidence row"));
  std::ofstream(file_) << "step,loss";
  EXPECT_THAT(ErrorOf([&] { ReadEvidence(file_); }), HasSubstr("evidence.jsonl:1"));
}

TEST_F(EvidenceLogTest, ALastRowWithoutItsLineEndCounts) {
  std::ofstream(file_) << DumpJson(ToJson(SmallRow()));
  EXPECT_EQ(ReadEvidence(file_).rows.size(), 1u);
}

}  // namespace
}  // namespace heddle::contract

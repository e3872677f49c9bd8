// What of a card may be set, and the evidence for it.
#include "heddle/serve/card_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/policy/acting_policy.h"
#include "heddle/serve/checkpoint_report.h"
#include "heddle/serve/test/small_checkpoint.h"

namespace heddle::serve {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class CardSettings : public testing::Test {
 protected:
  CardSettings() { SmallPolicy::OfStates().Save(folder()); }

  std::filesystem::path folder() const { return scratch_.path() / "checkpoint"; }
  CardEdit Edit(const std::vector<std::string>& settings, const std::filesystem::path& evidence = {}) {
    return EditCard(policy::LoadCheckpoint(folder()), settings, evidence);
  }
  std::string Refusal(const std::vector<std::string>& settings, const std::filesystem::path& evidence = {}) {
    try {
      Edit(settings, evidence);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  // Rows of this checkpoint: so many successes of 10 by each lambda.
  std::filesystem::path Rows(const std::map<double, int64_t>& successes, const std::string& hash = "") {
    const std::filesystem::path rows = scratch_.path() / ("rows" + std::to_string(files_++));
    std::filesystem::create_directories(rows);
    contract::EvidenceLog log(contract::EvidencePath(rows));
    for (const auto& [lambda, count] : successes) {
      for (int64_t seed = 0; seed < 10; ++seed) {
        contract::EvidenceRow row;
        row.setup.task = "nut_assembly";
        row.setup.suite = "tuning";
        row.setup.horizon = 400;
        row.setup.control_hz = 20;
        row.policy.kind = "checkpoint";
        row.policy.checkpoint_hash = hash.empty() ? policy::LoadCheckpoint(folder()).hash : hash;
        row.policy.guidance = lambda;
        row.outcome.episode_seed = seed;
        row.outcome.success_any = seed < count;
        log.Append(row);
      }
    }
    return rows;
  }

  ScratchFolder scratch_;
  int files_ = 0;
};

TEST_F(CardSettings, AreWrittenAndReadBack) {
  const CardEdit edit = Edit({"guidance=-0.5", "over_time=early", "execute=2", "against.domain=sim"});
  policy::WriteCard(folder(), edit.card);
  const policy::Checkpoint checkpoint = policy::LoadCheckpoint(folder());
  EXPECT_EQ(checkpoint.card, edit.card);
  EXPECT_EQ(checkpoint.card.guidance.lambda, -.5);
  EXPECT_EQ(checkpoint.card.guidance.over_time, "early");
  EXPECT_EQ(checkpoint.card.action.execute, 2);
  EXPECT_EQ(checkpoint.card.conditions[0].against, "sim");
  EXPECT_THAT(policy::GuidanceDetails(checkpoint.card),
              ElementsAre(std::pair("against_domain", "sim"), std::pair("guidance_over_time", "early")));
  EXPECT_EQ(edit.changes[0].before, "0");
}

TEST_F(CardSettings, ThatCannotBeAreNamed) {
  EXPECT_THAT(Refusal({"guidence=1"}), HasSubstr("'guidence' can't be set (did you mean 'guidance'?)"));
  EXPECT_THAT(Refusal({"guidance"}), HasSubstr("'guidance' is not FIELD=VALUE"));
  for (const char* value : {"guidance=", "guidance=much", "guidance=11", "guidance=nan", "guidance=1x"})
    EXPECT_THAT(Refusal({value}), HasSubstr("is no number from -10 to 10")) << value;
  EXPECT_THAT(Refusal({"over_time=erly"}), HasSubstr("did you mean 'early'?"));
  for (const char* value : {"execute=0", "execute=9", "execute=2.5"})
    EXPECT_THAT(Refusal({value}), HasSubstr("is no number from 1 to 8")) << value;
  EXPECT_THAT(Refusal({"against.domain=simm"}), HasSubstr("did you mean 'sim'?"));
  EXPECT_THAT(Refusal({"guidance=1", "guidance=2"}), HasSubstr("is given twice"));
  EXPECT_THAT(Refusal({}), HasSubstr("there is nothing to set"));
}

TEST_F(CardSettings, OfGuidanceNeedALabel) {
  std::filesystem::remove_all(folder());
  SmallPolicy::OfStates(/*labelled=*/false).Save(folder());
  for (const char* value : {"guidance=1", "over_time=early", "against.domain=sim"})
    EXPECT_THAT(Refusal({value}), HasSubstr("there is nothing to guide it by"));
  EXPECT_EQ(Edit({"execute=1"}).card.action.execute, 1);
}

TEST_F(CardSettings, TakeTheRowsThatTheGuidanceWasPickedOn) {
  const CardEdit edit = Edit({"guidance=-0.5"}, Rows({{-1, 3}, {-.5, 7}, {0, 5}}));
  const auto& evidence = edit.card.guidance.evidence;
  EXPECT_EQ(evidence.at("chosen_from"), 3);
  EXPECT_EQ(evidence.at("setups").at(0).at("values").at(1),
            (nlohmann::ordered_json{{"guidance", -.5}, {"success_any", 7}, {"n", 10}}));
  EXPECT_THAT(edit.notes, ElementsAre(HasSubstr("picked from 3 values")));
  policy::WriteCard(folder(), edit.card);
  EXPECT_EQ(policy::ReadCard(folder()), edit.card) << "evidence goes through YAML as it is";
  EXPECT_THAT(CheckpointText(policy::LoadCheckpoint(folder())), HasSubstr("-0.5 -> 7 of 10"));

  EXPECT_FALSE(Edit({"execute=2"}).card.guidance.evidence.empty()) << "it is about the guidance alone";
  EXPECT_TRUE(Edit({"guidance=1"}).card.guidance.evidence.empty()) << "it is not about this guidance";
}

TEST_F(CardSettings, RefuseRowsOfOthers) {
  EXPECT_THAT(Refusal({"guidance=2"}, Rows({{0, 5}, {1, 5}})),
              HasSubstr("has no row of this checkpoint with guidance 2"));
  EXPECT_THAT(Refusal({"guidance=1"}, Rows({{0, 5}, {1, 5}}, "another")), HasSubstr("no row of this checkpoint"));
  EXPECT_THAT(Refusal({"guidance=1", "over_time=late"}, Rows({{0, 5}, {1, 5}})), HasSubstr("no row of this checkpoint"))
      << "they were guided in another way";
  EXPECT_THAT(Refusal({"guidance=1"}, scratch_.path() / "none"), Not(testing::IsEmpty()));
}

TEST_F(CardSettings, AreShownWithAllThatACardSays) {
  const policy::Checkpoint checkpoint = policy::LoadCheckpoint(folder());
  const std::string text = CheckpointText(checkpoint);
  EXPECT_THAT(text, AllOf(HasSubstr(checkpoint.hash), HasSubstr("observation.state [3]: x, y, z"),
                          HasSubstr("chunks of 8 actions, 4 executed (0.2 s)"), HasSubstr("ddim in 10 steps"),
                          HasSubstr("cfg (align none; discern none), w 0.1, seed 3, step 100"),
                          HasSubstr("domain: acts as robot; trained with robot, sim; guided against (no label)"),
                          HasSubstr("dx -1.2 .. 1.2"), HasSubstr("made for research")));
  const auto json = CheckpointJson(checkpoint);
  EXPECT_EQ(json.at("hash"), checkpoint.hash);
  EXPECT_EQ(json.at("card").at("embodiment"), "panda");
  int64_t count = 0;
  for (const nn::Parameter& parameter : checkpoint.policy->parameters().all()) count += parameter.value.numel();
  EXPECT_EQ(json.at("parameters"), count);
}

}  // namespace
}  // namespace heddle::serve

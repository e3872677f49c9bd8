#include "heddle/eval/compare/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/eval/compare/report_json.h"
#include "heddle/eval/compare/report_text.h"
#include "heddle/eval/test/evidence_samples.h"
#include "heddle/stats/paired.h"
#include "heddle/stats/proportion.h"

namespace heddle::eval {
namespace {

using contract::EvidenceRow;
using ::testing::HasSubstr;
using ::testing::Not;

class CompareTest : public ::testing::Test {
 protected:
  CompareReport Compare(const std::vector<std::string>& files, CompareOptions options = {}) {
    options.command = "heddle compare";
    return CompareEvidence(files, options);
  }
  // A: 60 episodes, half succeed; B: `better` of A's failures and all but `worse` of its successes.
  std::vector<std::string> TwoRatios(size_t better, size_t worse) {
    return {files_.Write("a", SampleRow(), Times('S', 30) + Times('.', 30)),
            files_.Write("b", OtherRatio(),
                         Times('.', worse) + Times('S', 30 - worse) + Times('S', better) + Times('.', 30 - better))};
  }
  static const Doubt& DoubtOf(const Verdict& verdict, const std::string& code) {
    return *std::find_if(verdict.doubts.begin(), verdict.doubts.end(), [&](const Doubt& d) { return d.code == code; });
  }
  static std::string ErrorOf(const std::function<void()>& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
  }

  EvidenceFiles files_;
};

TEST_F(CompareTest, CountsPairsOfCommonEpisodes) {
  const CompareReport report = Compare(TwoRatios(20, 5));
  ASSERT_EQ(report.verdicts.size(), 1u);
  const Comparison& c = report.verdicts[0].comparison;
  EXPECT_EQ(report.over, "w");
  EXPECT_EQ(c.a, "w = 0.1");
  EXPECT_EQ(c.b, "w = 0.3");
  EXPECT_EQ(c.pairs, 60);
  EXPECT_EQ(c.better, 20);
  EXPECT_EQ(c.worse, 5);
  EXPECT_NEAR(c.difference, 0.25, 1e-12);
  EXPECT_NEAR(c.p, stats::ExactPairedP({{1, 25}}, 15), 1e-12);
  EXPECT_NEAR(c.interval.low, stats::PairedInterval({20, 5, 60}).low, 1e-12);
  EXPECT_EQ(c.decision, Decision::kBetter);
  EXPECT_EQ(report.policies[0].any.successes, 30);
  EXPECT_NEAR(report.policies[0].any.interval.low, stats::WilsonInterval(30, 60).low, 1e-12);
}

TEST_F(CompareTest, IsTurnedRoundByTheBaseline) {
  const CompareReport report = Compare(TwoRatios(20, 5), {.baseline = "0.3"});
  EXPECT_EQ(report.verdicts[0].comparison.a, "w = 0.3");
  EXPECT_EQ(report.verdicts[0].comparison.decision, Decision::kWorse);
  EXPECT_THAT(ErrorOf([&] {
                Compare({(files_.path() / "a.jsonl").string(), (files_.path() / "b.jsonl").string()},
                        {.baseline = "0.2"});
              }),
              HasSubstr("there is no policy '0.2'"));
}

TEST_F(CompareTest, OneFileHoldsAllPolicies) {
  files_.Write("all", SampleRow(), Times('S', 10) + Times('.', 10));
  const std::string file = files_.Write("all", OtherRatio(), Times('S', 15) + Times('.', 5));
  const CompareReport report = Compare({file}, {.over = "w"});
  EXPECT_EQ(report.policies.size(), 2u);
  EXPECT_EQ(report.verdicts[0].comparison.pairs, 20);
}

TEST_F(CompareTest, ADifferenceOfNothingIsNotDecidedAndNeverNotWorse) {
  const CompareReport report = Compare(TwoRatios(3, 3), {.power_delta = 0.1});
  const Verdict& verdict = report.verdicts[0];
  EXPECT_EQ(verdict.comparison.decision, Decision::kNotDecided);
  EXPECT_FALSE(verdict.comparison.power.enough);
  EXPECT_GT(verdict.comparison.power.needed, 60);
  const std::string text = CompareText(report);
  EXPECT_THAT(text, HasSubstr("not decided: fewer trials than a difference of 0.1 needs"));
  EXPECT_THAT(text, Not(HasSubstr("not worse")));
  EXPECT_EQ(DoubtOf(verdict, "too-few").state, Doubt::State::kFound);
}

TEST_F(CompareTest, BelowThePowerAskedForNothingIsNotWorse) {
  const std::string a = Times('S', 57) + Times('.', 3), b = Times('S', 58) + Times('.', 2);
  const std::vector<std::string> files = {files_.Write("a", SampleRow(), a), files_.Write("b", OtherRatio(), b)};
  EXPECT_EQ(Compare(files, {.margin = 0.15}).verdicts[0].comparison.decision, Decision::kNotWorse);
  const CompareReport report = Compare(files, {.margin = 0.15, .power_delta = 0.01});
  EXPECT_FALSE(report.verdicts[0].comparison.power.enough);
  EXPECT_EQ(report.verdicts[0].comparison.decision, Decision::kNotDecided);
}

TEST_F(CompareTest, AnAnsweredRowTakesTheUnansweredOnesPlaceAndOnesWithoutAnswerAreTold) {
  const std::string a = files_.Write("a", SampleRow(), Times('S', 10));
  const std::string b = files_.Write("b", OtherRatio(), Times('S', 8));
  contract::EvidenceRow silent = OtherRatio();
  silent.outcome = {.success_any = false, .success_end = false, .episode_seed = 8, .failure = "policy-timeout"};
  contract::EvidenceLog(b).Append(silent);
  const Doubt doubt = DoubtOf(Compare({{a, b}}).verdicts[0], "unanswered");
  EXPECT_EQ(doubt.state, Doubt::State::kFound);
  EXPECT_THAT(doubt.what, HasSubstr("in 1 episode of 19"));
  files_.Write("b", OtherRatio(), "S", 8);
  const CompareReport report = Compare({{a, b}});
  EXPECT_EQ(report.policies[1].end.successes, 9);
  EXPECT_EQ(DoubtOf(report.verdicts[0], "unanswered").state, Doubt::State::kClear);
}

TEST_F(CompareTest, AMarginIsWhatMakesItNotWorse) {
  std::string a, b;
  for (int i = 0; i < 400; ++i) a += i % 4 == 0 ? '.' : 'S', b += i % 4 == 0 ? '.' : 'S';
  b[1] = '.', b[4] = 'S';
  const std::vector<std::string> files = {files_.Write("a", SampleRow(), a), files_.Write("b", OtherRatio(), b)};
  const CompareReport report = Compare(files, {.margin = 0.05});
  EXPECT_EQ(report.verdicts[0].comparison.decision, Decision::kNotWorse);
  EXPECT_THAT(CompareText(report), HasSubstr("w = 0.3 is not worse than w = 0.1 by 0.05 or more"));
  EXPECT_EQ(Compare(files).verdicts[0].comparison.decision, Decision::kNotDecided);
}

TEST_F(CompareTest, SetUpsThatDifferAreRefusedByName) {
  EvidenceRow other = OtherRatio();
  other.setup.control_hz = 10;
  other.setup.gap = {.text = "visual", .hash = "h", .resolved = {{"light", 1}}};
  const CompareReport report =
      Compare({files_.Write("a", SampleRow(), "S."), files_.Write("b", other, "S.")}, {.over = "w"});
  ASSERT_TRUE(report.is_refused());
  EXPECT_TRUE(report.verdicts.empty());
  const auto& differences = report.refusals[0].differences;
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_EQ(differences[0].field, "gap");
  EXPECT_EQ(differences[1].field, "control_hz");
  const std::string text = CompareText(report);
  EXPECT_THAT(text, HasSubstr("can't be compared"));
  EXPECT_THAT(text, HasSubstr("control_hz"));
  EXPECT_THAT(text, HasSubstr("\"visual\""));
}

TEST_F(CompareTest, TwoCausesAreRefusedUnlessThePoliciesAreMeant) {
  EvidenceRow other = OtherRatio();
  other.policy.training->align = "ot";
  const std::vector<std::string> files = {files_.Write("a", SampleRow(), "S..."), files_.Write("b", other, "SS..")};
  const CompareReport refused = Compare(files);
  ASSERT_TRUE(refused.is_refused());
  EXPECT_THAT(refused.refusals[0].mend, HasSubstr("no single field explains"));
  EXPECT_TRUE(Compare(files, {.over = "w"}).is_refused());
  const CompareReport report = Compare(files, {.over = "policy"});
  ASSERT_FALSE(report.is_refused());
  const Doubt& doubt = DoubtOf(report.verdicts[0], "several-causes");
  EXPECT_EQ(doubt.state, Doubt::State::kFound);
  EXPECT_THAT(doubt.what, HasSubstr("align, w, mixture_hash"));
}

TEST_F(CompareTest, WhatFollowsMayNotDifferAlone) {
  EvidenceRow other = SampleRow();
  other.policy.training->mixture_hash = "m2";
  const CompareReport report =
      Compare({files_.Write("a", SampleRow(), "S."), files_.Write("b", other, "S.")}, {.over = "w"});
  ASSERT_TRUE(report.is_refused());
  EXPECT_EQ(report.refusals[0].differences[0].field, "mixture_hash");
}

TEST_F(CompareTest, AGapIsComparedForTheSameCheckpoint) {
  EvidenceRow gap = SampleRow();
  gap.setup.gap = {.text = "visual", .hash = "h", .resolved = {{"light", 1}}};
  const std::string a = files_.Write("a", SampleRow(), "SSSS.");
  EXPECT_EQ(Compare({a, files_.Write("b", gap, "S...S")}, {.over = "gap"}).verdicts[0].comparison.b, "gap = visual");
  gap.policy.checkpoint_hash = "cc";
  const CompareReport refused = Compare({a, files_.Write("c", gap, "S...S")}, {.over = "gap"});
  ASSERT_TRUE(refused.is_refused());
  EXPECT_EQ(refused.refusals[0].differences[0].field, "checkpoint_hash");
}

TEST_F(CompareTest, AnotherTaskIsNeverPaired) {
  EvidenceRow other = SampleRow();
  other.setup.task = "mug_cleanup";
  const CompareReport report = Compare(
      {files_.Write("a", SampleRow(), Times('S', 20)), files_.Write("b", other, Times('.', 20))}, {.over = "task"});
  EXPECT_FALSE(report.verdicts[0].comparison.is_paired);
  EXPECT_THAT(CompareText(report), HasSubstr("20 and 20 unpaired episodes"));
}

TEST_F(CompareTest, EpisodesWithoutAPartnerAreToldAndNotCounted) {
  const CompareReport report =
      Compare({files_.Write("a", SampleRow(), Times('S', 30)), files_.Write("b", OtherRatio(), Times('.', 20), 15)});
  const Comparison& c = report.verdicts[0].comparison;
  EXPECT_EQ(c.pairs, 15);
  EXPECT_EQ(c.without_partner_a, 15);
  EXPECT_EQ(c.without_partner_b, 5);
  EXPECT_THAT(report.verdicts[0].claim.could_fool, HasSubstr("20 rows without a partner"));
}

TEST_F(CompareTest, TheSequentialTestDoesNotReachPastAnEpisodeThatIsUnderWay) {
  files_.Write("b", OtherRatio(), Times('S', 10));
  const CompareReport report =
      Compare({files_.Write("a", SampleRow(), Times('.', 30)), files_.Write("b", OtherRatio(), Times('S', 9), 11)});
  const SequentialResult& s = *report.verdicts[0].comparison.sequential;
  EXPECT_EQ(s.episodes, 10);
  EXPECT_EQ(s.waiting, 9);
}

TEST_F(CompareTest, TheSequentialVerdictStopsOrSaysHowManyMore) {
  const CompareReport stop = Compare(TwoRatios(25, 0), {.sequential = true});
  EXPECT_EQ(stop.verdicts[0].comparison.decision, Decision::kBetter);
  EXPECT_THAT(CompareText(stop), HasSubstr("stop: w = 0.3 is better, 95 %"));
}

TEST_F(CompareTest, TheSequentialVerdictGoesOnWhileItIsOpen) {
  const CompareReport open = Compare(TwoRatios(9, 3), {.sequential = true});
  EXPECT_EQ(open.verdicts[0].comparison.decision, Decision::kNotDecided);
  EXPECT_THAT(CompareText(open), ::testing::ContainsRegex("keep going, about [0-9]+ more"));
}

TEST_F(CompareTest, TrainingSeedsAreStrataAndGiveASecondInterval) {
  std::string a_file, b_file;
  for (int64_t seed = 1; seed <= 3; ++seed) {
    EvidenceRow a = SampleRow(), b = OtherRatio();
    a.policy.training->training_seed = b.policy.training->training_seed = seed;
    a.policy.checkpoint_hash += std::to_string(seed), b.policy.checkpoint_hash += std::to_string(seed);
    a_file = files_.Write("a", a, Times('S', 20) + Times('.', 20));
    b_file = files_.Write("b", b,
                          Times('S', 20) + Times('S', static_cast<size_t>(8 + 2 * seed)) +
                              Times('.', static_cast<size_t>(12 - 2 * seed)));
  }
  const CompareReport report = Compare({a_file, b_file});
  const Comparison& c = report.verdicts[0].comparison;
  EXPECT_EQ(report.policies[0].training_seeds, 3);
  EXPECT_EQ(c.pairs, 120);
  EXPECT_EQ(c.episodes, 40);
  EXPECT_EQ(c.training_seeds, 3);
  EXPECT_GT(c.design_effect, 1.5);  // the same episodes turn with every training seed
  // 10 episodes turn with three training seeds, 2 with two, 2 with one.
  EXPECT_NEAR(c.p, stats::ExactPairedP({{3, 10}, {2, 2}, {1, 2}}, 36), 1e-12);
  ASSERT_TRUE(c.over_training_seeds);
  EXPECT_LT(c.over_training_seeds->low, c.difference);
  EXPECT_THAT(CompareText(report), HasSubstr("over training seeds (3)"));
  EXPECT_THAT(report.verdicts[0].claim.backed_by, HasSubstr("40 episode seeds x 3 training seeds"));
}

TEST_F(CompareTest, AFewTrainingSeedsSayThatTheyAreFew) {
  const CompareReport report = Compare(TwoRatios(20, 5));
  EXPECT_THAT(DoubtOf(report.verdicts[0], "training-seeds").what, HasSubstr("it holds for these checkpoints"));
}

TEST_F(CompareTest, ManyComparisonsAndPickedOnesAreCorrected) {
  const auto two = TwoRatios(12, 3);
  const double p = Compare(two).verdicts[0].comparison.p;
  EXPECT_LE(p, 0.05);
  const CompareReport picked = Compare(two, {.picked_best_of = 7});
  EXPECT_NEAR(picked.verdicts[0].comparison.corrected_p, 7 * p, 1e-12);
  EXPECT_EQ(picked.verdicts[0].comparison.decision, Decision::kNotDecided);
  EXPECT_LT(picked.verdicts[0].comparison.corrected_interval.low, picked.verdicts[0].comparison.interval.low);
  const std::string third = files_.Write("c", OtherRatio(0.5), Times('S', 31) + Times('.', 29));
  const CompareReport three = Compare({two[0], two[1], third});
  EXPECT_NEAR(three.verdicts[0].comparison.corrected_p, 2 * p, 1e-12);
}

TEST_F(CompareTest, WhatIsTrueOfAnyStepMayNotHoldAtTheEnd) {
  const std::vector<std::string> files = {
      files_.Write("a", SampleRow(), Times('S', 20) + Times('.', 40)),
      files_.Write("b", OtherRatio(), Times('S', 20) + Times('s', 20) + Times('.', 20))};
  const CompareReport report = Compare(files);
  EXPECT_EQ(report.verdicts[0].comparison.decision, Decision::kBetter);
  const Doubt& doubt = DoubtOf(report.verdicts[0], "not-at-the-end");
  EXPECT_EQ(doubt.state, Doubt::State::kFound);
  EXPECT_THAT(doubt.what, HasSubstr("20 of 40 of w = 0.3 did not last until the end"));
  EXPECT_THAT(doubt.what, HasSubstr("by success_end the difference is +0.000"));
  EXPECT_THAT(doubt.what, HasSubstr("not decided"));
  EXPECT_EQ(Compare(files, {.metric = Metric::kSuccessEnd}).verdicts[0].comparison.decision, Decision::kNotDecided);
}

TEST_F(CompareTest, SeedsSeenInTuningAreFound) {
  const auto two = TwoRatios(20, 5);
  EXPECT_EQ(DoubtOf(Compare(two).verdicts[0], "tuning-seeds").state, Doubt::State::kUnknown);
  EvidenceRow tuning = OtherRatio();
  tuning.setup.suite = "tuning";
  const std::string far = files_.Write("far", tuning, Times('S', 10), 1000);
  EXPECT_EQ(DoubtOf(Compare({two[0], two[1], far}).verdicts[0], "tuning-seeds").state, Doubt::State::kClear);
  const std::string near = files_.Write("near", tuning, Times('S', 10), 55);
  const CompareReport report = Compare({two[0], two[1], near});
  EXPECT_THAT(DoubtOf(report.verdicts[0], "tuning-seeds").what, HasSubstr("5 episode seeds were seen in tuning"));
  EXPECT_EQ(report.policies.size(), 2u);
}

TEST_F(CompareTest, ACheckpointThatWasPickedIsFound) {
  EvidenceRow picked = OtherRatio();
  picked.policy.chosen_from = 5;
  const std::vector<std::string> files = {files_.Write("a", SampleRow(), Times('S', 20)),
                                          files_.Write("b", picked, Times('S', 20))};
  EXPECT_THAT(DoubtOf(Compare(files).verdicts[0], "picked").what, HasSubstr("--picked-best-of 5"));
  EXPECT_EQ(DoubtOf(Compare(files, {.picked_best_of = 5}).verdicts[0], "picked").state, Doubt::State::kClear);
}

TEST_F(CompareTest, UnequalPassesOverTheTargetAreFound) {
  EvidenceRow longer = OtherRatio();
  longer.policy.training->target_passes = 12.0;
  const CompareReport report =
      Compare({files_.Write("a", SampleRow(), Times('S', 20)), files_.Write("b", longer, Times('S', 20))});
  EXPECT_THAT(DoubtOf(report.verdicts[0], "target-passes").what, HasSubstr("unequal: 4 (w = 0.1) and 12 (w = 0.3)"));
}

TEST_F(CompareTest, EveryVerdictEndsWithFourLines) {
  const std::string text = CompareText(Compare(TwoRatios(20, 5)));
  const size_t verdict = text.find("  verdict "), changed = text.find("  changed "),
               reproduce = text.find("  reproduce "), fool = text.find("  could fool it "),
               backed = text.find("  backed by ");
  EXPECT_LT(verdict, changed);
  EXPECT_LT(changed, reproduce);
  EXPECT_LT(reproduce, fool);
  EXPECT_LT(fool, backed);
  EXPECT_NE(backed, std::string::npos);
  EXPECT_THAT(text, HasSubstr("w: 0.1 -> 0.3 (and with it mixture_hash, checkpoint_hash)"));
  EXPECT_THAT(text, HasSubstr("data seals seal1"));
}

TEST_F(CompareTest, FailuresStandSideBySide) {
  const std::string text = CompareText(Compare(TwoRatios(20, 5)));
  EXPECT_THAT(text, HasSubstr("dropped"));
  EXPECT_THAT(text, HasSubstr("0.500 [0.377, 0.623]"));
}

TEST_F(CompareTest, ARepeatedRowCountsOnceAndAContradictionIsAnError) {
  const auto two = TwoRatios(20, 5);
  const CompareReport report = Compare({two[0], two[0], two[1]});
  EXPECT_EQ(report.verdicts[0].comparison.pairs, 60);
  EXPECT_EQ(report.sources[1].repeated_rows, 60);
  const std::string other = files_.Write("again", SampleRow(), ".");
  const std::string error = ErrorOf([&] { Compare({two[0], other}); });
  EXPECT_THAT(error, HasSubstr("again.jsonl:1: episode seed 0 of the same policy came out differently in"));
  EXPECT_THAT(error, HasSubstr("a.jsonl:1"));
}

TEST_F(CompareTest, ATornLastLineIsTold) {
  const auto two = TwoRatios(20, 5);
  std::ofstream(two[1], std::ios::app) << R"({"schema": 1, "setup": {"ta)";
  const CompareReport report = Compare(two);
  EXPECT_GT(report.sources[1].torn_bytes, 0);
  EXPECT_THAT(CompareText(report), HasSubstr("a last line without its end was passed over"));
}

TEST_F(CompareTest, AFileWithoutRowsIsAnError) {
  const std::string file = (files_.path() / "empty.jsonl").string();
  std::ofstream(file).close();
  EXPECT_THAT(ErrorOf([&] { Compare({file}); }), HasSubstr("this file has no evidence rows"));
  EXPECT_THAT(ErrorOf([&] { Compare({"/nowhere"}); }), HasSubstr("/nowhere"));
}

TEST_F(CompareTest, OptionsOutOfRangeAreUsageErrors) {
  EXPECT_THAT(ErrorOf([&] { Compare({}, {.margin = 5.0}); }), HasSubstr("--margin: a margin of 5"));
  EXPECT_THAT(ErrorOf([&] { Compare({}, {.power_delta = 0.0}); }), HasSubstr("--power"));
  EXPECT_THAT(ErrorOf([&] { Compare({}, {.picked_best_of = 0}); }), HasSubstr("--picked-best-of"));
  EXPECT_THAT(ErrorOf([&] { Compare({}, {.over = "ww"}); }), HasSubstr("no field 'ww'"));
}

TEST_F(CompareTest, OnePolicyIsShownWithoutAVerdict) {
  const CompareReport report = Compare({files_.Write("a", SampleRow(), Times('S', 12) + Times('.', 8))});
  EXPECT_TRUE(report.verdicts.empty());
  EXPECT_THAT(CompareText(report), HasSubstr("0.600 [0.387, 0.781]"));
}

TEST_F(CompareTest, JsonHasWhatTheTextSays) {
  const nlohmann::ordered_json json = ToJson(Compare(TwoRatios(20, 5), {.margin = 0.1}));
  const auto& verdict = json.at("verdicts").at(0);
  EXPECT_EQ(verdict.at("decision"), "better");
  EXPECT_EQ(verdict.at("pairs"), 60);
  EXPECT_EQ(verdict.at("claim").size(), 4u);
  EXPECT_EQ(verdict.at("doubts").size(), 11u);
  EXPECT_TRUE(json.at("comparable").get<bool>());
  EXPECT_TRUE(verdict.at("non_inferiority").at("shown").get<bool>());
}

}  // namespace
}  // namespace heddle::eval

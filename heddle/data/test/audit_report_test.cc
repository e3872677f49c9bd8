// The report: its JSON, its text, and the page of all findings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/data/audit/audit.h"
#include "heddle/data/audit/check.h"
#include "heddle/data/audit/opening.h"
#include "heddle/data/audit/report_json.h"
#include "heddle/data/audit/report_text.h"

namespace heddle::data::audit {
namespace {

using testing::HasSubstr;

const std::string kTiny = HEDDLE_TESTDATA "/lerobot/v3-tiny";

TEST(AuditReport, IsTheSameForAnyNumberOfThreads) {
  const std::vector<std::string> sets = {kTiny, HEDDLE_TESTDATA "/lerobot/v3-multifile"};
  const std::string one = DumpJson(ToJson(AuditDatasets(sets, {}, ThreadBudget(1))), 2);
  for (const int threads : {2, 5}) EXPECT_EQ(DumpJson(ToJson(AuditDatasets(sets, {}, ThreadBudget(threads))), 2), one);
}

TEST(AuditReport, OfACleanDatasetFitsOneScreenAndEndsWithWhatIsMissing) {
  const AuditReport report = AuditDatasets({kTiny}, {}, ThreadBudget(2));
  const std::string text = AuditText(report, {});
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 24) << text;
  EXPECT_THAT(text, HasSubstr("nothing wrong"));
  EXPECT_THAT(text, HasSubstr("heddle data annotate " + kTiny + " --set domain=NAME"));
  EXPECT_EQ(text.find('\033'), std::string::npos);
  EXPECT_NE(AuditText(report, {.colour = true}).find('\033'), std::string::npos);
  EXPECT_EQ(report.missing[0].code, "no-domain");
}

TEST(AuditReport, SaysWhyADatasetCannotBeOpened) {
  const AuditReport none = AuditDatasets({"/nowhere/at/all"}, {}, ThreadBudget(1));
  EXPECT_EQ(none.datasets[0].findings.Count("not-a-dataset"), 1);
  EXPECT_TRUE(none.has_errors());
  EXPECT_FALSE(ToJson(none)["ok"].get<bool>());
}

TEST(AuditReport, FoldsManyFindingsInPrintAndKeepsThemInJson) {
  AuditReport report{{}, Findings("", AllFindingKinds()), {}};
  report.datasets.push_back({.name = "set", .root = {}, .profile = {}, .findings = Findings("set", AllFindingKinds())});
  for (int64_t i = 0; i < 5000; ++i) {
    report.datasets[0].findings.Add("not-finite", {.episode = i, .frame = 3, .feature = "action"}, "action[2] is NaN");
  }
  const std::string text = AuditText(report, {});
  EXPECT_THAT(text, HasSubstr("x5000"));
  EXPECT_THAT(text, HasSubstr("and 4997 more"));
  EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 12);
  const auto json = ToJson(report);
  EXPECT_EQ(json["findings"].size(), static_cast<size_t>(Findings::kMostKept));
  EXPECT_EQ(json["findings_by_code"]["not-finite"], 5000);
  EXPECT_EQ(json["errors"], 5000);
  EXPECT_EQ(json["findings"][7]["episode"], 7);
}

TEST(OpeningFindings, TellGapsDoublesOrderAndCountApart) {
  const auto explain = [](std::vector<int64_t> indices, int64_t counted) {
    Findings findings("set", OpeningFindingKinds());
    ExplainEpisodeIndices(indices, counted, findings);
    const auto sorted = findings.Sorted();
    return sorted.size() == 1 ? sorted[0].code : std::to_string(sorted.size());
  };
  EXPECT_EQ(explain({0, 1, 2}, 3), "0");
  EXPECT_EQ(explain({0, 2, 3}, 4), "episode-index-gap");
  EXPECT_EQ(explain({1, 2}, 3), "episode-index-gap");
  EXPECT_EQ(explain({0, 1, 1, 2}, 4), "episode-index-doubled");
  EXPECT_EQ(explain({0, 2, 1}, 3), "episode-index-order");
  EXPECT_EQ(explain({0, 1}, 3), "episodes-counted-wrong");
  EXPECT_EQ(explain({0, 1, 2, 3}, 3), "0");  // an interrupted recording: what is beyond is ignored
}

TEST(AuditKinds, AreWholeSentencesUnderStableCodes) {
  std::set<std::string> codes;
  for (const FindingKind& kind : AllFindingKinds()) {
    EXPECT_TRUE(codes.insert(kind.code).second) << kind.code;
    EXPECT_THAT(kind.code, testing::MatchesRegex("[a-z][a-z-]*[a-z]"));
    for (const std::string& text : {kind.title, kind.effect, kind.mend}) {
      EXPECT_FALSE(text.empty()) << kind.code;
      EXPECT_NE(text.back(), '.') << kind.code;
    }
  }
}

// To write the page anew: HEDDLE_WRITE_PAGES=1 data_test --gtest_filter=AuditKinds.*
TEST(AuditKinds, AreThePageOfTheReference) {
  const std::filesystem::path page = HEDDLE_TESTDATA "/../docs/reference/audit.md";
  if (std::getenv("HEDDLE_WRITE_PAGES")) std::ofstream(page) << AuditReferencePage();
  EXPECT_EQ(ReadFile(page), AuditReferencePage());
}

}  // namespace
}  // namespace heddle::data::audit

#include "heddle/mixture/sheet/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "heddle/core/error.h"
#include "heddle/mixture/sheet/bind_sheet.h"
#include "heddle/mixture/sheet/review_report.h"
#include "heddle/mixture/test/small_dataset.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const char* const kSheet = R"(target: robot
use: research
sources:
  - name: robot
    dataset: robot
    kind: robot
    embodiment: panda
    action_representation: ee_delta
    license: own
    label_quality: labelled
    weight: 0.1
  - name: sim
    dataset: sim
    kind: simulation
    embodiment: panda
    action_representation: ee_delta
    license: CC-BY-4.0
    label_quality: synthetic
    weight: 0.9
)";
const char* const kVideo =
    R"(  - {name: video, dataset: video, kind: web, embodiment: people, license: CC0-1.0, weight: 0.1}
)";

// robot: 4 episodes of 10 frames; sim: 40 of 10; video: 5 of 10, without actions.
class ReviewTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    root_ = fs::temp_directory_path() / ("heddle_review_" + std::to_string(getpid()));
    Record("robot", 4, true);
    Record("sim", 40, true);
    Record("video", 5, false);
  }
  static void TearDownTestSuite() { fs::remove_all(root_); }

  static void Record(const std::string& name, int episodes, bool actions) {
    SmallFrame frame;
    frame.numbers["observation.state"] = {1, 2};
    if (actions) frame.numbers["action"] = {3, 4};
    WriteSmallDataset(root_ / name, 10, "task", {{"observation.state", {"x", "y"}}, {"action", {"dx", "dy"}}},
                      std::vector<std::vector<SmallFrame>>(size_t(episodes), std::vector<SmallFrame>(10, frame)));
  }

  static std::string With(const std::string& from, const std::string& to) {
    std::string text = kSheet;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
  }
  static Sheet Parse(const std::string& text) { return Sheet::Parse(text, "mixture.yaml", root_); }
  static SheetReview Review(const std::string& text, const ReviewOptions& options = {}) {
    return ReviewSheet(Parse(text), options);
  }
  // "refused license-forbids mixture.yaml:17: ..."
  static std::vector<std::string> Lines(const SheetReview& review) {
    std::vector<std::string> lines;
    for (const SheetFinding& finding : review.findings) {
      lines.push_back(std::string(FindingLevelName(finding.level)) + " " + finding.code + " " + finding.place + ": " +
                      finding.what + " (" + finding.mend + ")");
    }
    return lines;
  }

  static fs::path root_;
};
fs::path ReviewTest::root_;

TEST_F(ReviewTest, AGoodSheetHasWeightsAndPassesSideBySide) {
  const SheetReview review = Review(kSheet, {.steps = 100, .batch_size = 10});
  EXPECT_FALSE(review.is_refused());
  EXPECT_EQ(review.control_hz, 10);
  // 2 of 4 and 4 of 40 episodes are held out.
  EXPECT_EQ(review.sizes[0].windows, 20);
  EXPECT_EQ(review.sizes[1].windows, 360);
  EXPECT_DOUBLE_EQ(review.weights->weights[0], 0.1);
  EXPECT_DOUBLE_EQ(review.passes[0], 0.1 * 1000 / 20);
  EXPECT_DOUBLE_EQ(review.passes[1], 0.9 * 1000 / 360);
  EXPECT_EQ(review.buckets[1].name, "labelled");
  EXPECT_DOUBLE_EQ(review.buckets[1].drawn, 0.1);
  EXPECT_DOUBLE_EQ(review.buckets[3].windows, 360.0 / 380);
}

TEST_F(ReviewTest, AnUnknownLicenseWarnsForResearchAndIsRefusedForTheOthers) {
  const std::string text = With("license: own", "license: unknown");
  EXPECT_THAT(Lines(Review(text)),
              Contains(HasSubstr("warning license-unknown mixture.yaml:9: source robot: its license "
                                 "is not known")));
  EXPECT_FALSE(Review(text).is_refused());
  for (const std::string use : {"commercial", "release"}) {
    std::string other = text;
    other.replace(other.find("use: research"), 13, "use: " + use);
    EXPECT_THAT(Lines(Review(other)), Contains(HasSubstr("refused license-unknown mixture.yaml:9: ")));
    EXPECT_TRUE(Review(other).is_refused());
  }
  EXPECT_THAT(Lines(Review(With("CC-BY-4.0", "CC-BY-4"))),
              Contains(HasSubstr("'CC-BY-4' is no license that is known")));
  EXPECT_THAT(Lines(Review(With("CC-BY-4.0", "Apache-2"))), Contains(HasSubstr("did you mean 'Apache-2.0'?")));
}

TEST_F(ReviewTest, ALicenseThatForbidsTheUseIsRefusedAlsoForTraining) {
  std::string text = With("CC-BY-4.0", "CC-BY-NC-4.0");
  EXPECT_FALSE(Review(text).is_refused());
  text.replace(text.find("use: research"), 13, "use: commercial");
  EXPECT_THAT(Lines(Review(text)),
              Contains(HasSubstr("refused license-forbids mixture.yaml:17: source sim: CC-BY-NC-4.0 forbids commercial "
                                 "use")));
  EXPECT_THROW(BindSheet(Parse(text), {}), Error);
  std::string release = With("CC-BY-4.0", "CC-BY-ND-4.0");
  release.replace(release.find("use: research"), 13, "use: release");
  EXPECT_THAT(Lines(Review(release)), Contains(HasSubstr("forbids releasing what is derived from it")));
}

TEST_F(ReviewTest, TheStrictestTermsTravel) {
  EXPECT_EQ(TermsOf(Parse(With("CC-BY-4.0", "CC-BY-NC-SA-4.0"))).Text(), "non-commercial, share alike, attribution");
  EXPECT_EQ(BindSheet(Parse(kSheet), {}).terms.Text(), "attribution");
  EXPECT_EQ(TermsOf(Parse(With("CC-BY-4.0", "own"))).Text(), "none");
  EXPECT_EQ(TermsOf(Parse(With("CC-BY-4.0", "unknown"))).Text(), "unknown");
}

TEST_F(ReviewTest, ActionsThatDoNotMixAreRefusedWithTheMend) {
  const std::string text = With("    action_representation: ee_delta\n    license: CC",
                                "    action_representation: "
                                "ee_absolute\n    license: CC");
  const auto lines = Lines(Review(text));
  EXPECT_THAT(lines,
              Contains(HasSubstr("refused actions-do-not-mix mixture.yaml:16: source sim: actions ee_absolute of "
                                 "panda do not mix with ee_delta, which source robot has (convert one: map: "
                                 "{action: {convert: ee_delta}})")));
  EXPECT_THAT(lines, Not(Contains(HasSubstr("does-not-fit"))));
}

TEST_F(ReviewTest, NamesThatReadOtherwiseThanTheSheetSaysAreAWarning) {
  EXPECT_THAT(Lines(Review(kSheet)), Not(Contains(HasSubstr("actions-read-otherwise"))));
  std::string text = kSheet;
  for (size_t at; (at = text.find("ee_delta")) != std::string::npos;) text.replace(at, 8, "ee_absolute");
  EXPECT_THAT(
      Lines(Review(text)),
      Contains(HasSubstr("warning actions-read-otherwise mixture.yaml:16: source sim: its actions are called dx "
                         "dy, which reads like changes, and the sheet says ee_absolute")));
}

TEST_F(ReviewTest, ABodyWithoutActionsHasNoHead) {
  const SheetReview review = Review(kSheet + std::string(kVideo));
  EXPECT_THAT(Lines(review), Contains(HasSubstr("warning no-action-head mixture.yaml:20: source video: no source has "
                                                "actions of people")));
  EXPECT_FALSE(review.is_refused());
  EXPECT_NEAR(review.buckets.back().drawn, 0.1 / 1.1, 1e-12);
  std::string target = kSheet + std::string(kVideo);
  target.replace(target.find("target: robot"), 13, "target: video");
  EXPECT_TRUE(Review(target).is_refused());
}

TEST_F(ReviewTest, ATargetOfWhichNothingIsHeldOutIsTold) {
  EXPECT_THAT(Lines(Review(With("weight: 0.1", "weight: 0.1\n    holdout: 0"))),
              Contains(HasSubstr("warning no-holdout mixture.yaml:12: no episode of the target is held out")));
  EXPECT_THAT(Lines(Review(kSheet)), Not(Contains(HasSubstr("no-holdout"))));
}

TEST_F(ReviewTest, AWeightThatShowsASourceTooOftenIsTold) {
  EXPECT_THAT(
      Lines(Review(kSheet, {.steps = 10000, .batch_size = 10})),
      Contains(HasSubstr("warning too-many-passes mixture.yaml:11: source robot: with weight 0.1 each of its 20 "
                         "windows is seen 500 times in 10000 steps of 10")));
  EXPECT_THAT(Lines(Review(kSheet, {.steps = 1000, .batch_size = 10})), Not(Contains(HasSubstr("too-many-passes"))));
}

TEST_F(ReviewTest, ARatioOutsideOfTheRangeAndASourceThatIsNeverDrawnAreTold) {
  EXPECT_THAT(Lines(Review(With("weight: 0.1", "weight: 9"))), Contains(HasSubstr("warning outside-the-range")));
  EXPECT_THAT(Lines(Review(kSheet)), Not(Contains(HasSubstr("outside-the-range"))));
  EXPECT_THAT(Lines(Review(With("weight: 0.9", "weight: 0"))),
              Contains(HasSubstr("note never-drawn mixture.yaml:19: source sim: nothing of it is trained on")));
}

TEST_F(ReviewTest, ManyFaultsAreToldAtOnce) {
  std::string text = With("dataset: robot", "dataset: robott");
  text.replace(text.find("dataset: sim"), 12, "dataset: simm");
  const auto lines = Lines(Review(text));
  EXPECT_THAT(lines, Contains(HasSubstr("refused no-dataset mixture.yaml:5: source robot")));
  EXPECT_THAT(lines, Contains(HasSubstr("refused no-dataset mixture.yaml:13: source sim")));
  EXPECT_THAT(
      Lines(Review(With("weight: 0.1", "weight: 0.1\n    episodes: [17]"))),
      Contains(HasSubstr("refused does-not-fit mixture.yaml:12: source robot: episodes: there is no episode 17")));
}

TEST_F(ReviewTest, ReportsSayTheSameInThreeForms) {
  const Sheet sheet = Parse(kSheet + std::string(kVideo));
  const ReviewOptions options{.steps = 100, .batch_size = 10};
  const SheetReview review = ReviewSheet(sheet, options);
  const auto json = ReviewJson(sheet, review, options);
  EXPECT_EQ(json["sources"].size(), 3u);
  EXPECT_DOUBLE_EQ(json["sources"][1]["weight"], 0.9 / 1.1);
  EXPECT_EQ(json["is_refused"], false);
  EXPECT_EQ(json["terms"]["text"], "attribution");
  const std::string csv = ReviewCsv(sheet, review), text = ReviewText(sheet, review, options);
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 4);
  EXPECT_THAT(csv, HasSubstr("\nsim,sim,sim,false,simulation,panda,CC-BY-4.0,,synthetic,ee_delta,36,4,360,0.8181818"));
  EXPECT_THAT(text, HasSubstr("robot (target)"));
  EXPECT_THAT(text, HasSubstr("this mixes"));
}

}  // namespace
}  // namespace heddle::mixture

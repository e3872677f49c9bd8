#include "heddle/eval/compare/published_counts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/eval/compare/counts_text.h"
#include "heddle/eval/compare/report_json.h"
#include "heddle/stats/unpaired.h"

namespace heddle::eval {
namespace {

using ::testing::HasSubstr;

class PublishedCountsTest : public ::testing::Test {
 protected:
  std::string Write(const std::string& text) {
    std::ofstream(file_) << text;
    return file_;
  }
  std::string ErrorOf(const std::string& text) {
    try {
      CompareCounts(Write(text), {});
    } catch (const Error& error) {
      return error.what();
    }
    ADD_FAILURE() << "nothing was thrown";
    return "";
  }

  ScratchFolder folder_;
  const std::string file_ = (folder_.path() / "counts.csv").string();
};

constexpr const char* kTwoGroups =
    "group,name,successes,n\n"
    "mug,alone,8,30\n"
    "mug,mixed,22,30\n"
    "mug,other,9,30\n"
    "nut,alone,11,30\n"
    "nut,mixed,15,30\n";

TEST_F(PublishedCountsTest, AreComparedUnpairedWithinTheirGroup) {
  const CountsReport report = CompareCounts(Write(kTwoGroups), {});
  ASSERT_EQ(report.groups.size(), 2u);
  const Comparison& c = report.groups[0].verdicts[0].comparison;
  EXPECT_NEAR(c.p, stats::BoschlooP({8, 30}, {22, 30}), 1e-12);
  EXPECT_NEAR(c.corrected_p, 2 * c.p, 1e-12);
  EXPECT_EQ(c.decision, Decision::kBetter);
  EXPECT_EQ(report.groups[1].verdicts[0].comparison.decision, Decision::kNotDecided);
  EXPECT_FALSE(c.is_paired);
  EXPECT_FALSE(c.sequential);
}

TEST_F(PublishedCountsTest, SayThatTheyAreNotPairedAndEndWithAClaim) {
  const std::string text = CountsText(CompareCounts(Write(kTwoGroups), {}));
  EXPECT_THAT(text, HasSubstr("not paired"));
  EXPECT_THAT(text, HasSubstr("0.733 [0.556, 0.858]"));
  EXPECT_THAT(text, HasSubstr("could fool it"));
  EXPECT_THAT(text, HasSubstr("too few trials in 2 of 2 verdicts"));
  EXPECT_THAT(text, HasSubstr("no data seals"));
}

TEST_F(PublishedCountsTest, AMarginIsShown) {
  const std::string text =
      CountsText(CompareCounts(Write("name,successes,n\na,500,600\nb,501,600\n"), {.margin = 0.1}));
  EXPECT_THAT(text, HasSubstr("p of worse by 0.1"));
  EXPECT_THAT(text, HasSubstr("not worse by 0.1 or more"));
}

TEST_F(PublishedCountsTest, AreReadFromJsonToo) {
  Write(R"([{"name": "a", "successes": 3, "n": 10}, {"name": "b", "successes": 9, "n": 10}])");
  const CountsReport report = CompareCounts(file_, {.baseline = "b"});
  EXPECT_EQ(report.groups[0].verdicts[0].comparison.decision, Decision::kWorse);
  EXPECT_EQ(ToJson(report).at("paired"), false);
}

TEST_F(PublishedCountsTest, MistakesAreNamedWithTheirLine) {
  EXPECT_THAT(ErrorOf("name,sucesses,n\na,1,2\n"), HasSubstr("unknown column 'sucesses' (did you mean 'successes'?)"));
  EXPECT_THAT(ErrorOf("name,n\na,1\n"), HasSubstr("there is no column 'successes'"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,3,2\nb,1,2\n"), HasSubstr("counts.csv:2: 3 successes of 2 trials"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,1.5,2\n"), HasSubstr("counts.csv:2: successes: '1.5' is no count"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,-1,2\n"), HasSubstr("'-1' is no count"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,0,0\n"), HasSubstr("there is no trial"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,1,2\n"), HasSubstr("there is only one policy"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,1,2\na,1,2\n"), HasSubstr("'a' is given twice"));
  EXPECT_THAT(ErrorOf("name,successes,n\na,1\n"), HasSubstr("2 cells under 3 columns"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("unknown column ''"));
  EXPECT_THAT(ErrorOf("[{\"name\": 3}]"), HasSubstr("counts"));
}

}  // namespace
}  // namespace heddle::eval

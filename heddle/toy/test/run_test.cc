#include "heddle/toy/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/toy/test/small_options.h"

namespace heddle::toy {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class RunTest : public ::testing::Test {
 protected:
  RunTest()
      : folder(fs::path(::testing::TempDir()) /
               ("toy_run_" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()))) {
    fs::remove_all(folder);
  }
  ~RunTest() override { fs::remove_all(folder); }

  RunSummary RunIt(const fs::path& out, const ToyOptions& options, const StopFlag& stop) {
    std::ostringstream quiet;
    return RunToy({.options = options,
                   .out = out,
                   .latents = folder / "latents",
                   .page_template = "<script type='application/json'>@@</script>",
                   .page_marker = "@@",
                   .version = "test"},
                  ThreadBudget(2), stop, quiet, ProgressStyle::kQuiet);
  }
  fs::path folder;
  StopFlag never;
};

TEST_F(RunTest, TheSameOptionsGiveTheSameBytes) {
  RunIt(folder / "a", SmallOptions(), never);
  RunIt(folder / "b", SmallOptions(), never);
  EXPECT_EQ(ReadAll(folder / "a" / "toy.json"), ReadAll(folder / "b" / "toy.json"));
  EXPECT_EQ(ReadAll(folder / "a" / "toy.html"), ReadAll(folder / "b" / "toy.html"));
}

TEST_F(RunTest, TheJsonHoldsWhatThePageNeeds) {
  const RunSummary summary = RunIt(folder / "a", SmallOptions(), never);
  EXPECT_FALSE(summary.partial);
  EXPECT_EQ(summary.complete_nets, 12);
  const auto json = nlohmann::json::parse(ReadAll(summary.json));
  EXPECT_EQ(json["schema"], "heddle.toy/1");
  EXPECT_EQ(json["partial"], false);
  ASSERT_EQ(json["cells"].size(), 4u);
  const auto& cell = json["cells"][1];
  EXPECT_EQ(cell["w"], 0.5);
  EXPECT_EQ(cell["loss"]["ood"].size(), 2u);
  EXPECT_EQ(cell["samples"].size(), 2u * 16 * 2);
  EXPECT_EQ(cell["field"]["points"].size(), 2u);
  EXPECT_EQ(json["anova"].size(), 4u);
  EXPECT_EQ(json["net_vs_optimum"]["regimes"].size(), 3u);
  EXPECT_EQ(json["target_only"].size(), 2u);
}

TEST_F(RunTest, SharesOfTheAnovaAddUpToOne) {
  const auto json = nlohmann::json::parse(ReadAll(RunIt(folder / "a", SmallOptions(), never).json));
  for (const auto& measure : json["anova"]) {
    double sum = 0;
    for (const auto& effect : measure["effects"]) sum += effect["share"].get<double>();
    EXPECT_NEAR(sum, 1, 1e-3) << measure["measure"];
  }
}

TEST_F(RunTest, LatentsAreWrittenWithTheRegimeOfEachNet) {
  const RunSummary summary = RunIt(folder / "a", SmallOptions(), never);
  EXPECT_EQ(summary.latent_cases, 8);  // 2 seeds x 2 x 2
  const auto cases = nlohmann::json::parse(ReadAll(folder / "latents" / "cases.json"));
  ASSERT_EQ(cases.size(), 8u);
  EXPECT_THAT(cases[0]["regime"], ::testing::AnyOf("disjoint", "structured", "overlapping"));
  EXPECT_TRUE(fs::exists(folder / "latents" / "seed0_dz0_w0_shallow.safetensors"));
  EXPECT_TRUE(fs::exists(folder / "latents" / "seed1_dz1_w1_deep.safetensors"));
}

TEST_F(RunTest, AStoppedRunLeavesWholeFilesMarkedAsPartial) {
  StopFlag stop;
  stop.Request();
  const RunSummary summary = RunIt(folder / "a", SmallOptions(), stop);
  EXPECT_TRUE(summary.partial);
  const auto json = nlohmann::json::parse(ReadAll(summary.json));
  EXPECT_EQ(json["partial"], true);
  EXPECT_EQ(json["cells"].size(), 0u);
  EXPECT_FALSE(json.contains("anova"));
}

TEST_F(RunTest, NoTextOfTheDataCanEndItsElement) {
  const std::string page = FillPage("<script>@@</script>", "@@", R"({"a": "</script><b>"})");
  EXPECT_EQ(page, R"(<script>{"a": "\u003c/script>\u003cb>"}</script>)");
}

TEST_F(RunTest, ListsThatDoNotAscendAreRefusedByKey) {
  ToyOptions options = SmallOptions();
  options.w = {0.5, 0.1};
  try {
    RunIt(folder / "a", options, never);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), 2);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("toy.w"));
  }
  EXPECT_FALSE(fs::exists(folder / "a"));
}

}  // namespace
}  // namespace heddle::toy

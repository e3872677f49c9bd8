#include "heddle/train/holdout.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/train/latents_file.h"
#include "heddle/train/test/small_run.h"

namespace heddle::train {
namespace {

bool Never() { return false; }

TEST(HoldoutTest, WindowsAreCountedByDomainHoweverManySourcesItHas) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 3);
  std::string text = ReadFile(sheet);
  const std::string hand = "name: hand\n";
  text.insert(text.find(hand) + hand.size(), "    domain: sim\n");
  std::ofstream(sheet) << text;
  const RunSetup setup = SetUpRun(SmallRun(sheet, "mix", {"log.holdout_windows=80"}));
  ASSERT_EQ(setup.bound.domains.size(), 2u);
  std::map<int32_t, int64_t> of_domain, of_source;
  const Holdout holdout(setup);
  for (const contract::Batch& batch : holdout.batches()) {
    for (const contract::RowOrigin& row : batch.origins) ++of_domain[row.domain], ++of_source[row.source];
  }
  EXPECT_EQ(of_domain[0], 80);
  EXPECT_EQ(of_domain[1], 80);
  EXPECT_NEAR(static_cast<double>(of_source[1]), 40, 1);
  EXPECT_NEAR(static_cast<double>(of_source[2]), 40, 1);
}

TEST(HoldoutTest, APassThatIsStoppedBetweenItsBatchesIsNone) {
  ScratchFolder scratch;
  RunSetup setup = SetUpRun(SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg", {"log.holdout_windows=80"}));
  const Holdout holdout(setup);
  ASSERT_GE(holdout.batches().size(), 4u);
  size_t asked = 0;
  EXPECT_TRUE(holdout.Pass(setup, true, [&] { return ++asked > 100; }));
  EXPECT_EQ(asked, holdout.batches().size());
  asked = 0;
  EXPECT_FALSE(holdout.Pass(setup, true, [&] { return ++asked == 3; }));
  EXPECT_EQ(asked, 3u);
}

TEST(HoldoutTest, LatentsAreWrittenWholeOrNotAtAll) {
  ScratchFolder scratch;
  RunSetup setup = SetUpRun(SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg", {"log.holdout_windows=80"}));
  const Holdout holdout(setup);
  const auto pass = holdout.Pass(setup, false, Never);
  const auto file = scratch.path() / "0000001.safetensors";
  int asked = 0;
  EXPECT_FALSE(WriteLatents(file, setup, holdout, *pass, 1, [&] { return ++asked == 3; }));
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_TRUE(WriteLatents(file, setup, holdout, *pass, 1, Never));
  EXPECT_TRUE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace heddle::train

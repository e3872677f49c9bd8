// A run that goes on: from a validation that was abandoned, with another process in its folder, with changed data.
#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/core/folder_lock.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/mixture/test/small_dataset.h"
#include "heddle/train/test/small_run.h"
#include "heddle/train/trainer.h"
#include "heddle/train/trainer_state.h"

namespace heddle::train {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

TrainOutcome TrainAll(const RunFile& run, const fs::path& folder) {
  return Train(run, folder, ThreadBudget(1), "test", StopFlag(), [](const TrainProgress&) {});
}

// The stop comes behind the step, before what is due there.
TrainOutcome StopBehind(const RunFile& run, const fs::path& folder, int64_t step) {
  StopFlag stop;
  return Train(run, folder, ThreadBudget(1), "test", stop, [&](const TrainProgress& progress) {
    if (progress.step == step) stop.Request();
  });
}

template <class F>
std::string UsageErrorOf(F&& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    return error.what();
  }
  return "no error";
}

// But for what a machine makes of them.
std::vector<Json> RowsOf(const fs::path& folder) {
  std::vector<Json> rows;
  std::istringstream lines(ReadFile(folder / "metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    Json row = Json::parse(line);
    for (const char* key : {"step_ms", "wait_ms", "memory_mb"}) row.erase(key);
    rows.push_back(std::move(row));
  }
  return rows;
}

bool HasHoldoutRow(const fs::path& folder, int64_t step) {
  for (const Json& row : RowsOf(folder)) {
    if (row["step"] == step && row["kind"] == "holdout") return true;
  }
  return false;
}

std::string HashOf(const fs::path& file) { return Sha256OfFile(file).sha256; }

TEST(GoingOnTest, AValidationThatIsAbandonedIsMadeWhereTrainingGoesOn) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg-adda");
  const fs::path whole = scratch.path() / "whole", parts = scratch.path() / "parts";
  TrainAll(run, whole);
  const TrainOutcome middle = StopBehind(run, parts, 15);
  EXPECT_TRUE(middle.stopped);
  EXPECT_EQ(middle.step, 15);
  EXPECT_FALSE(HasHoldoutRow(parts, 15));
  const TrainOutcome end = StopBehind(run, parts, 30);
  EXPECT_TRUE(end.stopped) << "its last validation is missing";
  EXPECT_EQ(end.step, 30);
  EXPECT_TRUE(HasHoldoutRow(parts, 15));
  EXPECT_FALSE(HasHoldoutRow(parts, 30));
  EXPECT_FALSE(fs::exists(parts / "latents/0000030.safetensors"));
  EXPECT_FALSE(TrainAll(run, parts).stopped);
  EXPECT_EQ(RowsOf(parts), RowsOf(whole));
  for (const std::string file : {"checkpoints/0000030/model.safetensors", "latents/0000030.safetensors"})
    EXPECT_EQ(HashOf(parts / file), HashOf(whole / file)) << file;
  // And then it is done with.
  const std::string before = HashOf(parts / "metrics.jsonl");
  TrainAll(run, parts);
  EXPECT_EQ(HashOf(parts / "metrics.jsonl"), before);
}

TEST(GoingOnTest, AValidationsRowThatAKillLeftBehindIsNotDoubled) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix");
  const fs::path whole = scratch.path() / "whole", parts = scratch.path() / "parts";
  TrainAll(run, whole);
  StopBehind(run, parts, 15);
  std::ofstream(parts / "metrics.jsonl", std::ios::app) << "{\"step\": 15, \"kind\": \"holdout\"}\n";
  TrainAll(run, parts);
  EXPECT_EQ(RowsOf(parts), RowsOf(whole));
}

TEST(GoingOnTest, OneProcessTrainsInAFolderAtATime) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix");
  const fs::path folder = scratch.path() / "run";
  std::string said;
  Train(run, folder, ThreadBudget(1), "test", StopFlag(), [&](const TrainProgress& progress) {
    if (progress.step == 7) said = UsageErrorOf([&] { TrainAll(run, folder); });
  });
  EXPECT_THAT(said, AllOf(HasSubstr("/run: another process trains here"), HasSubstr("give another --out")));
  TrainAll(run, scratch.path() / "alone");
  EXPECT_EQ(RowsOf(folder), RowsOf(scratch.path() / "alone"));
  EXPECT_TRUE(FolderLock::Try(folder)) << "it is free again";
}

TEST(GoingOnTest, OtherRowsInADatasetAreSeenAndTheirSourceIsNamed) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix");
  StopBehind(run, scratch.path() / "run", 5);
  const std::string info = ReadFile(scratch.path() / "sim/meta/info.json");
  std::vector<std::vector<mixture::SmallFrame>> episodes(10, std::vector<mixture::SmallFrame>(14));
  for (auto& episode : episodes) {
    for (size_t i = 0; i < episode.size(); ++i) {
      const float x = .1f * static_cast<float>(i);
      episode[i].numbers = {{"observation.state", {x, -x}}, {"observation.goal", {x, x}}, {"action", {x, 1 - x}}};
    }
  }
  fs::remove_all(scratch.path() / "sim");
  mixture::WriteSmallDataset(
      scratch.path() / "sim", 10, "move the point",
      {{"observation.state", {"x", "y"}}, {"observation.goal", {"goal_x", "goal_y"}}, {"action", {"dx", "dy"}}},
      episodes);
  ASSERT_EQ(ReadFile(scratch.path() / "sim/meta/info.json"), info) << "which says nothing of the rows";
  EXPECT_THAT(UsageErrorOf([&] { TrainAll(run, scratch.path() / "run"); }),
              HasSubstr("trainer.json: the dataset of source sim is no longer the one that the run began with"));
}

TEST(GoingOnTest, AModuleThatChangedIsSeenAndItsOptionIsNamed) {
  ScratchFolder scratch;
  RunSetup setup = SetUpRun(SmallRun(WriteSmallMixture(scratch.path(), 2), "mix"));
  setup.policy->parameters().Flatten();
  const auto& parameters = setup.policy->parameters();
  setup.options.policy.trunk.script = (scratch.path() / "trunk.pt").string();
  std::ofstream(setup.options.policy.trunk.script) << "a module";
  const at::Tensor block = at::zeros({parameters.num_elements()});
  WriteTrainerState(scratch.path(), {.step = 4, .values = block, .moments = {block, block, block, 4}},
                    RunInputs::Of(setup));
  EXPECT_EQ(ReadTrainerState(scratch.path(), 4, parameters, RunInputs::Of(setup)).moments.steps, 4);
  std::ofstream(setup.options.policy.trunk.script) << "another";
  EXPECT_THAT(UsageErrorOf([&] { ReadTrainerState(scratch.path(), 4, parameters, RunInputs::Of(setup)); }),
              HasSubstr("the module that policy.trunk.script names is no longer the one that the run began with"));
}

}  // namespace
}  // namespace heddle::train

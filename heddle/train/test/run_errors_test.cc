// What a run's options, its folder and what stands in it can have wrong: one line each, with the place and the mend.
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/test/error_of.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/train/plan.h"
#include "heddle/train/setup.h"
#include "heddle/train/test/small_run.h"
#include "heddle/train/trainer.h"

namespace heddle::train {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;

TrainOutcome TrainAll(const RunFile& run, const fs::path& folder) {
  return Train(run, folder, ThreadBudget(1), "test", StopFlag(), [](const TrainProgress&) {});
}

// Every file's bytes by its place.
std::map<std::string, std::string> FilesOf(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[entry.path().lexically_relative(folder).string()] = ReadFile(entry.path());
  }
  return files;
}

struct Mistake {
  std::string method;
  std::vector<std::string> settings;
  std::string said;
};

TEST(RunErrorsTest, OptionsThatAreWrongOrContradictEachOther) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 2);
  const std::vector<Mistake> mistakes = {
      {"mix",
       {"batch_size=0"},
       "--set batch_size=0: batch_size is 0, which is out of range (it must lie in [1, 65536])"},
      {"mix", {"batch_size=2.5"}, "batch_size is 2.5 (it must be an integer)"},
      {"mix", {"w=1.5"}, "w is 1.5, which is out of range (it must lie in [0, 1])"},
      {"mix", {"w=-0.1"}, "w is -0.1, which is out of range"},
      {"mix", {"w=nan"}, "w is the text 'nan' (it must be a number, or auto)"},
      {"mix", {"w=.inf"}, "w is inf (give a finite number)"},
      {"mix", {"tau=-1"}, "tau is -1, which is out of range (it must lie in [0, 4])"},
      {"mix", {"trunk.width=64"}, "there is no option 'trunk.width' (did you mean 'policy.trunk.width'?)"},
      {"mix", {"steps"}, "this sets nothing (write --set PATH=VALUE)"},
      {"mix", {"align=3"}, "align is a group (set one of its options: adversary, transport, script)"},
      {"adaa", {}, "--set method=adaa: method can't be 'adaa' (did you mean 'adda'?)"},
      {"custom", {"align.adversary.weight=-1"}, "align.adversary.weight is -1, which is out of range"},
      {"custom", {"align.adversary.weight=.nan"}, "align.adversary.weight is nan (give a finite number)"},
      {"mix", {"align.adversary.weight=0.1"}, "method 'mix' has no adversary, and align.adversary.weight turns one on"},
      {"ot", {"align.transport.weight=0"}, "method 'ot' stands for transport, which align.transport.weight turns off"},
      {"cfg-ot", {"discern.condition.keys=[]"}, "stands for condition, which discern.condition.keys turns off"},
      {"mix", {"guidance=1"}, "guidance is 1, and the policy is told no label to be guided by (name a method that"},
      {"cfg", {"discern.condition.dropout=1"}, "the policy would never be shown a label (give less than 1)"},
      {"cfg", {"discern.condition.keys=[domain, domain]"}, "has 'domain' twice (keep one of them)"},
      {"cfg", {"discern.condition.keys=[domian]"}, "no source has a label 'domian' (did you mean 'domain'?)"},
      {"custom",
       {"align.adversary.weight=1", "align.adversary.label=embodimnt"},
       "align.adversary.label: no label 'embodimnt' in this mixture (did you mean 'embodiment'?)"},
      {"custom",
       {"align.adversary.weight=1", "align.adversary.label=strategy"},
       "align.adversary.label: no label 'strategy' in this mixture (one of: domain, embodiment)"},
      {"custom",
       {"align.adversary.weight=1", "align.adversary.dimensions=[5, 2]"},
       "align.adversary.dimensions: no range of the latent's 32"},
      {"custom",
       {"align.adversary.weight=1", "align.adversary.label=embodiment"},
       "align.adversary.label: every row has the same embodiment, so there is nothing to tell"},
      {"ot", {"align.transport.dimensions=[0, 999]"}, "align.transport.dimensions: no range of the latent's 32"},
      {"custom", {"align.script.weight=1"}, "align.script.file: no file is named (name a module saved by"},
      {"custom", {"align.script.file=x.pt"}, "align.script.file is named, and align.script.weight is 0 (give it a"},
      {"mix", {"policy.camera.script=x.pt"}, "policy.camera.script is named, and the policy sees no camera"},
      {"mix",
       {"data.cameras=[observation.images.top]"},
       "data.cameras: no source has the camera 'observation.images.top'"},
      {"mix", {"data.numbers=[observation.stat]"}, "no source has numbers 'observation.stat' (did you mean"},
      {"mix", {"data.execute=99"}, "data.execute is 99, and a chunk has 4 actions (execute at most data.action_steps)"},
      {"mix", {"policy.head.sampler_steps=999"}, "sampler_steps is more than policy.head.noise_steps (give at most"},
      {"mix", {"policy.head.time_features=33"}, "policy.head.time_features is 33 (give an even number"},
      {"mix",
       {"policy.trunk.kind=transformer", "policy.trunk.heads=3"},
       "policy.trunk.heads: 3 heads don't divide a width of 32 (give a divisor of policy.trunk.width)"},
      {"mix",
       {"policy.head.kind=transformer", "policy.head.heads=7"},
       "policy.head.heads: 7 heads don't divide a width of 32 (give a divisor of policy.head.width)"},
      {"mix", {"w=auto", "schedule.kind=ramp"}, "schedule.at and schedule.w need equally many values, and schedule.at"},
      {"mix",
       {"w=auto", "schedule.kind=ramp", "schedule.at=[0, 0.5, 0.3]", "schedule.w=[0, 1, 0]"},
       "schedule.at must rise, and 0.3 stands behind 0.5 (sort its points"},
      {"mix",
       {"w=auto", "schedule.kind=stages", "schedule.at=[0, 0.5]", "schedule.w=[0, 2]"},
       "schedule.w[1] is 2, which is out of range"},
      {"mix", {"schedule.kind=stages", "schedule.at=[0]", "schedule.w=[1]"}, "w is given, and a schedule of it too"},
      {"mix",
       {"schedule.at=[0]", "schedule.w=[1]"},
       "schedule.kind is constant, and schedule.at or schedule.w is given"},
  };
  for (const Mistake& mistake : mistakes) {
    const fs::path out = scratch.path() / "run";
    EXPECT_THAT(ErrorOf([&] { TrainAll(SmallRun(sheet, mistake.method, mistake.settings), out); }),
                HasSubstr(mistake.said));
    EXPECT_TRUE(!fs::exists(out) || fs::is_empty(out)) << mistake.said;
  }
}

TEST(RunErrorsTest, WhatNeedsTwoDomainsIsRefusedWithOne) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 1);
  EXPECT_EQ(
      ErrorOf([&] { SetUpRun(SmallRun(sheet, "ot", {"w=1"})); }),
      "align.transport: there is one domain only, so there is nothing to transport (set align.transport.weight=0, "
      "or mix a surrogate in)");
  EXPECT_THAT(ErrorOf([&] { SetUpRun(SmallRun(sheet, "cfg-adda", {"w=1"})); }),
              HasSubstr("align.adversary.label: every row has the same domain"));
  EXPECT_THAT(ErrorOf([&] { SetUpRun(SmallRun(sheet, "mix")); }),
              AllOf(HasSubstr("w is 0.3, and no episode of a surrogate is trained on"), HasSubstr("give w = 1")));
}

TEST(RunErrorsTest, AFolderIsNoRunFile) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 1);
  EXPECT_THAT(ErrorOf([&] { ReadRun(scratch.path(), "", {}); }), HasSubstr("name a run.yaml or a mixture sheet"));
  std::ofstream(scratch.path() / "run.yaml") << "w: 1\n";
  EXPECT_THAT(ErrorOf([&] { ReadRun(scratch.path(), "", {}); }), HasSubstr("did you mean '" + scratch.path().string()));
}

TEST(RunErrorsTest, NothingIsWrittenIntoAFolderOfSomethingElse) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 2);
  const auto before = FilesOf(scratch.path() / "sim");
  EXPECT_THAT(ErrorOf([&] { TrainAll(SmallRun(sheet, "mix"), scratch.path() / "sim"); }),
              AllOf(HasSubstr("/sim: is not empty"), HasSubstr("is of no run (give another --out)")));
  EXPECT_EQ(FilesOf(scratch.path() / "sim"), before);
}

TEST(RunErrorsTest, NorAmongFilesThatARunNamesAlikeAndDidNotWrite) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix", {"steps=2"});
  const auto refuses = [&](const std::string& file, const std::string& said) {
    const fs::path out = scratch.path() / "out";
    fs::remove_all(out);
    fs::create_directories((out / file).parent_path());
    std::ofstream(out / file) << "mine\n";
    EXPECT_THAT(ErrorOf([&] { TrainAll(run, out); }), HasSubstr(said));
    EXPECT_EQ(FilesOf(out).size(), 1u);
  };
  refuses("run.yaml", "is not empty: no run wrote its run.yaml (give another --out)");
  refuses("mixture.yaml", "is not empty: no run wrote its mixture.yaml");
  refuses("checkpoints/best.pt", "is not empty: checkpoints/best.pt is of no run");
  refuses("latents/notes.txt", "is not empty: latents/notes.txt is of no run");
  refuses(".git/config", "is not empty: .git is of no run");
}

TEST(RunErrorsTest, NorBesideTheSheetThatItWouldReplace) {
  ScratchFolder scratch, elsewhere;
  const fs::path sheet = elsewhere.path() / "mixture.yaml";
  std::string text = ReadFile(WriteSmallMixture(scratch.path(), 2));
  for (size_t at = 0; (at = text.find("dataset: ", at)) != std::string::npos; at += 9)
    text.insert(at + 9, scratch.path().string() + "/");
  std::ofstream(sheet) << "# by hand\n" << text;
  EXPECT_THAT(ErrorOf([&] { TrainAll(SmallRun(sheet, "mix"), elsewhere.path()); }),
              HasSubstr("holds the file that is trained from, mixture.yaml (give another --out)"));
  EXPECT_THAT(ReadFile(sheet), HasSubstr("# by hand"));
}

TEST(RunErrorsTest, ARunWithoutAnyStepIsNotInTheWayOfAnother) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 2), out = scratch.path() / "run";
  TrainAll(SmallRun(sheet, "mix", {"steps=3"}), out);
  // As a kill between the options and the first row leaves it.
  fs::remove(out / "metrics.jsonl");
  fs::remove_all(out / "checkpoints");
  EXPECT_EQ(TrainAll(SmallRun(sheet, "mix", {"steps=2"}), out).step, 2);
  EXPECT_THAT(ReadFile(out / "run.yaml"), HasSubstr("steps: 2\n"));
}

// A run of ten steps that is to go on, with its last checkpoint at step 5.
class DamagedRun : public ::testing::Test {
 protected:
  DamagedRun() : run_(SmallRun(WriteSmallMixture(scratch_.path(), 2), "mix", {"steps=10"})) {
    Train(run_, whole_, ThreadBudget(1), "test", StopFlag(), [](const TrainProgress&) {}, /*until=*/5);
  }
  // A fresh copy in which something is done to a file.
  fs::path CopyWith(const std::function<void(const fs::path&)>& harm) {
    const fs::path folder = scratch_.path() / "damaged";
    fs::remove_all(folder);
    fs::copy(whole_, folder, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    harm(folder);
    return folder;
  }
  void Refuses(const std::string& what, const std::string& said, ErrorKind kind,
               const std::function<void(const fs::path&)>& harm) {
    const fs::path folder = CopyWith(harm);
    const auto before = FilesOf(folder);
    EXPECT_THAT(ErrorOf([&] { TrainAll(run_, folder); }, kind), HasSubstr(said)) << what;
    EXPECT_EQ(FilesOf(folder), before) << what;
  }

  ScratchFolder scratch_;
  const fs::path whole_ = scratch_.path() / "whole", last_ = "checkpoints/0000005";
  RunFile run_;
};

void Write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

void Replace(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = ReadFile(file);
  ASSERT_NE(text.find(from), std::string::npos) << text;
  Write(file, text.replace(text.find(from), from.size(), to));
}

TEST_F(DamagedRun, IsToldByTheFileThatIsDamagedAndLeftAsItIs) {
  const fs::path state = last_ / "trainer.safetensors", json = last_ / "trainer.json";
  const auto kInput = ErrorKind::kInput;
  const auto cut = [](const fs::path& file) { fs::resize_file(file, fs::file_size(file) - 10); };
  Refuses("state cut", "trainer.safetensors: the tensors take", kInput, [&](auto& run) { cut(run / state); });
  Refuses("state garbled", "trainer.safetensors: the header is said to have", kInput,
          [&](auto& run) { Write(run / state, std::string(3000, '\xa7')); });
  Refuses("state of another net", "trainer.safetensors: has no 'values'", kInput, [&](auto& run) {
    fs::copy_file(run / last_ / "stats.safetensors", run / state, fs::copy_options::overwrite_existing);
  });
  Refuses("state away", "trainer.safetensors: cannot read this file", ErrorKind::kSystem,
          [&](auto& run) { fs::remove(run / state); });
  Refuses("json cut", "trainer.json:1:", kInput, [&](auto& run) { Write(run / json, "{\"step\": "); });
  Refuses("json away", "no checkpoint has the trainer.json from which training goes on", kInput,
          [&](auto& run) { fs::remove(run / json); });
  Refuses("step no number", "trainer.json: 'step' is no count (bring it back, or begin a new run", kInput,
          [&](auto& run) { Replace(run / json, "\"step\": 5", "\"step\": \"five\""); });
  Refuses("step negative", "trainer.json: 'step' is no count", kInput,
          [&](auto& run) { Replace(run / json, "\"step\": 5", "\"step\": -5"); });
  Refuses("step of another", "trainer.json: is not of this checkpoint's step", kInput,
          [&](auto& run) { Replace(run / json, "\"step\": 5", "\"step\": 4"); });
  Refuses("hash no text", "trainer.json: 'mixture_hash' is no hash (bring it back", kInput,
          [&](auto& run) { Replace(run / json, "\"mixture_hash\": \"", "\"mixture_hash\": 3, \"was\": \""); });
  Refuses("flag no flag", "trainer.json: 'validation_due' is neither true nor false", kInput,
          [&](auto& run) { Replace(run / json, "\"validation_due\": false", "\"validation_due\": 0"); });
  Refuses("steps no steps", "trainer.json: 'not_finite_on_end' is no list of steps", kInput,
          [&](auto& run) { Replace(run / json, "\"not_finite_on_end\": []", "\"not_finite_on_end\": [3]"); });
  Refuses("datasets no list", "trainer.json: 'datasets' is no list of names and hashes", kInput,
          [&](auto& run) { Replace(run / json, "\"datasets\": {", "\"datasets\": 1, \"were\": {"); });
  Refuses("other data", "the datasets are no longer those that the run began with", ErrorKind::kUsage,
          [&](auto& run) { Replace(run / json, "\"mixture_hash\": \"", "\"mixture_hash\": \"0"); });
  Refuses("options away", "has parts of a run and no run.yaml", ErrorKind::kUsage,
          [&](auto& run) { fs::remove(run / "run.yaml"); });
  Refuses("options garbled", "run.yaml: is no longer what the run wrote", kInput,
          [&](auto& run) { Write(run / "run.yaml", "garbage\n"); });
  Refuses("options changed", "run.yaml: another run is there: seed was 7 and is 0", ErrorKind::kUsage,
          [&](auto& run) { Replace(run / "run.yaml", "\nseed: 0\n", "\nseed: 7\n"); });
}

TEST_F(DamagedRun, GoesOnWhereOnlyWhatCanBeMadeAgainIsLost) {
  const fs::path folder = CopyWith([](const fs::path& run) {
    fs::remove(run / "checkpoints" / "latest");
    std::ofstream(run / "metrics.jsonl", std::ios::app) << "{\"step\": \"six\"}\n{\"step\": 6, \"ki";
  });
  EXPECT_EQ(TrainAll(run_, folder).first_step, 5);
  EXPECT_EQ(fs::read_symlink(folder / "checkpoints" / "latest"), "0000010");
  // Of a finished run, too: killed between its last checkpoint and the link to it.
  fs::remove(folder / "checkpoints" / "latest");
  EXPECT_EQ(TrainAll(run_, folder).first_step, 10);
  EXPECT_EQ(fs::read_symlink(folder / "checkpoints" / "latest"), "0000010");
}

TEST(RunErrorsTest, AFinishedRunIsLeftAsItIsByteByByte) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg", {"steps=4", "log.tensorboard=true"});
  TrainAll(run, scratch.path() / "run");
  const auto before = FilesOf(scratch.path() / "run");
  TrainAll(run, scratch.path() / "run");
  EXPECT_EQ(FilesOf(scratch.path() / "run"), before);
}

TEST(RunErrorsTest, APlansDiskIsWhatTheRunTakes) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg-adda", {"steps=25"});
  const double plan_mb = PlanRun(run, ThreadBudget(1)).disk_mb;
  TrainAll(run, scratch.path() / "run");
  double taken_mb = 0;
  for (const auto& [name, bytes] : FilesOf(scratch.path() / "run")) {
    if (name.ends_with(".safetensors") && !name.starts_with("checkpoints/latest/"))
      taken_mb += 1e-6 * static_cast<double>(bytes.size());
  }
  EXPECT_LT(taken_mb, plan_mb);
  EXPECT_GT(taken_mb, .4 * plan_mb);
}

TEST(RunErrorsTest, APlanOfFewerStepsThanItsTrialIsAPlanToo) {
  ScratchFolder scratch;
  const fs::path sheet = WriteSmallMixture(scratch.path(), 2);
  const auto before = FilesOf(scratch.path());
  for (const std::string method : {"mix", "cfg-adda", "cfg-ot"}) {
    const TrainPlan plan = PlanRun(SmallRun(sheet, method, {"steps=5", "log.checkpoint_every=5"}), ThreadBudget(1));
    EXPECT_EQ(plan.steps, 5);
    EXPECT_GT(plan.disk_mb, 0);
    EXPECT_NEAR(plan.sources[0].passes, 5 * 16 * .3 / (4 * 14), .1);
  }
  EXPECT_EQ(FilesOf(scratch.path()), before);
}

}  // namespace
}  // namespace heddle::train

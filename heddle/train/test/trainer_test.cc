#include "heddle/train/trainer.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/mixture/test/kitchen_stand_ins.h"
#include "heddle/policy/checkpoint.h"
#include "heddle/tensor/safetensors.h"
#include "heddle/train/plan.h"
#include "heddle/train/setup.h"
#include "heddle/train/test/small_run.h"

namespace heddle::train {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

TrainOutcome TrainAll(const RunFile& run, const std::filesystem::path& folder, int threads = 1) {
  return Train(run, folder, ThreadBudget(threads), "test", StopFlag(), [](const TrainProgress&) {});
}

// Stops the run once so many steps are done in all.
TrainOutcome TrainUntil(const RunFile& run, const std::filesystem::path& folder, int64_t step) {
  StopFlag stop;
  return Train(run, folder, ThreadBudget(1), "test", stop, [&](const TrainProgress& progress) {
    if (progress.step >= step) stop.Request();
  });
}

std::string HashOf(const std::filesystem::path& checkpoint) {
  return Sha256OfFile(checkpoint / "model.safetensors").sha256;
}

std::vector<Json> RowsOf(const std::filesystem::path& folder, const std::string& kind) {
  std::vector<Json> rows;
  std::istringstream lines(ReadFile(folder / "metrics.jsonl"));
  for (std::string line; std::getline(lines, line);) {
    Json row = Json::parse(line);
    if (row["kind"] == kind) rows.push_back(std::move(row));
  }
  return rows;
}

template <class F>
std::string ErrorOf(F&& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class Methods : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, Methods, ::testing::Values("mix", "ot", "adda", "cfg", "cfg-adda", "cfg-ot"));

TEST_P(Methods, TrainOnTwoDomainsOnThreeWithAnotherBodyAndWithASourceWithoutActions) {
  for (const int sources : {2, 3, 4}) {
    ScratchFolder scratch;
    const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), sources), GetParam());
    const TrainOutcome outcome = TrainAll(run, scratch.path() / "run");
    EXPECT_EQ(outcome.step, 30);
    EXPECT_EQ(outcome.skipped, 0);
    const policy::Checkpoint checkpoint = policy::LoadCheckpoint(scratch.path() / "run");
    EXPECT_EQ(checkpoint.card.training.method, GetParam());
    EXPECT_EQ(checkpoint.card.embodiment, "point");
    EXPECT_NEAR(checkpoint.card.training.target_passes.value(), 30 * 16 * .3 / (4 * 14), .1);
    EXPECT_EQ(checkpoint.card.conditions.size(), GetParam().starts_with("cfg") ? 1u : 0u);
    EXPECT_EQ(checkpoint.policy->layout().actions.size(), sources >= 3 ? 2u : 1u);
    const Json last = RowsOf(scratch.path() / "run", "train").back();
    EXPECT_GT(last["memory_mb"], 10);
    EXPECT_TRUE(last.contains("loss/imitation"));
    EXPECT_EQ(last.contains("loss/transport"), GetParam() == "ot" || GetParam() == "cfg-ot");
    EXPECT_EQ(last.contains("loss/adversary"), GetParam() == "adda" || GetParam() == "cfg-adda");
    EXPECT_TRUE(last.contains("domain_cosine/sim")) << last;
    EXPECT_EQ(last.contains("domain_cosine/video"), false) << "it has no actions to pull with";
  }
}

TEST_P(Methods, ThatAreStoppedAndGoOnEndWithTheSameWeights) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), GetParam());
  const TrainOutcome whole = TrainAll(run, scratch.path() / "whole");
  for (const int64_t stop : {3, 10, 17}) {
    const TrainOutcome part = TrainUntil(run, scratch.path() / "parts", stop);
    EXPECT_TRUE(part.stopped);
    EXPECT_EQ(part.step, stop);
  }
  const TrainOutcome rest = TrainAll(run, scratch.path() / "parts");
  EXPECT_EQ(rest.first_step, 17);
  EXPECT_EQ(HashOf(rest.checkpoint), HashOf(whole.checkpoint));
  EXPECT_EQ(RowsOf(scratch.path() / "parts", "train").size(), RowsOf(scratch.path() / "whole", "train").size());
}

TEST(TrainerTest, SmallPicturesTrainAndResumeToo) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2, /*pictures=*/true);
  const std::vector<std::string> pictures = {"data.cameras=[observation.images.top]", "data.picture_size=36",
                                             "steps=12"};
  const RunFile run = SmallRun(sheet, "cfg-adda", pictures);
  const TrainOutcome whole = TrainAll(run, scratch.path() / "whole");
  TrainUntil(run, scratch.path() / "parts", 5);
  EXPECT_EQ(HashOf(TrainAll(run, scratch.path() / "parts").checkpoint), HashOf(whole.checkpoint));
  EXPECT_EQ(policy::LoadCheckpoint(whole.folder).card.observation.cameras.at(0).height, 36);
}

TEST(TrainerTest, TransformersTrainWithTwoLabelsEmbedded) {
  ScratchFolder scratch;
  const RunFile run =
      SmallRun(WriteSmallMixture(scratch.path(), 3), "cfg",
               {"policy.trunk.kind=transformer", "policy.head.kind=transformer", "discern.condition.embedded=true",
                "discern.condition.keys=[domain, embodiment]", "policy.head.path=flow"});
  const TrainOutcome outcome = TrainAll(run, scratch.path() / "run");
  const auto checkpoint = policy::LoadCheckpoint(outcome.folder);
  EXPECT_EQ(checkpoint.card.conditions[1].act, "point");
  EXPECT_EQ(checkpoint.card.sampler.kind, "euler");
}

TEST(TrainerTest, AnUnknownLicenseIsToldAndTheStrictestTermsGoIntoTheCard) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2);
  std::string text = ReadFile(sheet);
  text.replace(text.find("license: own"), 12, "license: unknown");
  text.replace(text.rfind("license: own"), 12, "license: CC-BY-NC-4.0");
  std::ofstream(sheet) << text;
  std::vector<std::string> notes;
  Train(
      SmallRun(sheet, "mix"), scratch.path() / "run", ThreadBudget(1), "test", StopFlag(),
      [&](const TrainProgress& progress) { notes.insert(notes.end(), progress.notes.begin(), progress.notes.end()); });
  EXPECT_THAT(notes, ::testing::ElementsAre(HasSubstr("license")));
  const contract::CardTerms& terms = policy::LoadCheckpoint(scratch.path() / "run").card.terms;
  EXPECT_THAT(terms.licenses, ::testing::UnorderedElementsAre("unknown", "CC-BY-NC-4.0"));
  EXPECT_THAT(terms.strictest, HasSubstr("non-commercial"));
}

TEST(TrainerTest, TheKitchensFiveSourcesTrainAFewSteps) {
  ScratchFolder scratch;
  mixture::WriteKitchenStandIns(scratch.path() / "kitchen");
  const auto sheet = scratch.path() / "kitchen.yaml";
  std::filesystem::copy_file(std::filesystem::path(HEDDLE_TESTDATA) / ".." / "recipes" / "kitchen.yaml", sheet);
  const RunFile run =
      ReadRun(sheet, "cfg-adda",
              {"steps=6", "batch_size=24", "log.every=1", "log.holdout_windows=16", "policy.trunk.width=32",
               "policy.head.width=32", "discern.condition.keys=[domain, task_family]"});
  const TrainOutcome outcome = TrainAll(run, scratch.path() / "run");
  EXPECT_EQ(outcome.skipped, 0);
  const Json row = RowsOf(scratch.path() / "run", "holdout").back();
  // What fails physically and what is not understood are told apart by source.
  EXPECT_TRUE(row.contains("source_loss/robot")) << row;
  EXPECT_TRUE(row.contains("source_loss/robot_new_family")) << row;
}

TEST(TrainerTest, TheLossFalls) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix",
                               {"steps=600", "optimiser.learning_rate=0.003", "log.every=1", "log.checkpoint_every=600",
                                "log.validate_every=600", "policy.head.prediction=velocity"});
  TrainAll(run, scratch.path() / "run");
  const auto rows = RowsOf(scratch.path() / "run", "train");
  double first = 0, last = 0;
  for (size_t i = 0; i < 50; ++i) {
    first += rows[i]["loss"].get<double>() / 50;
    last += rows[rows.size() - 1 - i]["loss"].get<double>() / 50;
  }
  EXPECT_LT(last, first / 2);
  const Json holdout = RowsOf(scratch.path() / "run", "holdout").back();
  EXPECT_LT(holdout["action_error/real"].get<double>(), .6);
}

TEST(TrainerTest, LimitsAreOfTheTargetsOwnActionsWithAMargin) {
  ScratchFolder scratch;
  const RunSetup setup = SetUpRun(SmallRun(WriteSmallMixture(scratch.path(), 3), "mix"));
  const contract::FeatureStatistics& all = setup.bound.statistics.at("action@point.ee_delta");
  const contract::CardLimits& limits = setup.card.limits;
  EXPECT_LT(limits.high[0] - limits.low[0], 1.2 * (all.max[0] - all.min[0])) << "the surrogates reach farther";
  EXPECT_GT(limits.high[0] - limits.low[0], 0);
}

TEST(TrainerTest, RunningAFinishedRunAgainDoesNothing) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "mix");
  const std::string before = HashOf(TrainAll(run, scratch.path() / "run").checkpoint);
  const TrainOutcome again = TrainAll(run, scratch.path() / "run");
  EXPECT_EQ(again.first_step, 30);
  EXPECT_EQ(HashOf(again.checkpoint), before);
}

TEST(TrainerTest, AnotherRunInTheFolderIsNotGoneOnWith) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2);
  TrainAll(SmallRun(sheet, "mix"), scratch.path() / "run");
  EXPECT_THAT(ErrorOf([&] { TrainAll(SmallRun(sheet, "mix", {"seed=1"}), scratch.path() / "run"); }),
              AllOf(HasSubstr("another run is there: seed was 0 and is 1"), HasSubstr("--out")));
}

TEST(TrainerTest, TheFolderIsARunThatCanBeMadeAgain) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 2), "cfg-adda");
  const TrainOutcome first = TrainAll(run, scratch.path() / "run");
  const RunFile again = ReadRun(scratch.path() / "run" / "run.yaml", "", {});
  EXPECT_EQ(HashOf(TrainAll(again, scratch.path() / "again").checkpoint), HashOf(first.checkpoint));
}

TEST(TrainerTest, StepsThatAreNotFiniteAreSkippedTracedAndAfterTenOnEndStopTheRun) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(
      WriteSmallMixture(scratch.path(), 2), "mix",
      {"optimiser.learning_rate=9", "optimiser.clip_norm=0", "optimiser.epsilon=1e-30", "learning_rate.warmup_steps=0",
       "steps=4000", "log.validate_every=4000", "optimiser.weight_decay=1e38", "log.checkpoint_every=4000"});
  std::vector<std::string> notes;
  const auto train = [&] {
    Train(run, scratch.path() / "run", ThreadBudget(1), "test", StopFlag(), [&](const TrainProgress& progress) {
      notes.insert(notes.end(), progress.notes.begin(), progress.notes.end());
    });
  };
  EXPECT_THAT(ErrorOf(train), AllOf(HasSubstr("the loss was not finite in 10 steps on end"), HasSubstr("in all rows"),
                                    HasSubstr("not_finite.json")));
  EXPECT_THAT(notes.back(), HasSubstr("skipped: its loss is not finite; all 16 rows: the weights, not the data"));
  const Json dump = Json::parse(ReadFile(scratch.path() / "run" / "not_finite.json"));
  ASSERT_EQ(dump["steps"].size(), 10u);
  for (const Json& step : dump["steps"]) EXPECT_EQ(step["rows"].size(), 16u);
  EXPECT_THAT(dump["steps"][0]["rows"][0].get<std::string>(), HasSubstr("episode"));
  const Json last = RowsOf(scratch.path() / "run", "train").back();
  EXPECT_TRUE(last.contains("skipped"));
  EXPECT_EQ(last["step"], dump["step"]);
  // What it stopped with is there, and where it goes on nothing is forgotten.
  EXPECT_TRUE(std::filesystem::exists(scratch.path() / "run/checkpoints/latest/trainer.json"));
  EXPECT_THAT(ErrorOf(train), HasSubstr("the loss was not finite in 11 steps on end"));
}

TEST(TrainerTest, HeldOutWindowsAreMeasuredShallowAndDeepAndTheirLatentsKept) {
  ScratchFolder scratch;
  const RunFile run = SmallRun(WriteSmallMixture(scratch.path(), 3), "cfg");
  TrainAll(run, scratch.path() / "run");
  const Json row = RowsOf(scratch.path() / "run", "holdout").back();
  EXPECT_TRUE(row.contains("source_loss/sim")) << row;
  for (const std::string layer : {"shallow", "z"}) {
    EXPECT_TRUE(row.contains("sliced_wasserstein/" + layer + "/sim")) << row;
    EXPECT_TRUE(row.contains("probe/" + layer + "/hand")) << row;
  }
  const auto file = tensor::ReadSafetensors(scratch.path() / "run" / "latents" / "0000030.safetensors");
  const int64_t rows = file.tensors.at("z").size(0);
  for (const std::string name : {"shallow", "domain", "source", "episode", "frame", "action", "condition", "effect"})
    EXPECT_EQ(file.tensors.at(name).size(0), rows) << name;
  EXPECT_GT(file.tensors.at("effect").max().item<float>(), 0);
  EXPECT_EQ(file.metadata.at("domains"), "real\nsim\nhand");
}

TEST(TrainerTest, WGoesOverTrainingAsTheScheduleSays) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2);
  RunFile run = SmallRun(sheet, "mix", {"schedule.kind=stages", "schedule.at=[0, 0.5]", "schedule.w=[0, 1]", "w=auto"});
  TrainAll(run, scratch.path() / "run");
  const auto rows = RowsOf(scratch.path() / "run", "train");
  for (const Json& row : rows) {
    if (!row.contains("domain_gradient/real") && !row.contains("domain_gradient/sim")) continue;
    EXPECT_EQ(row.contains("domain_gradient/real"), row["step"].get<int64_t>() > 15) << row;
    EXPECT_EQ(row.contains("domain_gradient/sim"), row["step"].get<int64_t>() <= 15) << row;
  }
  const auto training = policy::LoadCheckpoint(scratch.path() / "run").card.training;
  EXPECT_DOUBLE_EQ(training.w.value(), .5);
  EXPECT_EQ(training.method, "mix; w in stages: 0 from 0, 1 from 0.5");
  const TrainPlan plan = PlanRun(run, ThreadBudget(1));
  EXPECT_DOUBLE_EQ(plan.w, .5);
  EXPECT_THAT(plan.w_reason, HasSubstr("w in stages: 0 from 0, 1 from 0.5"));
  for (const SourcePlan& source : plan.sources) {
    EXPECT_DOUBLE_EQ(source.share, .5);
    EXPECT_NEAR(source.passes * static_cast<double>(source.windows), source.share * 30 * 16, 1) << source.name;
  }
}

TEST(TrainerTest, ThePlanSaysStepsTimeMemoryAndPasses) {
  ScratchFolder scratch;
  const TrainPlan plan = PlanRun(SmallRun(WriteSmallMixture(scratch.path(), 2), "mix"), ThreadBudget(1));
  EXPECT_EQ(plan.steps, 30);
  EXPECT_GT(plan.step_ms, 0);
  EXPECT_GT(plan.memory_mb, 10);
  EXPECT_DOUBLE_EQ(plan.w, .3);
  // 30 steps of 16 rows, 0.3 of them over the 4 episodes of 14 windows that are not held out.
  EXPECT_NEAR(plan.sources[0].passes, 30 * 16 * .3 / (4 * 14), .1);
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "run"));
}

TEST(RunFileTest, ConfigurationErrorsAreOneLineWithThePlaceAndTheMend) {
  ScratchFolder scratch;
  const auto sheet = WriteSmallMixture(scratch.path(), 2);
  const auto of = [&](const std::string& yaml) {
    const auto file = scratch.path() / "run.yaml";
    std::ofstream(file) << yaml;
    const std::string line = ErrorOf([&] { SetUpRun(ReadRun(file, "", {})); });
    EXPECT_EQ(line.find('\n'), std::string::npos);
    return line.substr(line.find("run.yaml"));
  };
  EXPECT_EQ(of("step: 30\n"), "run.yaml:1: there is no option 'step' (did you mean 'steps'?)");
  EXPECT_EQ(of("seed: 1\npolicy:\n  trunk:\n    widht: 3\n"),
            "run.yaml:4: there is no option 'policy.trunk.widht' (did you mean 'policy.trunk.width'?)");
  EXPECT_EQ(of("steps: many\n"), "run.yaml:1: steps is the text 'many' (it must be an integer)");
  EXPECT_THAT(of("method: cfg_ada\n"), HasSubstr("did you mean 'cfg-adda'?"));
  EXPECT_EQ(
      of("method: mix\nalign: {adversary: {weight: 0.1}}\n"),
      "run.yaml: method 'mix' has no adversary, and align.adversary.weight turns one on (say `method: custom`, or "
      "leave align.adversary.weight as it is)");
  EXPECT_THAT(of("method: cfg\ndiscern: {condition: {keys: []}}\n"), HasSubstr("stands for condition"));
  EXPECT_THAT(of("w: 2\n"), HasSubstr("out of range"));
  EXPECT_THAT(of("w: 0.5\nschedule: {kind: ramp, at: [0, 1], w: [0, 1]}\n"), HasSubstr("a schedule of it too"));
  EXPECT_THAT(of("data: {execute: 99}\n"), HasSubstr("a chunk has 16 actions"));
  EXPECT_THAT(ErrorOf([&] { SetUpRun(SmallRun(sheet, "cfg", {"discern.condition.keys=[domian]"})); }),
              HasSubstr("did you mean 'domain'?"));
  EXPECT_THAT(ErrorOf([&] { ReadRun(scratch.path() / "none.yaml", "", {}); }), HasSubstr("none.yaml"));
}

}  // namespace
}  // namespace heddle::train

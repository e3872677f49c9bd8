// Several lambdas of one policy on the same episodes.
#include "heddle/eval/guidance_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"
#include "heddle/eval/actors/scripted.h"

namespace heddle::eval {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(GuidanceSweep, HoldsTheOthersAgainstZero) {
  EXPECT_THAT(ReadGuidanceSweep("guidance=-1,-0.5,0,0.5"), ElementsAre(0, -1, -.5, .5));
  EXPECT_THAT(ReadGuidanceSweep("guidance=2"), ElementsAre(0, 2));
  for (const char* setting : {"", "w=0.1", "guidance", "guidance=", "guidance=1,", "guidance=,1", "guidance=1,1",
                              "guidance=0,-0,1", "guidance=0", "guidance=11", "guidance=nan", "guidance=1 2"})
    EXPECT_THROW(ReadGuidanceSweep(setting), Error) << setting;
}

// Stands still unless its guidance is 1, and does as the expert then.
class Guided final : public Actor {
 public:
  explicit Guided(const sim::WorldKind& kind) : expert_(MakeExpertActor(kind, "")) {}
  contract::EvidencePolicy identity() const override {
    contract::EvidencePolicy policy{.kind = "checkpoint", .name = "guided", .checkpoint_hash = "abc"};
    policy.guidance = lambda;
    return policy;
  }
  int64_t actions_per_chunk() const override { return expert_->actions_per_chunk(); }
  void Begin(const ActRequest& request) override { expert_->Begin(request); }
  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    expert_->Act(requests, replies);
    if (lambda == 1) return;
    for (ActReply& reply : replies) {
      for (auto& action : reply.actions) std::fill(action.begin(), action.end(), 0);
    }
  }
  double lambda = 0;

 private:
  std::unique_ptr<Actor> expert_;
};

TEST(GuidanceSweep, SaysWhichValueDidBestAndWhatThePickIsWorth) {
  const ScratchFolder scratch;
  const sim::WorldKind kind = sim::WorldKind::Of({});
  Guided actor(kind);
  EvaluationPlan plan;
  for (uint64_t seed = 0; seed < 8; ++seed) plan.seeds.push_back(kFirstTuningSeed + seed);
  const SweepPlan sweep_plan{.lambdas = {0, 1}, .set_guidance = [&](double lambda) { actor.lambda = lambda; }};
  const StopFlag stop;
  const GuidanceSweep sweep = SweepGuidance(kind, actor, sweep_plan, plan, scratch.path(), ThreadBudget(2), stop,
                                            [](const contract::EvidenceRow&) {});
  ASSERT_EQ(sweep.values.size(), 2U);
  EXPECT_EQ(sweep.values[0].summary.any.successes, 0);
  EXPECT_EQ(sweep.values[1].summary.any.successes, 8);
  EXPECT_EQ(sweep.Best().lambda, 1);
  ASSERT_EQ(sweep.against_zero.size(), 1U);
  EXPECT_TRUE(sweep.against_zero[0].is_paired);
  EXPECT_EQ(sweep.against_zero[0].better, 8);
  EXPECT_EQ(sweep.against_zero[0].decision, Decision::kBetter);
  EXPECT_THAT(SweepText(sweep, kind, "runs/first", scratch.path()),
              AllOf(HasSubstr("best of 2: 1, shown to be better than 0"),
                    HasSubstr("heddle policy set runs/first guidance=1 --evidence " + scratch.path().string()),
                    HasSubstr("the pick flatters it")));
  const auto json = SweepJson(sweep, scratch.path());
  EXPECT_EQ(json.at("best"), 1);
  EXPECT_EQ(json.at("values").at(1).at("against_0").at("decision"), "better");
}

}  // namespace
}  // namespace heddle::eval

#include <map>
#include <mutex>
#include <utility>

#include "heddle/eval/actors/scripted.h"

namespace heddle::eval {
namespace {

class ExpertActor final : public Actor {
 public:
  ExpertActor(const sim::Task& task, std::string strategy) : task_(task), strategy_(std::move(strategy)) {
    task_.NewExpert(strategy_);  // refuses what there is not
  }

  contract::EvidencePolicy identity() const override {
    contract::EvidencePolicy policy;
    policy.kind = "expert";
    policy.name = "expert";
    policy.strategy = strategy_;
    return policy;
  }
  int64_t actions_per_chunk() const override { return 1; }

  void Begin(const ActRequest& request) override {
    auto expert = task_.NewExpert(strategy_);
    const sim::World& world = *request.world;
    expert->Reset(world, RandomStream(world.seed(), task_.facts().name).Split("expert"));
    const std::lock_guard lock(mutex_);
    experts_[request.slot] = std::move(expert);
  }

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) {
      replies[i].actions = {Of(requests[i].slot).Act(*requests[i].world)};
    }
  }

 private:
  sim::Expert& Of(int64_t slot) {
    const std::lock_guard lock(mutex_);
    return *experts_.at(slot);
  }

  const sim::Task& task_;
  std::string strategy_;
  std::mutex mutex_;  // guards the map, not the experts: each is of one thread
  std::map<int64_t, std::unique_ptr<sim::Expert>> experts_;
};

class RandomActor final : public Actor {
 public:
  contract::EvidencePolicy identity() const override {
    contract::EvidencePolicy policy;
    policy.kind = "random";
    policy.name = "random";
    return policy;
  }
  int64_t actions_per_chunk() const override { return 1; }
  void Begin(const ActRequest&) override {}

  void Act(std::span<const ActRequest> requests, std::span<ActReply> replies) override {
    for (size_t i = 0; i < requests.size(); ++i) replies[i].actions = {Draw(*requests[i].world)};
  }

 private:
  static std::vector<double> Draw(const sim::World& world) {
    RandomStream random = RandomStream(world.seed(), "random actor").Split(static_cast<uint64_t>(world.step()));
    const auto either_way = [&](double most) { return most * (2 * random.Uniform() - 1); };
    using sim::operator*;
    sim::Pose target = world.HandPose();
    constexpr double kMove_m = 0.05, kTurn_rad = 0.2;
    for (double& value : target.position_m) value += either_way(kMove_m);
    const sim::Vec3 turn = {either_way(kTurn_rad), either_way(kTurn_rad), either_way(kTurn_rad)};
    target.rotation = sim::FromRotationVector(turn) * target.rotation;
    return world.ActionTowards(target, either_way(1));
  }
};

}  // namespace

std::unique_ptr<Actor> MakeExpertActor(const sim::WorldKind& kind, const std::string& strategy) {
  return std::make_unique<ExpertActor>(*kind.task, strategy.empty() ? kind.task->facts().strategies.front() : strategy);
}

std::unique_ptr<Actor> MakeRandomActor() { return std::make_unique<RandomActor>(); }

}  // namespace heddle::eval

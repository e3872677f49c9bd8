// One simulated world: a task under a gap, acted in by an embodiment, one episode after the other.
//
//   World world(task, gap, ActionMode::kDelta);
//   world.Reset(episode_seed);
//   while (!world.over()) world.Step(expert->Act(world));
//   world.judge().FailureLabel();
//
// An episode is a function of (task, gap, mode, seed, actions): nothing is left over from the one before. Where the
// objects and the arm start is a function of task and seed alone, so that one state can be had under every gap. A world
// belongs to one thread at a time; worlds share nothing that changes.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/sim/embodiment.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/task.h"

namespace heddle::sim {

// What a policy may read besides pictures. Physical units.
struct Observation {
  std::vector<double> state;        // of the embodiment: EmbodimentFacts::state_names
  std::vector<double> environment;  // per object x y z qx qy qz qw, as perceived
  std::vector<double> tactile;      // per finger: force on it in its hand's frame (N, 3 values), share of full contact
};
std::vector<std::string> EnvironmentNames(const std::vector<SceneObject>& objects);
std::vector<std::string> TactileNames(const EmbodimentFacts& body);

// A second at 20 Hz.
inline constexpr int64_t kSettledSteps = 20;

class World {
 public:
  // `task` must outlive it.
  World(const Task& task, const Gap& gap, ActionMode mode);
  ~World();
  World(World&&) noexcept;

  void Reset(uint64_t episode_seed);
  // The same from these positions (mjData::qpos, all of them) instead of the task's; everything at rest.
  void Reset(uint64_t episode_seed, std::span<const double> positions);

  // One control step. Usage error for an action of another length; values that are not finite count as a failure of the
  // policy and must not get here (DEMANDed).
  void Step(std::span<const double> action);

  int64_t step() const { return step_; }  // control steps since the reset
  bool over() const;                      // the horizon is reached, or the physics diverged
  bool diverged() const { return diverged_; }
  bool success() const { return judge_->success(); }
  bool success_any() const { return success_any_; }  // at any step so far
  // In success for kSettledSteps on end: there is nothing left to see.
  bool settled() const { return success_steps_ >= kSettledSteps; }

  const Observation& observation() const { return observation_; }
  std::vector<double> IdleAction() const;
  std::vector<double> ActionTowards(const Pose& target, double grip) const;

  // The truth.
  Pose ObjectPose(const std::string& name) const;
  Pose HandPose() const;
  Pose BasePose() const;
  double GripOpening() const;
  std::vector<double> PhysicsState() const;  // all that decides how it goes on

  const mjModel& model() const { return *model_; }
  const mjData& data() const { return *data_; }
  const Task& task() const { return task_; }
  const Gap& gap() const { return gap_; }
  const Embodiment& embodiment() const { return *embodiment_; }
  ActionMode mode() const { return mode_; }
  ActionSpace actions() const { return embodiment_->Actions(mode_); }
  uint64_t seed() const { return seed_; }
  const Judge& judge() const { return *judge_; }

 private:
  void Begin(const RandomStream& root);
  void Observe();
  void ReadTactile();

  const Task& task_;
  Gap gap_;
  ActionMode mode_;
  std::unique_ptr<Embodiment> embodiment_;
  ModelHandle model_;
  DataHandle data_;
  std::unique_ptr<Controller> controller_;
  std::unique_ptr<Judge> judge_;
  std::vector<int> object_bodies_;
  std::vector<int> finger_of_geom_;  // -1: no finger's
  int hand_site_ = 0;
  int substeps_ = 0;
  int64_t horizon_ = 0;
  size_t num_actions_ = 0;
  Observation observation_;
  uint64_t seed_ = 0;
  std::optional<RandomStream> perception_noise_;
  std::deque<std::vector<double>> delayed_;
  int64_t step_ = 0, success_steps_ = 0;
  bool success_any_ = false, diverged_ = false;
};

}  // namespace heddle::sim

// A task: a scene, its resets, what success means, why an attempt failed, and experts that can do it.
//
// A task is a folder under heddle/sim/tasks with code, MJCF and tests; task_list.h finds it. A Task is a description,
// const and shared by threads; Judges and Experts belong to one world and one episode at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/option_tree.h"
#include "heddle/core/random.h"
#include "heddle/sim/embodiment.h"
#include "heddle/sim/mujoco.h"
#include "heddle/sim/pose.h"

namespace heddle::sim {

class World;

// An object that the task moves about: what a state policy reads the pose of, and what a gap makes heavier or larger.
struct SceneObject {
  std::string name;     // of its body
  bool movable = true;  // has a free joint
  std::string label;    // for people: "square nut"
};

// Sees every control step of an episode, and says what became of it.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual void Reset(const mjModel& model, const mjData& data) = 0;
  // After each control step.
  virtual void Observe(const mjModel& model, const mjData& data) = 0;
  virtual bool success() const = 0;  // now
  // Why the episode failed: one of Task::failure_labels(). Only asked when it was no success at its end.
  virtual std::string FailureLabel() const = 0;
};

// Acts with knowledge of the true state. The same expert serves every embodiment and action mode: it thinks in poses of
// the end effector.
class Expert {
 public:
  virtual ~Expert() = default;
  virtual void Reset(const World& world, RandomStream random) = 0;
  // The action for this control step.
  virtual std::vector<double> Act(const World& world) = 0;
  // What it is about: "reach", "grasp", "carry", "insert", "release". Valid after Act.
  virtual std::string stage() const = 0;
  virtual bool finished() const = 0;
};

struct TaskFacts {
  std::string name;
  std::string about;                    // a sentence
  std::vector<std::string> cameras;     // of the scene, that policies are given by default beside the embodiment's own
  std::vector<std::string> stages;      // in order
  std::vector<std::string> strategies;  // the first is the default
  std::vector<std::string> failure_labels;  // beside those of every task (episode.h)
  int64_t horizon = 400;                    // control steps
  double control_hz = 20;
};

class Task {
 public:
  virtual ~Task() = default;
  // May depend on the options.
  virtual TaskFacts facts() const = 0;

  // The task's own options (`nuts`). Read before anything else is asked; checked by their ranges when they are set.
  virtual OptionTree Options() = 0;

  virtual std::string instruction() const = 0;
  // Scene files, the embodiment's left out.
  virtual std::vector<std::string> SceneFiles() const = 0;
  // In the order of observation.environment_state.
  virtual std::vector<SceneObject> Objects() const = 0;
  // Places the objects: a function of the stream alone.
  virtual void Place(const mjModel& model, mjData& data, RandomStream random) const = 0;
  virtual std::unique_ptr<Judge> NewJudge(const mjModel& model, const Embodiment& embodiment) const = 0;
  // Usage error for a strategy that is none of facts().strategies.
  virtual std::unique_ptr<Expert> NewExpert(const std::string& strategy) const = 0;
};

}  // namespace heddle::sim

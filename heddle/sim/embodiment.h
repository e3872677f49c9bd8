// A body that acts: its model, its action space, its posture at the start, and how its actions become forces.
//
// An Embodiment is a description, the same for all episodes and threads; a Controller is bound to one model and holds
// what changes within an episode.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/sim/gap.h"
#include "heddle/sim/mujoco.h"
#include "heddle/sim/pose.h"

namespace heddle::sim {

// What an action says about the end effector's pose.
enum class ActionMode {
  kDelta,     // by how much to move
  kAbsolute,  // where to go
};
const char* ModeName(ActionMode mode);  // "delta", "absolute"

struct ActionSpace {
  std::string representation;      // "ee_delta", "wrist_absolute": as mixture sheets have it
  std::vector<std::string> names;  // of the dimensions
  std::vector<double> low, high;   // what is beyond is clipped
};

struct Finger {
  std::string name;                // "left"
  std::vector<std::string> geoms;  // that feel; the first is its tip
  int side;                        // of the grip: -1 at low x of the end effector's frame, 1 at high x
};

// The end effector's frame stands between the fingertips: z points where the hand reaches, the fingers open along x.
struct EmbodimentFacts {
  std::string name;        // "panda"
  std::string scene_file;  // "panda.xml"
  std::string end_effector_site;
  std::string base_body;
  ActionMode usual_mode;                 // in which it is recorded where nothing else is said
  std::string own_camera;                // at its hand or head: "eye_in_hand", "ego"
  std::vector<std::string> state_names;  // of observation.state
  std::vector<Finger> fingers;
  double widest_grip_m;                  // between open fingers
  double breadth_low_m, breadth_high_m;  // of the fingers on either side together, along y
  // How far from its base the hand gets, horizontally, fingers down at table height, and how far its wrist can turn it
  // about the vertical against its first yaw, beside the turn that the arm makes about its base. Infinite where nothing
  // keeps it.
  double reach_m;
  double turn_low_rad, turn_high_rad;
};

class Controller {
 public:
  virtual ~Controller() = default;

  // At an episode's start, with kinematics up to date.
  virtual void Reset(const mjModel& model, const mjData& data) = 0;
  // Takes an action over, at a control step, with kinematics up to date.
  virtual void Command(const mjModel& model, const mjData& data, std::span<const double> action) = 0;
  // Before each physics step, between mj_step1 and mj_step2: writes data.ctrl.
  virtual void Drive(const mjModel& model, mjData& data) = 0;

  // The action that does nothing: stay, with the fingers as they are told to be.
  virtual std::vector<double> Idle(const mjModel& model, const mjData& data) const = 0;
  // The action that moves the end effector towards a pose of the world, as far as one action can, and the fingers
  // towards a grip: 1 closes, -1 opens, 0 leaves them.
  virtual std::vector<double> Towards(const mjModel& model, const mjData& data, const Pose& target,
                                      double grip) const = 0;
  // One value a name of EmbodimentFacts::state_names.
  virtual void ReadState(const mjModel& model, const mjData& data, std::span<double> state) const = 0;
  // Metres between the fingers.
  virtual double GripOpening(const mjModel& model, const mjData& data) const = 0;
};

class Embodiment {
 public:
  virtual ~Embodiment() = default;
  virtual const EmbodimentFacts& facts() const = 0;
  virtual ActionSpace Actions(ActionMode mode) const = 0;
  // The posture at the start, with its human-like scatter.
  virtual void Place(const mjModel& model, mjData& data, RandomStream random) const = 0;
  virtual std::unique_ptr<Controller> NewController(const mjModel& model, ActionMode mode,
                                                    const PhysicsGap& gap) const = 0;
};

// All that there are; the first is the usual one.
const std::vector<std::string>& EmbodimentNames();

// By the name that a gap gives ("panda", "floating_hand"); usage error if there is none.
std::unique_ptr<Embodiment> MakeEmbodiment(const std::string& name);

// The pose of a site in the world.
Pose SitePose(const mjData& data, int site);
Pose BodyPose(const mjData& data, int body);

}  // namespace heddle::sim

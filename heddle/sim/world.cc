#include "heddle/sim/world.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/sim/perception.h"
#include "heddle/sim/physics_gap.h"
#include "heddle/sim/scene.h"
#include "heddle/sim/visual_gap.h"

namespace heddle::sim {
namespace {

constexpr size_t kTactilePerFinger = 4;
// What a finger touches with this many contact points it touches fully: the corners of a flat pad.
constexpr double kFullContacts = 4;

ModelHandle BuildModel(const Task& task, const Embodiment& embodiment, const Gap& gap) {
  std::vector<std::string> files = {"table_world.xml", embodiment.facts().scene_file};
  for (std::string& file : task.SceneFiles()) files.push_back(std::move(file));
  ModelHandle model = CompileScene(files);
  ApplyVisualGap(gap.visual, *model);
  ApplyPhysicsGap(gap.physics, task.Objects(), embodiment.facts(), *model);
  return model;
}

}  // namespace

std::vector<std::string> EnvironmentNames(const std::vector<SceneObject>& objects) {
  std::vector<std::string> names;
  for (const SceneObject& object : objects) {
    for (const char* part : {"x", "y", "z", "qx", "qy", "qz", "qw"}) names.push_back(object.name + "." + part);
  }
  return names;
}

std::vector<std::string> TactileNames(const EmbodimentFacts& body) {
  std::vector<std::string> names;
  for (const Finger& finger : body.fingers) {
    for (const char* part : {"fx", "fy", "fz", "contact"}) names.push_back(finger.name + "." + part);
  }
  return names;
}

World::World(const Task& task, const Gap& gap, ActionMode mode)
    : task_(task),
      gap_(gap),
      mode_(mode),
      embodiment_(MakeEmbodiment(gap.embodiment)),
      model_(BuildModel(task, *embodiment_, gap)),
      data_(mj_makeData(model_.get())) {
  if (!data_) ThrowSystem("no memory for the simulation", task.facts().name, 0);
  controller_ = embodiment_->NewController(*model_, mode, gap.physics);
  judge_ = task.NewJudge(*model_, *embodiment_);
  for (const SceneObject& object : task.Objects()) object_bodies_.push_back(IdOf(*model_, mjOBJ_BODY, object.name));
  hand_site_ = IdOf(*model_, mjOBJ_SITE, embodiment_->facts().end_effector_site);
  horizon_ = task.facts().horizon;
  num_actions_ = embodiment_->Actions(mode).names.size();
  substeps_ = static_cast<int>(std::lround(1 / (task.facts().control_hz * model_->opt.timestep)));
  finger_of_geom_.assign(static_cast<size_t>(model_->ngeom), -1);
  const auto& fingers = embodiment_->facts().fingers;
  for (size_t finger = 0; finger < fingers.size(); ++finger) {
    for (const std::string& geom : fingers[finger].geoms)
      finger_of_geom_[static_cast<size_t>(IdOf(*model_, mjOBJ_GEOM, geom))] = static_cast<int>(finger);
  }
  observation_.state.resize(embodiment_->facts().state_names.size());
  observation_.environment.resize(7 * object_bodies_.size());
  observation_.tactile.resize(kTactilePerFinger * fingers.size());
  Reset(0);
}

World::~World() = default;
World::World(World&&) noexcept = default;

void World::Reset(uint64_t episode_seed) {
  seed_ = episode_seed;
  const RandomStream root(episode_seed, task_.facts().name);
  mj_resetData(model_.get(), data_.get());
  embodiment_->Place(*model_, *data_, root.Split("embodiment"));
  task_.Place(*model_, *data_, root.Split("objects"));
  Begin(root);
}

void World::Reset(uint64_t episode_seed, std::span<const double> positions) {
  if (positions.size() != static_cast<size_t>(model_->nq)) {
    ThrowUsage("a state has " + std::to_string(positions.size()) + " positions, not " + std::to_string(model_->nq),
               task_.facts().name);
  }
  seed_ = episode_seed;
  mj_resetData(model_.get(), data_.get());
  std::copy(positions.begin(), positions.end(), data_->qpos);
  Begin(RandomStream(episode_seed, task_.facts().name));
}

void World::Begin(const RandomStream& root) {
  mj_forward(model_.get(), data_.get());
  controller_->Reset(*model_, *data_);
  judge_->Reset(*model_, *data_);
  perception_noise_ = root.Split("perception");
  delayed_.assign(static_cast<size_t>(gap_.physics.action_delay), IdleAction());
  step_ = success_steps_ = 0;
  success_any_ = diverged_ = false;
  Observe();
}

void World::Step(std::span<const double> action) {
  if (action.size() != num_actions_) {
    ThrowUsage("an action has " + std::to_string(action.size()) + " values, not " + std::to_string(num_actions_),
               task_.facts().name + " with " + embodiment_->facts().name);
  }
  HEDDLE_DEMAND(std::all_of(action.begin(), action.end(), [](double value) { return std::isfinite(value); }));
  delayed_.emplace_back(action.begin(), action.end());
  for (int substep = 0; substep < substeps_; ++substep) {
    mj_step1(model_.get(), data_.get());
    if (substep == 0) controller_->Command(*model_, *data_, delayed_.front());
    controller_->Drive(*model_, *data_);
    mj_step2(model_.get(), data_.get());
  }
  delayed_.pop_front();
  // MuJoCo resets a world whose numbers ran away, and counts a warning.
  for (const int warning : {mjWARN_BADQPOS, mjWARN_BADQVEL, mjWARN_BADQACC})
    diverged_ = diverged_ || data_->warning[warning].number > 0;
  mj_forward(model_.get(), data_.get());
  ++step_;
  judge_->Observe(*model_, *data_);
  success_any_ = success_any_ || success();
  success_steps_ = success() ? success_steps_ + 1 : 0;
  Observe();
}

bool World::over() const { return diverged_ || step_ >= horizon_; }

std::vector<double> World::IdleAction() const { return controller_->Idle(*model_, *data_); }

std::vector<double> World::ActionTowards(const Pose& target, double grip) const {
  return controller_->Towards(*model_, *data_, target, grip);
}

Pose World::ObjectPose(const std::string& name) const { return BodyPose(*data_, IdOf(*model_, mjOBJ_BODY, name)); }

Pose World::HandPose() const { return SitePose(*data_, hand_site_); }

Pose World::BasePose() const { return BodyPose(*data_, IdOf(*model_, mjOBJ_BODY, embodiment_->facts().base_body)); }

double World::GripOpening() const { return controller_->GripOpening(*model_, *data_); }

std::vector<double> World::PhysicsState() const {
  std::vector<double> state(static_cast<size_t>(mj_stateSize(model_.get(), mjSTATE_INTEGRATION)));
  mj_getState(model_.get(), data_.get(), state.data(), mjSTATE_INTEGRATION);
  return state;
}

void World::Observe() {
  controller_->ReadState(*model_, *data_, observation_.state);
  auto out = observation_.environment.begin();
  for (const int body : object_bodies_) {
    const Pose seen = Perceive(BodyPose(*data_, body), gap_.perception, *perception_noise_);
    const Quat q = Canonical(seen.rotation);
    for (const double value : {seen.position_m[0], seen.position_m[1], seen.position_m[2], q[1], q[2], q[3], q[0]})
      *out++ = value;
  }
  ReadTactile();
}

void World::ReadTactile() {
  std::fill(observation_.tactile.begin(), observation_.tactile.end(), 0.0);
  const Quat to_hand = Inverse(HandPose().rotation);
  for (int i = 0; i < data_->ncon; ++i) {
    const mjContact& contact = data_->contact[i];
    for (const int side : {0, 1}) {
      const int finger = finger_of_geom_[static_cast<size_t>(contact.geom[side])];
      if (finger < 0) continue;
      std::array<double, 6> force;
      mj_contactForce(model_.get(), data_.get(), i, force.data());
      // The force on the second geom, in the contact's frame, whose axes are the rows of `frame`.
      Vec3 on_finger;
      mju_mulMatTVec(on_finger.data(), contact.frame, force.data(), 3, 3);
      if (side == 0) on_finger = -1.0 * on_finger;
      on_finger = Rotate(to_hand, on_finger);
      double* values = observation_.tactile.data() + kTactilePerFinger * static_cast<size_t>(finger);
      for (size_t axis = 0; axis < 3; ++axis) values[axis] += on_finger[axis];
      values[3] = std::min(1.0, values[3] + 1 / kFullContacts);
    }
  }
}

}  // namespace heddle::sim

#include "heddle/sim/panda.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/check.h"
#include "heddle/sim/operational_space.h"
#include "heddle/sim/scene.h"

namespace heddle::sim {
namespace {

constexpr double kLargestStep_m = 0.05, kLargestTurn_rad = 0.5;
constexpr double kFingerTravel_m = 0.04;
constexpr double kGripPerAction = 0.2;  // of a range from -1 to 1
constexpr double kStartGrip = 0, kStartOpening_m = 0.020833;
constexpr double kAngleScatter_rad = 0.02;
constexpr double kPi = std::numbers::pi;
// Elbow up, hand down over the table's near half.
constexpr std::array<double, kArmJoints> kHome_rad = {0, kPi / 16, 0, -5 * kPi / 6, 0, kPi - 0.2, kPi / 4};

// Where things stand in the model's arrays.
struct Places {
  explicit Places(const mjModel& model)
      : base(IdOf(model, mjOBJ_BODY, "robot_base")), hand(IdOf(model, mjOBJ_SITE, "end_effector")) {
    for (int j = 0; j < kArmJoints; ++j) {
      const std::string name = "joint" + std::to_string(j + 1);
      const int joint = IdOf(model, mjOBJ_JOINT, name);
      angle[static_cast<size_t>(j)] = model.jnt_qposadr[joint];
      velocity[static_cast<size_t>(j)] = model.jnt_dofadr[joint];
      motor[static_cast<size_t>(j)] = IdOf(model, mjOBJ_ACTUATOR, name);
    }
    left = model.jnt_qposadr[IdOf(model, mjOBJ_JOINT, "left_finger")];
    right = model.jnt_qposadr[IdOf(model, mjOBJ_JOINT, "right_finger")];
    left_motor = IdOf(model, mjOBJ_ACTUATOR, "left_finger");
    right_motor = IdOf(model, mjOBJ_ACTUATOR, "right_finger");
  }

  int base, hand;
  std::array<int, kArmJoints> angle{}, velocity{}, motor{};
  int left, right, left_motor, right_motor;
};

class PandaController final : public Controller {
 public:
  PandaController(const mjModel& model, ActionMode mode, const PhysicsGap& gap)
      : places_(model),
        mode_(mode),
        dense_mass_(static_cast<size_t>(model.nv * model.nv)),
        jacobian_position_(static_cast<size_t>(3 * model.nv)),
        jacobian_rotation_(jacobian_position_) {
    gains_.kp *= gap.controller_kp;
  }

  void Reset(const mjModel&, const mjData& data) override {
    for (size_t j = 0; j < kArmJoints; ++j) posture_[j] = data.qpos[places_.angle[j]];
    goal_ = SitePose(data, places_.hand);
    grip_ = kStartGrip;
  }

  void Command(const mjModel&, const mjData& data, std::span<const double> action) override {
    HEDDLE_DEMAND(action.size() == 7);
    const Pose base = BodyPose(data, places_.base);
    goal_ = base * GoalInBase(Inverse(base) * SitePose(data, places_.hand), action);
    const double direction = action[6] > 0 ? -1 : action[6] < 0 ? 1 : 0;
    grip_ = std::clamp(grip_ + kGripPerAction * direction, -1.0, 1.0);
  }

  void Drive(const mjModel& model, mjData& data) override {
    const auto torques = OperationalSpaceTorques(ReadArm(model, data), goal_, posture_, gains_);
    for (size_t j = 0; j < kArmJoints; ++j) data.ctrl[places_.motor[j]] = torques[j];
    const double opening_m = (grip_ + 1) / 2 * kFingerTravel_m;
    data.ctrl[places_.left_motor] = opening_m;
    data.ctrl[places_.right_motor] = -opening_m;
  }

  std::vector<double> Idle(const mjModel& model, const mjData& data) const override {
    return Towards(model, data, SitePose(data, places_.hand), 0);
  }

  std::vector<double> Towards(const mjModel&, const mjData& data, const Pose& target, double grip) const override {
    const Pose base = BodyPose(data, places_.base), now = Inverse(base) * SitePose(data, places_.hand);
    const Pose goal = Inverse(base) * target;
    Vec3 step = goal.position_m - now.position_m;
    Vec3 turn = RotationVector(goal.rotation * Inverse(now.rotation));
    step = Shortened(step, kLargestStep_m);
    turn = Shortened(turn, kLargestTurn_rad);
    if (mode_ == ActionMode::kAbsolute) {
      step = now.position_m + step;
      turn = RotationVector(FromRotationVector(turn) * now.rotation);
    } else {
      step = (1 / kLargestStep_m) * step;
      turn = (1 / kLargestTurn_rad) * turn;
    }
    return {step[0], step[1], step[2], turn[0], turn[1], turn[2], grip};
  }

  void ReadState(const mjModel&, const mjData& data, std::span<double> state) const override {
    const Pose hand = Inverse(BodyPose(data, places_.base)) * SitePose(data, places_.hand);
    const Quat q = Canonical(hand.rotation);
    const std::array<double, 9> values = {
        hand.position_m[0],      hand.position_m[1],      hand.position_m[2], q[1], q[2], q[3], q[0],
        data.qpos[places_.left], data.qpos[places_.right]};
    HEDDLE_DEMAND(state.size() == values.size() + kArmJoints);
    auto out = std::copy(values.begin(), values.end(), state.begin());
    for (const int angle : places_.angle) *out++ = data.qpos[angle];
  }

  double GripOpening(const mjModel&, const mjData& data) const override {
    return data.qpos[places_.left] - data.qpos[places_.right];
  }

 private:
  Pose GoalInBase(const Pose& now, std::span<const double> action) const {
    Vec3 move = {action[0], action[1], action[2]}, turn = {action[3], action[4], action[5]};
    if (mode_ == ActionMode::kAbsolute) return {.position_m = move, .rotation = FromRotationVector(turn)};
    for (double& value : move) value = kLargestStep_m * std::clamp(value, -1.0, 1.0);
    for (double& value : turn) value = kLargestTurn_rad * std::clamp(value, -1.0, 1.0);
    return {.position_m = now.position_m + move, .rotation = FromRotationVector(turn) * now.rotation};
  }

  ArmState ReadArm(const mjModel& model, const mjData& data) {
    mj_fullM(&model, &data, dense_mass_.data());
    mj_jacSite(&model, &data, jacobian_position_.data(), jacobian_rotation_.data(), places_.hand);
    ArmState arm{.hand = SitePose(data, places_.hand)};
    const auto nv = static_cast<size_t>(model.nv);
    for (size_t j = 0; j < kArmJoints; ++j) {
      const auto dof = static_cast<size_t>(places_.velocity[j]);
      arm.angles[j] = data.qpos[places_.angle[j]];
      arm.velocities[j] = data.qvel[dof];
      arm.bias[j] = data.qfrc_bias[dof];
      for (size_t k = 0; k < kArmJoints; ++k)
        arm.mass[j * kArmJoints + k] = dense_mass_[dof * nv + static_cast<size_t>(places_.velocity[k])];
      for (size_t row = 0; row < 3; ++row) {
        arm.jacobian_position[row * kArmJoints + j] = jacobian_position_[row * nv + dof];
        arm.jacobian_rotation[row * kArmJoints + j] = jacobian_rotation_[row * nv + dof];
      }
    }
    return arm;
  }

  Places places_;
  ActionMode mode_;
  OperationalSpaceGains gains_;
  std::array<double, kArmJoints> posture_{};
  Pose goal_;
  double grip_ = kStartGrip;  // -1 closed .. 1 open
  std::vector<double> dense_mass_, jacobian_position_, jacobian_rotation_;
};

class Panda final : public Embodiment {
 public:
  const EmbodimentFacts& facts() const override {
    static const EmbodimentFacts facts = {
        .name = "panda",
        .scene_file = "panda.xml",
        .end_effector_site = "end_effector",
        .base_body = "robot_base",
        .usual_mode = ActionMode::kDelta,
        .own_camera = "eye_in_hand",
        .state_names = {"x", "y", "z", "qx", "qy", "qz", "qw", "left_finger", "right_finger", "joint1", "joint2",
                        "joint3", "joint4", "joint5", "joint6", "joint7"},
        .fingers = {{.name = "left", .geoms = {"left_pad", "left_finger_tip", "left_finger_base"}, .side = -1},
                    {.name = "right", .geoms = {"right_pad", "right_finger_tip", "right_finger_base"}, .side = 1}},
        .widest_grip_m = 2 * kFingerTravel_m,
        .breadth_low_m = 0.019,
        .breadth_high_m = 0.019,
        .reach_m = 0.75,
        .turn_low_rad = -2.0,
        .turn_high_rad = 3.5};
    return facts;
  }

  ActionSpace Actions(ActionMode mode) const override {
    if (mode == ActionMode::kDelta) {
      return {.representation = "ee_delta",
              .names = {"dx", "dy", "dz", "drx", "dry", "drz", "grip"},
              .low = std::vector<double>(7, -1),
              .high = std::vector<double>(7, 1)};
    }
    return {.representation = "ee_absolute",
            .names = {"x", "y", "z", "rx", "ry", "rz", "grip"},
            .low = {-2, -2, -2, -kPi, -kPi, -kPi, -1},
            .high = {2, 2, 2, kPi, kPi, kPi, 1}};
  }

  void Place(const mjModel& model, mjData& data, RandomStream random) const override {
    const Places places(model);
    for (size_t j = 0; j < kArmJoints; ++j)
      data.qpos[places.angle[j]] = kHome_rad[j] + kAngleScatter_rad * random.Normal();
    data.qpos[places.left] = kStartOpening_m;
    data.qpos[places.right] = -data.qpos[places.left];
  }

  std::unique_ptr<Controller> NewController(const mjModel& model, ActionMode mode,
                                            const PhysicsGap& gap) const override {
    return std::make_unique<PandaController>(model, mode, gap);
  }
};

}  // namespace

std::unique_ptr<Embodiment> MakePanda() { return std::make_unique<Panda>(); }

}  // namespace heddle::sim

#include "heddle/sim/floating_hand.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "heddle/core/check.h"
#include "heddle/sim/scene.h"

namespace heddle::sim {
namespace {

constexpr double kLargestStep_m = 0.05, kLargestTurn_rad = 0.5;
constexpr double kClosurePerStep = 0.125;
constexpr double kOpenAngle_rad = -0.27, kClosedAngle_rad = 0.165;
constexpr double kTipHalfThickness_m = 0.006;
constexpr double kStiffness = 150;  // 1/s2: critically damped like a mass on a spring
constexpr size_t kMoveSize = 3, kClosures = 2, kFingers = 3;
constexpr Vec3 kHome_m = {-0.1, 0, 1.16};
constexpr double kScatter_m = 0.015, kScatter_rad = 0.04;
constexpr double kFarthest_m = 2;
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double AngleOf(double closure) { return kOpenAngle_rad + closure * (kClosedAngle_rad - kOpenAngle_rad); }
double ClosureOf(double angle_rad) { return (angle_rad - kOpenAngle_rad) / (kClosedAngle_rad - kOpenAngle_rad); }

// The first two columns of the rotation's matrix.
std::array<double, 6> ColumnsOf(const Quat& rotation) {
  const Vec3 x = Rotate(rotation, {1, 0, 0}), y = Rotate(rotation, {0, 1, 0});
  return {x[0], x[1], x[2], y[0], y[1], y[2]};
}

// The rotation whose first column points along x and whose second lies in the plane of x and y, on y's side.
std::optional<Quat> RotationFrom(Vec3 x, Vec3 y) {
  constexpr double kShortest = 1e-6;
  if (mju_normalize3(x.data()) < kShortest) return std::nullopt;
  y = y - mju_dot3(x.data(), y.data()) * x;
  if (mju_normalize3(y.data()) < kShortest) return std::nullopt;
  Vec3 z;
  mju_cross(z.data(), x.data(), y.data());
  const std::array<double, 9> matrix = {x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]};
  return FromMatrix(matrix.data());
}

// Where things stand in the model's arrays.
struct Places {
  explicit Places(const mjModel& model)
      : wrist(IdOf(model, mjOBJ_BODY, "wrist")),
        end_effector(IdOf(model, mjOBJ_SITE, "end_effector")),
        pose(model.jnt_qposadr[IdOf(model, mjOBJ_JOINT, "wrist_x")]),
        velocity(model.jnt_dofadr[IdOf(model, mjOBJ_JOINT, "wrist_x")]),
        force(IdOf(model, mjOBJ_ACTUATOR, "wrist_x")) {
    const std::array<std::string, kFingers> names = {"thumb", "index", "middle"};
    for (size_t i = 0; i < kFingers; ++i) {
      angle[i] = model.jnt_qposadr[IdOf(model, mjOBJ_JOINT, names[i])];
      motor[i] = IdOf(model, mjOBJ_ACTUATOR, names[i]);
      tip[i] = IdOf(model, mjOBJ_GEOM, names[i] + "_tip");
    }
  }

  int wrist, end_effector;
  int pose, velocity, force;                          // of 7, 6 and 6 values: of the slides, then of the ball joint
  std::array<int, kFingers> angle{}, motor{}, tip{};  // thumb, index, middle
};

class HandController final : public Controller {
 public:
  HandController(const mjModel& model, ActionMode mode, const PhysicsGap& gap)
      : places_(model),
        mode_(mode),
        stiffness_(kStiffness * gap.controller_kp),
        pull_(static_cast<size_t>(model.nv)),
        force_(pull_) {}

  void Reset(const mjModel&, const mjData& data) override {
    goal_ = BodyPose(data, places_.wrist);
    closure_ = told_ = {};
  }

  void Command(const mjModel&, const mjData& data, std::span<const double> action) override {
    HEDDLE_DEMAND(action.size() == NumMoves() + kClosures);
    const Pose now = BodyPose(data, places_.wrist);
    goal_ = Leashed(now, mode_ == ActionMode::kAbsolute ? Absolute(now, action) : Moved(now, action));
    for (size_t i = 0; i < kClosures; ++i) {
      told_[i] = std::clamp(action[NumMoves() + i], 0.0, 1.0);
      closure_[i] += std::clamp(told_[i] - closure_[i], -kClosurePerStep, kClosurePerStep);
    }
  }

  // Computed torque: M (k e - 2 sqrt(k) v) + bias, positions in the world, turns in the wrist's frame.
  void Drive(const mjModel& model, mjData& data) override {
    const double* pose = data.qpos + places_.pose;
    const Pose now = {.position_m = {pose[0], pose[1], pose[2]}, .rotation = {pose[3], pose[4], pose[5], pose[6]}};
    const Vec3 away = goal_.position_m - now.position_m;
    const Vec3 turn = RotationVector(Inverse(now.rotation) * goal_.rotation);
    const double damping = 2 * std::sqrt(stiffness_);
    for (size_t i = 0; i < 6; ++i) {
      const auto dof = static_cast<size_t>(places_.velocity) + i;
      pull_[dof] = stiffness_ * (i < 3 ? away[i] : turn[i - 3]) - damping * data.qvel[dof];
    }
    mj_mulM(&model, &data, force_.data(), pull_.data());
    for (size_t i = 0; i < 6; ++i) {
      const auto dof = static_cast<size_t>(places_.velocity) + i;
      data.ctrl[static_cast<size_t>(places_.force) + i] = force_[dof] + data.qfrc_bias[dof];
    }
    for (size_t i = 0; i < kFingers; ++i) data.ctrl[places_.motor[i]] = AngleOf(closure_[i == 0 ? 0 : 1]);
  }

  std::vector<double> Idle(const mjModel& model, const mjData& data) const override {
    return Towards(model, data, SitePose(data, places_.end_effector), 0);
  }

  std::vector<double> Towards(const mjModel&, const mjData& data, const Pose& target, double grip) const override {
    const Pose now = BodyPose(data, places_.wrist);
    const Pose goal = Leashed(now, target * Inverse(SitePose(data, places_.end_effector)) * now);
    std::vector<double> action(goal.position_m.begin(), goal.position_m.end());
    if (mode_ == ActionMode::kAbsolute) {
      const auto columns = ColumnsOf(goal.rotation);
      action.insert(action.end(), columns.begin(), columns.end());
    } else {
      const Vec3 move = goal.position_m - now.position_m;
      const Vec3 turn = RotationVector(goal.rotation * Inverse(now.rotation));
      std::copy(move.begin(), move.end(), action.begin());
      action.insert(action.end(), turn.begin(), turn.end());
    }
    for (const double told : told_) action.push_back(grip > 0 ? 1 : grip < 0 ? 0 : told);
    return action;
  }

  void ReadState(const mjModel&, const mjData& data, std::span<double> state) const override {
    const Pose wrist = BodyPose(data, places_.wrist);
    const auto columns = ColumnsOf(wrist.rotation);
    HEDDLE_DEMAND(state.size() == kMoveSize + columns.size() + kClosures);
    auto out = std::copy(wrist.position_m.begin(), wrist.position_m.end(), state.begin());
    out = std::copy(columns.begin(), columns.end(), out);
    *out++ = ClosureOf(data.qpos[places_.angle[0]]);
    *out = ClosureOf((data.qpos[places_.angle[1]] + data.qpos[places_.angle[2]]) / 2);
  }

  double GripOpening(const mjModel&, const mjData& data) const override {
    const Quat to_hand = Inverse(SitePose(data, places_.end_effector).rotation);
    std::array<double, kFingers> x{};
    for (size_t i = 0; i < kFingers; ++i) {
      const double* tip = data.geom_xpos + 3 * places_.tip[i];
      x[i] = Rotate(to_hand, {tip[0], tip[1], tip[2]})[0];
    }
    return x[0] - (x[1] + x[2]) / 2 - 2 * kTipHalfThickness_m;
  }

 private:
  size_t NumMoves() const { return kMoveSize + (mode_ == ActionMode::kAbsolute ? 6u : 3u); }

  static Pose Absolute(const Pose& now, std::span<const double> action) {
    Pose goal{.position_m = {action[0], action[1], action[2]}, .rotation = now.rotation};
    for (double& value : goal.position_m) value = std::clamp(value, -kFarthest_m, kFarthest_m);
    goal.rotation =
        RotationFrom({action[3], action[4], action[5]}, {action[6], action[7], action[8]}).value_or(now.rotation);
    return goal;
  }

  static Pose Moved(const Pose& now, std::span<const double> action) {
    Vec3 move = {action[0], action[1], action[2]}, turn = {action[3], action[4], action[5]};
    for (double& value : move) value = std::clamp(value, -kLargestStep_m, kLargestStep_m);
    for (double& value : turn) value = std::clamp(value, -kLargestTurn_rad, kLargestTurn_rad);
    return {.position_m = now.position_m + move, .rotation = FromRotationVector(turn) * now.rotation};
  }

  // As near to the goal as one control step pulls.
  static Pose Leashed(const Pose& now, const Pose& goal) {
    const Vec3 move = Shortened(goal.position_m - now.position_m, kLargestStep_m);
    const Vec3 turn = Shortened(RotationVector(goal.rotation * Inverse(now.rotation)), kLargestTurn_rad);
    return {.position_m = now.position_m + move, .rotation = FromRotationVector(turn) * now.rotation};
  }

  Places places_;
  ActionMode mode_;
  double stiffness_;
  Pose goal_;                                         // of the wrist
  std::array<double, kClosures> closure_{}, told_{};  // of thumb and fingers: on its way, and where to
  std::vector<double> pull_, force_;                  // one a degree of freedom of the scene
};

class FloatingHand final : public Embodiment {
 public:
  const EmbodimentFacts& facts() const override {
    static const EmbodimentFacts facts = {
        .name = "floating_hand",
        .scene_file = "floating_hand.xml",
        .end_effector_site = "end_effector",
        .base_body = "wrist",
        .usual_mode = ActionMode::kAbsolute,
        .own_camera = "ego",
        .state_names = {"x", "y", "z", "r11", "r21", "r31", "r12", "r22", "r32", "thumb", "fingers"},
        .fingers = {{.name = "thumb", .geoms = {"thumb_tip", "thumb_phalanx"}, .side = 1},
                    {.name = "index", .geoms = {"index_tip", "index_phalanx"}, .side = -1},
                    {.name = "middle", .geoms = {"middle_tip", "middle_phalanx"}, .side = -1}},
        .widest_grip_m = 0.07,
        .breadth_low_m = 0.031,
        .breadth_high_m = 0.017,
        .reach_m = kInfinity,
        .turn_low_rad = -kInfinity,
        .turn_high_rad = kInfinity};
    return facts;
  }

  ActionSpace Actions(ActionMode mode) const override {
    if (mode == ActionMode::kDelta) {
      constexpr double kMove = kLargestStep_m, kTurn = kLargestTurn_rad;
      return {.representation = "wrist_delta",
              .names = {"dx", "dy", "dz", "drx", "dry", "drz", "thumb", "fingers"},
              .low = {-kMove, -kMove, -kMove, -kTurn, -kTurn, -kTurn, 0, 0},
              .high = {kMove, kMove, kMove, kTurn, kTurn, kTurn, 1, 1}};
    }
    return {.representation = "wrist_absolute",
            .names = {"x", "y", "z", "r11", "r21", "r31", "r12", "r22", "r32", "thumb", "fingers"},
            .low = {-kFarthest_m, -kFarthest_m, -kFarthest_m, -1, -1, -1, -1, -1, -1, 0, 0},
            .high = {kFarthest_m, kFarthest_m, kFarthest_m, 1, 1, 1, 1, 1, 1, 1, 1}};
  }

  // Over the middle of the table, fingers down, about where an arm would begin.
  void Place(const mjModel& model, mjData& data, RandomStream random) const override {
    const Places places(model);
    Vec3 tilt;
    double* pose = data.qpos + places.pose;
    for (size_t i = 0; i < 3; ++i) {
      pose[i] = kHome_m[i] + kScatter_m * random.Normal();
      tilt[i] = kScatter_rad * random.Normal();
    }
    const Quat down = FromRotationVector(tilt) * Quat{0, 1, 0, 0};
    std::copy(down.begin(), down.end(), pose + 3);
    for (const int angle : places.angle) data.qpos[angle] = AngleOf(0);
  }

  std::unique_ptr<Controller> NewController(const mjModel& model, ActionMode mode,
                                            const PhysicsGap& gap) const override {
    return std::make_unique<HandController>(model, mode, gap);
  }
};

}  // namespace

std::unique_ptr<Embodiment> MakeFloatingHand() { return std::make_unique<FloatingHand>(); }

}  // namespace heddle::sim

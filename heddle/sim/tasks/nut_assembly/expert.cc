#include "heddle/sim/tasks/nut_assembly/expert.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/sim/tasks/nut_assembly/hand_motion.h"
#include "heddle/sim/tasks/nut_assembly/variation.h"
#include "heddle/sim/tasks/nut_assembly/wrist.h"
#include "heddle/sim/world.h"

namespace heddle::sim::nut_assembly {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kHalfNut_m = 0.01;
constexpr double kHandleGraspOver_m = 0.003, kRimGraspOver_m = 0.006;  // of the end effector over the nut's middle
constexpr double kMissHeight_m = 0.035;
// It turns by less than half a circle at once, so that it goes the way round that was chosen.
constexpr double kAtOnce_rad = 1.2;
constexpr double kLiftedBy_m = 0.02;
constexpr double kLost_m = 0.025;  // of the nut against the hand
constexpr double kTurnTolerance_rad = 0.04;

// Fingers down, opening along the direction of `yaw`.
Quat HandDown(double yaw) { return AboutZ(yaw) * Quat{0, 1, 0, 0}; }

enum class Phase { kApproach, kDescend, kClose, kLift, kCarry, kLower, kOpen, kRetreat, kDone };

const char* StageOf(Phase phase) {
  switch (phase) {
    case Phase::kApproach: return "reach";
    case Phase::kDescend: return "reach";
    case Phase::kClose: return "grasp";
    case Phase::kLift: return "grasp";
    case Phase::kCarry: return "carry";
    case Phase::kLower: return "insert";
    case Phase::kOpen: break;
    case Phase::kRetreat: break;
    case Phase::kDone: break;
  }
  return "release";
}

class NutExpert final : public Expert {
 public:
  NutExpert(const std::vector<Assembly>& assemblies, Pace pace, Grasp grasp)
      : assemblies_(assemblies), pace_(pace), grasp_(grasp) {}

  void Reset(const World& world, RandomStream random) override {
    variation_ = Variation::Draw(pace_, random.Split("variation"));
    motion_ = HandMotion(variation_, world);
    tremor_.emplace(variation_.tremor, random.Split("tremor"));
    nut_ = 0;
    push_steps_ = 0;
    mishap_done_ = false;
    home_yaw_ = YawOf(world.HandPose().rotation);
    wrist_ = Wrist(world);
    const EmbodimentFacts& facts = world.embodiment().facts();
    breadth_low_m_ = facts.breadth_low_m, breadth_high_m_ = facts.breadth_high_m;
    hand_turn_ = 0;
    held_at_ = {};
    Enter(Phase::kApproach);
    stage_ = StageOf(phase_);
  }

  std::vector<double> Act(const World& world) override {
    hand_ = world.HandPose();
    hand_turn_ += WrapAngle(YawOf(hand_.rotation) - home_yaw_ - hand_turn_);
    if (phase_ != Phase::kDone) {
      nut_pose_ = world.ObjectPose(assemblies_[nut_].nut);
      peg_pose_ = world.ObjectPose(assemblies_[nut_].peg);
      size_ = world.gap().physics.size;
    }
    Advance(world);
    stage_ = StageOf(phase_);
    ++steps_in_phase_;
    ++step_;
    const Pose goal = Goal();
    motion_.Feel(hand_, goal, careful());
    return world.ActionTowards(motion_.Step(hand_, Disturbed(goal), careful()), Grip());
  }

  std::string stage() const override { return stage_; }
  bool finished() const override { return phase_ == Phase::kDone && steps_in_phase_ > variation_.pause_steps; }

 private:
  const Assembly& assembly() const { return assemblies_[nut_]; }

  void Enter(Phase phase) {
    phase_ = phase;
    steps_in_phase_ = 0;
    motion_.PressNoMore();
    if (phase == Phase::kApproach) aimed_ = false;
  }

  // Where on the nut it grasps, in the nut's frame: on the handle so far out that open fingers pass the nut's corners.
  Vec3 GraspPoint() const {
    const double outwards_m = std::max(breadth_low_m_, breadth_high_m_) / 2;
    if (grasp_ == Grasp::kHandle)
      return {size_ * assembly().handle_m + outwards_m + variation_.along_m, 0, kHandleGraspOver_m};
    const double wall_m = assembly().turns_freely ? 0.04245 : 0.03325;
    return {-size_ * wall_m, variation_.along_m, kRimGraspOver_m};
  }

  // The fingers close along the nut's y axis on the handle, along its x axis on the wall opposite; either side may be
  // left: whichever leads to the better place at the peg, but the narrower one goes inside of the nut.
  double GraspYaw() const {
    const double across = YawOf(nut_pose_.rotation) + (grasp_ == Grasp::kHandle ? kPi / 2 : 0);
    const Vec3 from_nut = Rotate(AboutZ(YawOf(nut_pose_.rotation)), GraspPoint());
    double best = 0, best_cost = Turn{}.cost;
    for (const double side : {-2 * kPi, -kPi, 0.0, kPi, 2 * kPi}) {
      const double turn = WrapAngle(across - (home_yaw_ + hand_turn_)) + side;
      const double cost = wrist_.Strain(hand_turn_ + turn, nut_pose_.position_m + from_nut) + 0.3 * std::abs(turn) +
                          Crowding(home_yaw_ + hand_turn_ + turn) + BestTurn(hand_turn_ + turn, from_nut).cost;
      if (cost < best_cost) best = turn, best_cost = cost;
    }
    return home_yaw_ + hand_turn_ + best;
  }

  // Of the nut's opening, by the fingers that go into it when the hand has this yaw.
  double Crowding(double yaw) const {
    constexpr double kPerMetre = 1000;
    if (grasp_ == Grasp::kHandle) return 0;
    const bool high_inside = std::cos(yaw - YawOf(nut_pose_.rotation)) > 0;
    return kPerMetre * (high_inside ? breadth_high_m_ : breadth_low_m_);
  }

  Pose AtGrasp(double over_m) const {
    const double now = home_yaw_ + hand_turn_;
    Pose at = {.position_m = nut_pose_.position_m + Rotate(AboutZ(YawOf(nut_pose_.rotation)), GraspPoint()),
               .rotation = HandDown(now + std::clamp(grasp_yaw_ - now, -kAtOnce_rad, kAtOnce_rad))};
    at.position_m[2] += over_m;
    return at;
  }

  // The hand's pose that brings the nut, as it sits in the hand, over the peg at this height.
  Pose OverPeg(double nut_z_m) const {
    const double turn = BestTurn(hand_turn_, hand_.position_m - nut_pose_.position_m).turn;
    const Pose in_hand = Inverse(hand_) * nut_pose_;
    const Pose nut = {.position_m = {peg_pose_.position_m[0], peg_pose_.position_m[1], nut_z_m},
                      .rotation = AboutZ(YawOf(nut_pose_.rotation) + std::clamp(turn, -kAtOnce_rad, kAtOnce_rad))};
    return nut * Inverse(in_hand);
  }

  // By how much nut and hand must turn, once the hand is turned by `hand_turn` and stands `from_nut` from the nut: a
  // square nut to one of four yaws, a round one to any.
  Turn BestTurn(double hand_turn, const Vec3& from_nut) const {
    const double fitting = WrapAngle(YawOf(peg_pose_.rotation) - YawOf(nut_pose_.rotation));
    return wrist_.BestTurn(hand_turn, fitting, assembly().turns_freely ? 24 : 4, peg_pose_.position_m, from_nut);
  }

  double ReleaseZ() const {
    // By the rim, before the peg's top meets the finger inside of the nut.
    if (grasp_ == Grasp::kRim) return kPegTop_m + size_ * kHalfNut_m - 0.006;
    return kPegTop_m - variation_.insert_m;
  }
  double CarryZ() const { return kPegTop_m + kHalfNut_m + variation_.carry_over_m; }

  Pose Goal() const {
    switch (phase_) {
      case Phase::kApproach: return AtGrasp(variation_.approach_m);
      case Phase::kDescend: return Descent();
      case Phase::kClose: return held_at_;
      case Phase::kLift: return Raised(held_at_, CarryZ() - kTableTop_m);
      case Phase::kCarry: return OverPeg(CarryZ());
      case Phase::kLower: return Lowering();
      case Phase::kOpen: return held_at_;
      case Phase::kRetreat: return Raised(held_at_, variation_.retreat_m);
      case Phase::kDone: break;
    }
    return held_at_;
  }

  // Down as in a funnel: only as far as it is above the place.
  Pose Descent() const {
    const Pose at = AtGrasp(missing() ? kMissHeight_m : 0);
    return Raised(at, Funnel(at.position_m - hand_.position_m, variation_.approach_m));
  }
  Pose Lowering() const {
    const Pose at = OverPeg(ReleaseZ());
    const bool on_peg = nut_pose_.position_m[2] < kPegTop_m;
    return on_peg ? at : Raised(at, Funnel(nut_pose_.position_m - peg_pose_.position_m, variation_.carry_over_m));
  }
  static double Funnel(const Vec3& away, double most_m) {
    constexpr double kSlope = 3, kOpening_m = 0.006;
    return std::min(most_m, kSlope * std::max(0.0, HorizontalNorm(away) - kOpening_m));
  }

  static Pose Raised(Pose pose, double by_m) {
    pose.position_m[2] += by_m;
    return pose;
  }

  double Grip() const {
    if (dropping()) return -1;
    switch (phase_) {
      case Phase::kClose:
      case Phase::kLift:
      case Phase::kCarry:
      case Phase::kLower: return 1;
      default: return -1;
    }
  }

  bool missing() const { return variation_.mishap == Mishap::kMiss && !mishap_done_; }
  bool dropping() const {
    return variation_.mishap == Mishap::kDrop && !mishap_done_ && phase_ == Phase::kCarry &&
           steps_in_phase_ >= variation_.mishap_step;
  }

  bool Near(const Pose& goal, double tolerance_m) const {
    return Norm(goal.position_m - hand_.position_m) < tolerance_m &&
           Norm(RotationVector(goal.rotation * Inverse(hand_.rotation))) < kTurnTolerance_rad;
  }
  bool NutLost() const {
    return HorizontalNorm((hand_ * GraspedAt()).position_m - nut_pose_.position_m) > kLost_m ||
           nut_pose_.position_m[2] < hand_.position_m[2] - kLost_m - kHalfNut_m;
  }
  // Where the nut is expected in the hand.
  Pose GraspedAt() const { return in_hand_; }

  void Advance(const World& world) {
    switch (phase_) {
      case Phase::kApproach:
        if (!aimed_) grasp_yaw_ = GraspYaw();
        aimed_ = true;
        if (Near(AtGrasp(variation_.approach_m), variation_.reach_tolerance_m)) Enter(Phase::kDescend);
        return;
      case Phase::kDescend:
        if (Near(Goal(), variation_.grasp_tolerance_m) || steps_in_phase_ > 60) Hold(Phase::kClose);
        return;
      case Phase::kClose:
        if (steps_in_phase_ >= variation_.close_steps) {
          in_hand_ = Inverse(hand_) * nut_pose_;
          Hold(Phase::kLift);
        }
        return;
      case Phase::kLift: return AdvanceLift(world);
      case Phase::kCarry: return AdvanceCarry();
      case Phase::kLower: return AdvanceLower();
      case Phase::kOpen:
        if (steps_in_phase_ >= variation_.open_steps) Hold(Phase::kRetreat);
        return;
      case Phase::kRetreat:
        if (Near(Goal(), 0.02) || steps_in_phase_ > 40) AfterRetreat();
        return;
      case Phase::kDone: return;
    }
  }

  void Hold(Phase next) {
    held_at_ = hand_;
    if (phase_ == Phase::kDescend) held_at_ = Goal();
    Enter(next);
  }

  void Again() {
    mishap_done_ = true;
    Enter(Phase::kApproach);
  }

  void AdvanceLift(const World&) {
    const double risen_m = hand_.position_m[2] - held_at_.position_m[2];
    if (risen_m > kLiftedBy_m + kHalfNut_m && NutLost()) return Again();
    if (risen_m > CarryZ() - kTableTop_m - 0.03 || steps_in_phase_ > 60) Enter(Phase::kCarry);
  }

  void AdvanceCarry() {
    if (NutLost() && steps_in_phase_ > variation_.mishap_step + 6) return Again();
    const Pose goal = OverPeg(CarryZ());
    const bool still = Near(goal, variation_.align_tolerance_m);
    if (still || steps_in_phase_ > 120) Enter(Phase::kLower);
  }

  void AdvanceLower() {
    if (NutLost()) return IsSeated(nut_pose_, peg_pose_) ? Hold(Phase::kOpen) : Again();
    if (nut_pose_.position_m[2] < ReleaseZ() + 0.004) return Hold(Phase::kOpen);
    // Jammed on the peg's top: up again, and another try.
    if (steps_in_phase_ > variation_.lower_steps) Enter(Phase::kCarry);
  }

  void AfterRetreat() {
    if (!IsSeated(nut_pose_, peg_pose_)) return Again();
    mishap_done_ = true;
    held_at_ = hand_;
    if (nut_ + 1 == assemblies_.size()) return Enter(Phase::kDone);
    ++nut_;
    Enter(Phase::kApproach);
  }

  bool careful() const { return phase_ == Phase::kDescend || phase_ == Phase::kLower || phase_ == Phase::kClose; }

  // Tremor and arcs in free space; pushes where one was drawn.
  Pose Disturbed(Pose goal) {
    const Vec3 tremor = tremor_->Next();
    const bool free = phase_ == Phase::kApproach || phase_ == Phase::kCarry;
    const Vec3 away = goal.position_m - hand_.position_m;
    if (free && HorizontalNorm(away) > 0.06) {
      goal.position_m = goal.position_m + tremor;
      const Vec3 sideways = {-away[1], away[0], 0};
      goal.position_m = goal.position_m + variation_.arc * sideways;
    }
    if (variation_.mishap == Mishap::kPush && !mishap_done_ && free && steps_in_phase_ >= variation_.mishap_step) {
      goal.position_m = goal.position_m + variation_.push_m;
      if (++push_steps_ >= variation_.push_steps) mishap_done_ = true;
    }
    return goal;
  }

  std::vector<Assembly> assemblies_;
  Pace pace_;
  Grasp grasp_;
  Variation variation_;
  std::optional<Tremor> tremor_;
  size_t nut_ = 0;
  Phase phase_ = Phase::kApproach;
  std::string stage_ = "reach";
  int64_t steps_in_phase_ = 0, step_ = 0, push_steps_ = 0;
  bool mishap_done_ = false, aimed_ = false;
  double home_yaw_ = 0, grasp_yaw_ = 0, size_ = 1;
  double hand_turn_ = 0;  // against home_yaw_, counted through whole turns
  double breadth_low_m_ = 0, breadth_high_m_ = 0;
  HandMotion motion_;
  Wrist wrist_;
  Pose hand_, nut_pose_, peg_pose_, held_at_, in_hand_;
};

struct Strategy {
  const char* name;
  Pace pace;
  Grasp grasp;
};
constexpr Strategy kStrategies[] = {{"safe-handle", Pace::kSafe, Grasp::kHandle},
                                    {"fast-handle", Pace::kFast, Grasp::kHandle},
                                    {"safe-rim", Pace::kSafe, Grasp::kRim},
                                    {"fast-rim", Pace::kFast, Grasp::kRim}};

}  // namespace

std::vector<std::string> StrategyNames() {
  std::vector<std::string> names;
  for (const Strategy& strategy : kStrategies) names.push_back(strategy.name);
  return names;
}

std::unique_ptr<Expert> MakeExpert(const std::vector<Assembly>& assemblies, const std::string& strategy) {
  for (const Strategy& known : kStrategies) {
    if (strategy == known.name) return std::make_unique<NutExpert>(assemblies, known.pace, known.grasp);
  }
  ThrowUsage("'" + strategy + "' is no strategy of nut_assembly", "strategy", SuggestName(strategy, StrategyNames()));
}

}  // namespace heddle::sim::nut_assembly

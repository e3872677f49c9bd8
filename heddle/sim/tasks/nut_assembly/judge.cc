#include "heddle/sim/tasks/nut_assembly/judge.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "heddle/sim/contacts.h"
#include "heddle/sim/scene.h"

namespace heddle::sim::nut_assembly {
namespace {

constexpr double kHardPush_n = 60;
constexpr double kReached_m = 0.06;
constexpr double kHeldAbove_m = 0.01;  // over where it lay
constexpr double kNearPeg_m = 0.06;    // horizontally
constexpr double kClosed_m = 0.018;    // between the middles of the fingers' pads

// What happened to one nut so far.
struct NutHistory {
  bool reached = false, held = false, at_peg = false;
  bool let_go_away = false;  // was held, then not, away from the peg
  double rest_z_m = kTableTop_m + 0.01;
};

class NutJudge final : public Judge {
 public:
  NutJudge(const std::vector<Assembly>& assemblies, const mjModel& model, const Embodiment& embodiment)
      : assemblies_(assemblies),
        touch_(model, embodiment.facts()),
        hand_(IdOf(model, mjOBJ_SITE, embodiment.facts().end_effector_site)) {
    for (const Assembly& assembly : assemblies_) {
      nuts_.push_back(IdOf(model, mjOBJ_BODY, assembly.nut));
      pegs_.push_back(IdOf(model, mjOBJ_BODY, assembly.peg));
    }
  }

  void Reset(const mjModel& model, const mjData& data) override {
    histories_.assign(nuts_.size(), {});
    pushed_hard_ = closed_ = false;
    Observe(model, data);
  }

  void Observe(const mjModel& model, const mjData& data) override {
    const Pose hand = SitePose(data, hand_);
    pushed_hard_ = pushed_hard_ || touch_.HardestPushAgainstFixtures(model, data) > kHardPush_n;
    closed_ = closed_ || touch_.ClosestTips(data) < kClosed_m;
    success_ = true;
    for (size_t i = 0; i < nuts_.size(); ++i) {
      const Pose nut = BodyPose(data, nuts_[i]), peg = BodyPose(data, pegs_[i]);
      Follow(histories_[i], nut, peg, hand, touch_.Grips(model, data, nuts_[i]));
      const bool away = Norm(hand.position_m - nut.position_m) > kHandAway_m;
      seated_.resize(nuts_.size());
      seated_[i] = IsSeated(nut, peg);
      success_ = success_ && seated_[i] && away;
    }
  }

  bool success() const override { return success_; }

  std::string FailureLabel() const override {
    if (pushed_hard_) return "collision";
    for (size_t i = 0; i < nuts_.size(); ++i) {
      if (!seated_[i]) return LabelOf(histories_[i]);
    }
    return "timeout";
  }

 private:
  static void Follow(NutHistory& history, const Pose& nut, const Pose& peg, const Pose& hand, bool gripped) {
    const bool near_peg = HorizontalNorm(nut.position_m - peg.position_m) < kNearPeg_m;
    const bool held = gripped && nut.position_m[2] > history.rest_z_m + kHeldAbove_m;
    history.reached = history.reached || Norm(hand.position_m - nut.position_m) < kReached_m ||
                      HorizontalNorm(hand.position_m - nut.position_m) < kReached_m * 1.5;
    if (history.held && !gripped) history.let_go_away = !near_peg;
    if (held) history.let_go_away = false;
    history.held = history.held || held;
    history.at_peg = history.at_peg || (held && near_peg);
  }

  std::string LabelOf(const NutHistory& history) const {
    if (!history.reached) return "never-reached";
    if (!history.held) return closed_ ? "missed-grasp" : "timeout";
    if (history.let_go_away) return "dropped";
    if (history.at_peg) return "misaligned";
    return "timeout";
  }

  std::vector<Assembly> assemblies_;
  HandTouch touch_;
  int hand_;
  std::vector<int> nuts_, pegs_;
  std::vector<NutHistory> histories_;
  std::vector<bool> seated_;
  bool pushed_hard_ = false, closed_ = false, success_ = false;
};

}  // namespace

std::vector<std::string> FailureLabels() {
  return {"collision", "never-reached", "missed-grasp", "dropped", "misaligned", "timeout"};
}

std::unique_ptr<Judge> MakeJudge(const std::vector<Assembly>& assemblies, const mjModel& model,
                                 const Embodiment& embodiment) {
  return std::make_unique<NutJudge>(assemblies, model, embodiment);
}

}  // namespace heddle::sim::nut_assembly

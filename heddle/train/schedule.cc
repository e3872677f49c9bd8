#include "heddle/train/schedule.h"

#include <cmath>

namespace heddle::train {

std::vector<mixture::ShareStage> SharesOf(const ScheduleOptions& schedule, int64_t steps) {
  if (schedule.kind == ScheduleKind::kConstant) return {};
  const auto step_of = [&](double share) { return std::llround(share * static_cast<double>(steps)); };
  std::vector<mixture::ShareStage> shares;
  const auto add = [&](const mixture::ShareStage& share) {
    while (!shares.empty() && shares.back().first_step >= share.first_step) shares.pop_back();
    shares.push_back(share);
  };
  for (size_t i = 0; i < schedule.at.size(); ++i) {
    const int64_t begin = step_of(schedule.at[i]);
    if (schedule.kind == ScheduleKind::kStages || i + 1 == schedule.at.size()) {
      add({begin, schedule.w[i]});
      continue;
    }
    // A ramp says what holds before it, too.
    for (const auto& stage : mixture::Ramp(schedule.w[i], schedule.w[i + 1], begin, step_of(schedule.at[i + 1]))) {
      if (stage.first_step >= begin) add(stage);
    }
  }
  return shares;
}

}  // namespace heddle::train

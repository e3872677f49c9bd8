#include "heddle/train/schedule.h"

#include <algorithm>
#include <cmath>

#include "heddle/core/text.h"

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

std::vector<double> MeanWeights(const std::vector<mixture::WeightStage>& stages, int64_t steps) {
  std::vector<double> means(stages.at(0).weights.size());
  for (size_t stage = 0; stage < stages.size(); ++stage) {
    const int64_t end = stage + 1 < stages.size() ? std::min(steps, stages[stage + 1].first_step) : steps;
    const auto own = static_cast<double>(std::max(int64_t{0}, end - stages[stage].first_step));
    for (size_t i = 0; i < means.size(); ++i) means[i] += stages[stage].weights[i] * own / static_cast<double>(steps);
  }
  return means;
}

std::string ScheduleText(const ScheduleOptions& schedule) {
  if (schedule.kind == ScheduleKind::kConstant) return "";
  const bool ramp = schedule.kind == ScheduleKind::kRamp;
  std::vector<std::string> parts;
  for (size_t i = 0; i < schedule.at.size(); ++i)
    parts.push_back(FormatDouble(schedule.w[i]) + (ramp ? " at " : " from ") + FormatDouble(schedule.at[i]));
  return (ramp ? "w on a ramp: " : "w in stages: ") + Join(parts, ", ");
}

}  // namespace heddle::train

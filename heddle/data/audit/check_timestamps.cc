// Times of the rows against their number: the clock of a dataset is frame_index / fps.
#include <algorithm>
#include <cmath>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// LeRobot refuses a frame whose time is further off than this.
constexpr double kTolerance_s = 1e-4;
// A step of the clock that may be lost frames, and by how much the clock is late after it where they are: a frame that
// is merely late is followed by others in time.
constexpr double kGapPeriods = 1.5, kLatePeriods = 0.75;
constexpr size_t kFramesAround = 5;
// Of a value's last digit as float32, doubled for the rounding of differences.
constexpr double kFloatRounding = 2.4e-7;

class Timestamps : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    const auto found = episode.numbers.find("timestamp");
    if (found == episode.numbers.end() || found->second.dims != 1) return;
    const auto& times_s = found->second.values;
    const double period_s = 1 / facts.info.fps;
    if (FindBackwards(episode, times_s, findings) || FindGap(episode, times_s, period_s, findings)) return;
    FindJitter(episode, times_s, period_s, findings);
  }

 private:
  static bool FindBackwards(const EpisodeData& episode, const std::vector<double>& times_s, Findings& findings) {
    for (size_t i = 1; i < times_s.size(); ++i) {
      if (times_s[i] > times_s[i - 1]) continue;
      findings.Add("timestamp-backwards", At(episode, i),
                   "the time goes from " + Figure(times_s[i - 1]) + " s to " + Figure(times_s[i]) + " s",
                   {{"before_s", Finite(times_s[i - 1])}, {"after_s", Finite(times_s[i])}});
      return true;
    }
    return false;
  }

  // How far the clock is off from frame `at` on, against just before it.
  static double Lateness(const std::vector<double>& times_s, size_t at, double period_s) {
    const auto off_s = [&](size_t first, size_t last) {
      std::vector<double> offs_s;
      for (size_t i = first; i < last; ++i) offs_s.push_back(times_s[i] - static_cast<double>(i) * period_s);
      const auto middle = offs_s.begin() + static_cast<long>(offs_s.size() / 2);
      std::nth_element(offs_s.begin(), middle, offs_s.end());
      return *middle;
    };
    return off_s(at, std::min(at + kFramesAround, times_s.size())) - off_s(at - std::min(at, kFramesAround), at);
  }

  static bool FindGap(const EpisodeData& episode, const std::vector<double>& times_s, double period_s,
                      Findings& findings) {
    int64_t gaps = 0;
    double worst_s = 0;
    size_t at = 0;
    for (size_t i = 1; i < times_s.size(); ++i) {
      const double step_s = times_s[i] - times_s[i - 1];
      if (step_s <= kGapPeriods * period_s || Lateness(times_s, i, period_s) < kLatePeriods * period_s) continue;
      ++gaps;
      if (step_s > worst_s) at = i;
      worst_s = std::max(worst_s, step_s);
    }
    if (gaps == 0) return false;
    findings.Add("timestamp-gap", At(episode, at),
                 "the clock jumps by " + Figure(worst_s) + " s, " + Figure(worst_s / period_s) + " periods (" +
                     Count(gaps, "gap") + " in the episode)",
                 {{"largest_step_s", worst_s}, {"period_s", period_s}, {"gaps", gaps}});
    return true;
  }

  static void FindJitter(const EpisodeData& episode, const std::vector<double>& times_s, double period_s,
                         Findings& findings) {
    double worst_s = 0, sum_of_squares = 0;
    size_t at = 0;
    int64_t beyond = 0;
    for (size_t i = 0; i < times_s.size(); ++i) {
      const double off_s = times_s[i] - static_cast<double>(i) * period_s;
      sum_of_squares += off_s * off_s;
      if (std::abs(off_s) > kTolerance_s + kFloatRounding * std::abs(times_s[i])) ++beyond;
      if (std::abs(off_s) <= std::abs(worst_s)) continue;
      worst_s = off_s;
      at = i;
    }
    if (beyond == 0) return;
    findings.Add("timestamp-jitter", At(episode, at),
                 Count(beyond, "frame") + " off frame_index / fps, at most by " + Figure(1e3 * worst_s) + " ms",
                 {{"frames", beyond},
                  {"worst_s", worst_s},
                  {"rms_s", std::sqrt(sum_of_squares / static_cast<double>(times_s.size()))}});
  }

  static Place At(const EpisodeData& episode, size_t frame) {
    return {.episode = episode.index, .frame = static_cast<int64_t>(frame), .feature = "timestamp"};
  }
  static nlohmann::ordered_json Finite(double value) {
    return std::isfinite(value) ? nlohmann::ordered_json(value) : nlohmann::ordered_json(nullptr);
  }
};

}  // namespace

CheckEntry TimestampsCheck() {
  return {
      "timestamps",
      {{"timestamp-backwards", Severity::kError, "time goes backwards or stands still",
        "velocities and the choice of video frames are wrong there", "remove the episode, or write its times again"},
       {"timestamp-gap", Severity::kWarning, "the clock jumps: frames were lost",
        "a chunk of actions across the gap moves faster than the robot did",
        "remove the episode, or cut it at the gap"},
       {"timestamp-jitter", Severity::kWarning, "times off frame_index / fps",
        "LeRobot refuses frames further off than 0.1 ms; Heddle goes by the frame's number",
        "write timestamp as frame_index / fps, or resample the recording to its fps"}},
      [] { return std::make_unique<Timestamps>(); }};
}

}  // namespace heddle::data::audit

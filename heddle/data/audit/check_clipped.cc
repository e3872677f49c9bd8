// Actions that were cut off at a limit: runs of frames exactly at a dimension's largest or smallest value, which it ran
// into at speed while the rest of the robot went on moving. A gripper that is shut, a robot at rest or a joint in its
// home position is none of that.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/gripper.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

constexpr int64_t kLeastRun = 3, kLeastFrames = 10;
constexpr double kLeastShare = 0.005;
// Of the dimension's mean step: what it moves at least in the step into the limit.
constexpr double kLeastApproach = 0.25;
// With this share of its frames at the two ends, a dimension is a switch.
constexpr double kSwitchShare = 0.6;
constexpr size_t kFewValues = 16;

// Frames in runs at the extreme of one side. Values of the lower side come negated.
struct Side {
  double extreme = -INFINITY;
  int64_t at_extreme = 0;  // all frames there
  int64_t in_runs = 0, runs = 0;
  int64_t episode = 0, frame = 0;  // of the longest run
  int64_t longest = 0;

  void Raise(double value) {
    if (value > extreme) *this = Side{.extreme = value};
  }
};

struct Dimension {
  Side sides[2];
  std::set<double> values;  // the first few different ones
  double sum_of_steps = 0;
  int64_t frames = 0, steps = 0;
};

class Clipped : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings&) override {
    for (const auto& [name, numbers] : episode.numbers) {
      if (name != "action" && !name.starts_with("action.")) continue;
      if (facts.info.Require(name).dtype == contract::DType::kBool) continue;
      auto& dims = dims_[name];
      dims.resize(std::max(dims.size(), static_cast<size_t>(numbers.dims)));
      for (int64_t dim = 0; dim < numbers.dims; ++dim) {
        Count(numbers, dim, dims[static_cast<size_t>(dim)]);
        for (int side = 0; side < 2; ++side) AddRuns(episode.index, numbers, dim, side, dims[static_cast<size_t>(dim)]);
      }
    }
  }

  void Finish(const DatasetFacts& facts, Findings& findings) override {
    for (const auto& [name, dims] : dims_) {
      for (size_t dim = 0; dim < dims.size(); ++dim) {
        Judge(facts.info.Require(name), static_cast<int64_t>(dim), dims[dim], findings);
      }
    }
  }

 private:
  static void Count(const Numbers& numbers, int64_t dim, Dimension& out) {
    out.frames += numbers.rows;
    for (int64_t row = 0; row < numbers.rows; ++row) {
      const double value = numbers.At(row, dim);
      if (!std::isfinite(value)) continue;
      if (out.values.size() <= kFewValues) out.values.insert(value);
      if (row == 0 || !std::isfinite(numbers.At(row - 1, dim))) continue;
      const double step = std::abs(value - numbers.At(row - 1, dim));
      if (step > 0) out.sum_of_steps += step;
      if (step > 0) ++out.steps;
    }
  }

  static void AddRuns(int64_t episode, const Numbers& numbers, int64_t dim, int which, Dimension& out) {
    const double sign = which == 0 ? 1 : -1;
    Side& side = out.sides[which];
    const double mean_step = out.steps == 0 ? 0 : out.sum_of_steps / static_cast<double>(out.steps);
    for (int64_t row = 0; row < numbers.rows; ++row) side.Raise(sign * numbers.At(row, dim));
    for (int64_t row = 0; row < numbers.rows;) {
      if (sign * numbers.At(row, dim) != side.extreme) {
        ++row;
        continue;
      }
      int64_t end = row + 1, moving = 0;
      for (; end < numbers.rows && numbers.At(end, dim) == numbers.At(row, dim); ++end) {
        moving += OthersMove(numbers, dim, end);
      }
      side.at_extreme += end - row;
      const bool ran_into =
          row > 0 && std::abs(numbers.At(row, dim) - numbers.At(row - 1, dim)) >= kLeastApproach * mean_step;
      if (ran_into && end - row >= kLeastRun && (numbers.dims == 1 || 2 * moving >= end - row)) {
        AddRun(episode, row, end - row, side);
      }
      row = end;
    }
  }

  static void AddRun(int64_t episode, int64_t frame, int64_t length, Side& side) {
    side.in_runs += length;
    ++side.runs;
    if (length <= side.longest) return;
    side.longest = length;
    side.episode = episode;
    side.frame = frame;
  }

  static bool OthersMove(const Numbers& numbers, int64_t dim, int64_t row) {
    for (int64_t other = 0; other < numbers.dims; ++other) {
      if (other != dim && numbers.At(row, other) != numbers.At(row - 1, other)) return true;
    }
    return false;
  }

  static void Judge(const Feature& feature, int64_t dim, const Dimension& found, Findings& findings) {
    if (found.values.size() <= kFewValues || IsGripperName(DimensionName(feature, dim))) return;
    const auto frames = static_cast<double>(found.frames);
    if (static_cast<double>(found.sides[0].at_extreme + found.sides[1].at_extreme) > kSwitchShare * frames) return;
    for (int which = 0; which < 2; ++which) {
      const Side& side = found.sides[which];
      const double share = static_cast<double>(side.in_runs) / frames;
      if (side.in_runs < kLeastFrames || share < kLeastShare) continue;
      const double limit = which == 0 ? side.extreme : -side.extreme;
      findings.Add("clipped-action", {.episode = side.episode, .frame = side.frame, .feature = feature.name},
                   FeatureAndDimension(feature, dim) + " stays at its " + (which == 0 ? "largest" : "smallest") +
                       " value " + Figure(limit) + " in " + Percent(share) + " of the frames (" +
                       audit::Count(side.runs, "run") + ", the longest of " + audit::Count(side.longest, "frame") + ")",
                   {{"dimension", dim}, {"limit", limit}, {"share", share}, {"runs", side.runs}});
    }
  }

  std::map<std::string, std::vector<Dimension>> dims_;
};

}  // namespace

CheckEntry ClippedCheck() {
  return {"clipped",
          {{"clipped-action", Severity::kWarning, "actions cut off at a limit",
            "the policy learns to stop short where the demonstrator went on: it lags there",
            "raise the limit of the teleoperation, or record these episodes slower"}},
          [] { return std::make_unique<Clipped>(); }};
}

}  // namespace heddle::data::audit

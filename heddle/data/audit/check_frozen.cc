// Pictures that stand still while the robot moves: a camera that froze for a while, and single frames that came twice.
//
// How far the robot moves is measured on its state (else its action), in units of each dimension's spread over the
// whole dataset; so judging waits for the end, and until then only a few numbers an episode are kept.
#include <algorithm>
#include <cmath>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/moments.h"
#include "heddle/data/audit/picture_facts.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// Levels of a tile (1/16 of the picture's side) that coding moves without anything moving.
constexpr double kStillTile = 1.5;
// Mean difference of neighbours below which a picture came twice, and above which it did not.
constexpr double kSame = 0.02, kMoved = 0.1;
// Motion during which a still picture is suspicious: of a spread, and of the episode's own motion.
constexpr double kMotion = 0.4;
constexpr double kMotionOfEpisode = 0.15;
// Of the episode: what is shorter may be a hand that turns where the camera does not see it.
constexpr double kLeastStretch = 0.2;
constexpr double kLeastRepeatedShare = 0.03;
constexpr int64_t kLeastRepeated = 3;

const Numbers* Motion(const EpisodeData& episode) {
  for (const char* name : {"observation.state", "action"}) {
    const auto found = episode.numbers.find(name);
    if (found != episode.numbers.end() && found->second.dims > 0) return &found->second;
  }
  return nullptr;
}

struct StillRun {
  int64_t episode = 0, length = 0, first = 0, last = 0;
  std::vector<double> range, range_of_episode;  // of each dimension
};

struct Neighbours {
  int64_t episode = 0, frame = 0;
  double change = 0;
  std::vector<double> step;
};

std::vector<double> Range(const Numbers& numbers, int64_t first, int64_t last) {
  std::vector<double> range;
  for (int64_t dim = 0; dim < numbers.dims; ++dim) {
    double low = INFINITY, high = -INFINITY;
    for (int64_t row = first; row <= std::min(last, numbers.rows - 1); ++row) {
      low = std::min(low, numbers.At(row, dim));
      high = std::max(high, numbers.At(row, dim));
    }
    range.push_back(high - low);
  }
  return range;
}

class Frozen : public Check {
 public:
  void Visit(const DatasetFacts&, const EpisodeData& episode, Findings&) override {
    const Numbers* motion = Motion(episode);
    if (!motion) return;
    AddRows(*motion, moments_);
    for (const auto& [camera, data] : episode.cameras) {
      AddStillRun(episode, *motion, data.frames, runs_[camera]);
      AddNeighbours(episode, *motion, data.frames, neighbours_[camera]);
    }
  }

  void Finish(const DatasetFacts&, Findings& findings) override {
    for (const auto& [camera, runs] : runs_) {
      for (const StillRun& run : runs) JudgeRun(camera, run, findings);
    }
    for (const auto& [camera, neighbours] : neighbours_) JudgeNeighbours(camera, neighbours, findings);
  }

 private:
  // The longest stretch of looked-at frames whose tiles are all the same.
  static void AddStillRun(const EpisodeData& episode, const Numbers& motion, const std::vector<FrameFacts>& frames,
                          std::vector<StillRun>& runs) {
    size_t best_first = 0, best_last = 0;
    for (size_t first = 0; first < frames.size();) {
      size_t last = first;
      while (last + 1 < frames.size() && TileDistance(frames[first], frames[last + 1]) < kStillTile) ++last;
      if (frames[last].frame - frames[first].frame > frames[best_last].frame - frames[best_first].frame) {
        best_first = first;
        best_last = last;
      }
      first = last + 1;
    }
    if (best_last < best_first + 2) return;
    const int64_t first = frames[best_first].frame, last = frames[best_last].frame;
    runs.push_back(
        {episode.index, episode.length, first, last, Range(motion, first, last), Range(motion, 0, motion.rows - 1)});
  }

  static void AddNeighbours(const EpisodeData& episode, const Numbers& motion, const std::vector<FrameFacts>& frames,
                            std::vector<Neighbours>& out) {
    for (const FrameFacts& frame : frames) {
      if (frame.change < 0 || frame.frame >= motion.rows) continue;
      Neighbours neighbours{episode.index, frame.frame, frame.change, {}};
      for (int64_t dim = 0; dim < motion.dims; ++dim) {
        neighbours.step.push_back(std::abs(motion.At(frame.frame, dim) - motion.At(frame.frame - 1, dim)));
      }
      out.push_back(std::move(neighbours));
    }
  }

  // Root mean square over the dimensions, in spreads.
  double Size(const std::vector<double>& motion) const {
    double sum = 0;
    for (size_t dim = 0; dim < motion.size(); ++dim) {
      const double spread = moments_[dim].deviation();
      if (spread > 1e-9 && std::isfinite(motion[dim])) sum += std::pow(motion[dim] / spread, 2);
    }
    return motion.empty() ? 0 : std::sqrt(sum / static_cast<double>(motion.size()));
  }

  void JudgeRun(const std::string& camera, const StillRun& run, Findings& findings) const {
    if (static_cast<double>(run.last - run.first) < kLeastStretch * static_cast<double>(run.length - 1)) return;
    const double motion = Size(run.range), of_episode = Size(run.range_of_episode);
    if (motion < kMotion || motion < kMotionOfEpisode * of_episode) return;
    findings.Add("frames-frozen", {.episode = run.episode, .frame = run.first, .feature = camera},
                 "the picture stands still from frame " + std::to_string(run.first) + " to " +
                     std::to_string(run.last) + " while the robot moves",
                 {{"from_frame", run.first}, {"to_frame", run.last}, {"motion_in_std", motion}});
  }

  void JudgeNeighbours(const std::string& camera, const std::vector<Neighbours>& all, Findings& findings) const {
    std::vector<double> steps;
    for (const Neighbours& pair : all) steps.push_back(Size(pair.step));
    if (steps.empty()) return;
    std::vector<double> sorted = steps;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<long>(sorted.size() / 2), sorted.end());
    const double typical = sorted[sorted.size() / 2];
    int64_t moving = 0, repeated = 0, moved = 0;
    const Neighbours* first = nullptr;
    for (size_t i = 0; i < all.size(); ++i) {
      if (typical <= 0 || steps[i] < 0.5 * typical) continue;
      ++moving;
      if (all[i].change > kMoved) ++moved;
      if (all[i].change >= kSame) continue;
      ++repeated;
      if (!first) first = &all[i];
    }
    // Where half of the frames show no motion, the camera sees little of the robot.
    const auto share = static_cast<double>(repeated) / static_cast<double>(std::max<int64_t>(moving, 1));
    if (repeated < kLeastRepeated || share < kLeastRepeatedShare || moved < repeated / 2) return;
    findings.Add(
        "frames-repeated", {.episode = first->episode, .frame = first->frame, .feature = camera},
        Percent(share) + " of the frames looked at are the same picture as the frame before though the robot moves",
        {{"repeated", repeated}, {"looked_at", moving}, {"share", share}});
  }

  std::vector<Moments> moments_;
  std::map<std::string, std::vector<StillRun>> runs_;
  std::map<std::string, std::vector<Neighbours>> neighbours_;
};

}  // namespace

CheckEntry FrozenCheck() {
  return {"frozen",
          {{"frames-frozen", Severity::kWarning, "pictures that stand still while the robot moves",
            "the policy learns to act without looking", "remove the episode, or mask the camera there"},
           {"frames-repeated", Severity::kWarning, "pictures that came twice",
            "the camera ran slower than the dataset: pictures are late by up to a frame",
            "record the camera at its own rate, or resample the dataset to it"}},
          [] { return std::make_unique<Frozen>(); }};
}

}  // namespace heddle::data::audit

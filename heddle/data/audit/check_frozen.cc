// Pictures that stand still while the robot moves: a camera that froze for a while, and single frames that came twice.
//
// How far the robot moves is measured on its state (else its action), in units of each dimension's spread over the
// whole dataset; so judging waits for the end, and until then only a few numbers an episode are kept.
#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/moments.h"
#include "heddle/data/audit/picture_facts.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// Levels of a tile (1/16 of the picture's side) that coding moves without anything moving: the first always; the others
// where the camera's pictures move by far more, as coders settle slowly after a picture that was full of motion.
constexpr std::array<double, 4> kStillTiles = {1.5, 2.5, 4, 6};
constexpr double kStillShare = 0.15;
// Of the change that a moving robot makes: below it a picture came twice; a set with changes just above it has slow
// motion instead.
constexpr double kSame = 0.2, kMoved = 0.4;
constexpr double kMostBetween = 0.25;
// Levels by which the camera's picture must change at all to be judged.
constexpr double kLeastChange = 0.1;
// Motion during which a still picture is suspicious: of a spread, and of the episode's own motion.
constexpr double kMotion = 0.4;
constexpr double kMotionOfEpisode = 0.15;
// Of the episode: what is shorter may be a hand that turns where the camera does not see it.
constexpr double kLeastStretch = 0.2;
constexpr double kLeastRepeatedShare = 0.03;
constexpr int64_t kLeastRepeated = 3;

double Quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  const auto at = std::min(values.size() - 1, static_cast<size_t>(share * static_cast<double>(values.size())));
  std::nth_element(values.begin(), values.begin() + static_cast<long>(at), values.end());
  return values[at];
}

// The median step while the robot moves; it may well rest for most of the time.
double TypicalStep(const std::vector<double>& steps) {
  std::vector<double> moving;
  std::copy_if(steps.begin(), steps.end(), std::back_inserter(moving), [](double step) { return step > 1e-9; });
  const double large = Quantile(moving, 0.9);
  std::erase_if(moving, [&](double step) { return step < 0.1 * large; });
  return Quantile(moving, 0.5);
}

const Numbers* Motion(const EpisodeData& episode) {
  for (const char* name : {"observation.state", "action"}) {
    const auto found = episode.numbers.find(name);
    if (found != episode.numbers.end() && found->second.dims > 0) return &found->second;
  }
  return nullptr;
}

struct StillRun {
  size_t limit = 0;  // which of kStillTiles it keeps to
  int64_t episode = 0, first = 0, last = 0;
  double change = 0;                            // of neighbours in it, median
  std::vector<double> range, range_of_episode;  // of each dimension
};

struct Neighbours {
  int64_t episode = 0, frame = 0;
  double change = 0;
  double around = 0;  // distance of tiles to the frames that were looked at before and behind, the larger
  std::vector<double> step;
};

// What one camera showed.
struct CameraRecord {
  std::vector<StillRun> runs;
  std::vector<Neighbours> neighbours;
  std::vector<double> far_distances;  // of tiles, of frames so far apart as the shortest stretch that is judged
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

// The longest stretch of looked-at frames whose tiles are all within the limit of the first one's.
std::pair<size_t, size_t> LongestStill(const std::vector<FrameFacts>& frames, double limit) {
  size_t best_first = 0, best_last = 0;
  for (size_t first = 0; first < frames.size();) {
    size_t last = first;
    while (last + 1 < frames.size() && TileDistance(frames[first], frames[last + 1]) < limit) ++last;
    if (frames[last].frame - frames[first].frame > frames[best_last].frame - frames[best_first].frame) {
      best_first = first;
      best_last = last;
    }
    first = last + 1;
  }
  return {best_first, best_last};
}

// The median, as each keyframe is coded anew.
double ChangeWithin(const std::vector<FrameFacts>& frames, size_t first, size_t last) {
  std::vector<double> changes;
  for (size_t i = first + 1; i <= last; ++i) {
    if (frames[i].change >= 0) changes.push_back(frames[i].change);
  }
  return Quantile(std::move(changes), 0.5);
}

void AddStillRuns(const EpisodeData& episode, const Numbers& motion, const std::vector<FrameFacts>& frames,
                  std::vector<StillRun>& runs) {
  for (size_t limit = 0; limit < kStillTiles.size(); ++limit) {
    const auto [at_first, at_last] = LongestStill(frames, kStillTiles[limit]);
    if (at_last < at_first + 2) continue;
    const int64_t first = frames[at_first].frame, last = frames[at_last].frame;
    if (static_cast<double>(last - first) < kLeastStretch * static_cast<double>(episode.length - 1)) continue;
    runs.push_back({limit, episode.index, first, last, ChangeWithin(frames, at_first, at_last),
                    Range(motion, first, last), Range(motion, 0, motion.rows - 1)});
  }
}

void AddFarDistances(const EpisodeData& episode, const std::vector<FrameFacts>& frames, std::vector<double>& out) {
  size_t behind = 0;
  for (const FrameFacts& frame : frames) {
    while (behind < frames.size() && static_cast<double>(frames[behind].frame - frame.frame) <
                                         kLeastStretch * static_cast<double>(episode.length - 1)) {
      ++behind;
    }
    if (behind < frames.size()) out.push_back(TileDistance(frame, frames[behind]));
  }
}

void AddNeighbours(const EpisodeData& episode, const Numbers& motion, const std::vector<FrameFacts>& frames,
                   std::vector<Neighbours>& out) {
  for (size_t i = 1; i < frames.size(); ++i) {
    const FrameFacts& frame = frames[i];
    if (frame.change < 0 || frame.frame >= motion.rows) continue;
    const double before = i >= 2 ? TileDistance(frames[i - 2], frames[i - 1]) : 0;
    const double behind = i + 1 < frames.size() ? TileDistance(frame, frames[i + 1]) : 0;
    Neighbours neighbours{episode.index, frame.frame, frame.change, std::max(before, behind), {}};
    for (int64_t dim = 0; dim < motion.dims; ++dim) {
      neighbours.step.push_back(std::abs(motion.At(frame.frame, dim) - motion.At(frame.frame - 1, dim)));
    }
    out.push_back(std::move(neighbours));
  }
}

class Frozen : public Check {
 public:
  void Visit(const DatasetFacts&, const EpisodeData& episode, Findings&) override {
    const Numbers* motion = Motion(episode);
    if (!motion) return;
    AddRows(*motion, moments_);
    for (const auto& [camera, data] : episode.cameras) {
      CameraRecord& record = cameras_[camera];
      AddStillRuns(episode, *motion, data.frames, record.runs);
      AddFarDistances(episode, data.frames, record.far_distances);
      AddNeighbours(episode, *motion, data.frames, record.neighbours);
    }
  }

  void Finish(const DatasetFacts&, Findings& findings) override {
    for (const auto& [camera, record] : cameras_) {
      const std::vector<const Neighbours*> moving = Moving(record.neighbours);
      std::vector<double> changes;
      for (const Neighbours* pair : moving) changes.push_back(pair->change);
      const double change = Quantile(changes, 0.75);  // as up to half of the frames and more may have come twice
      JudgeRuns(camera, record, change, findings);
      JudgeNeighbours(camera, record.neighbours, moving, change, findings);
    }
  }

 private:
  // Root mean square over the dimensions, in spreads.
  double Size(const std::vector<double>& motion) const {
    double sum = 0;
    for (size_t dim = 0; dim < motion.size(); ++dim) {
      const double spread = moments_[dim].deviation();
      if (spread > 1e-9 && std::isfinite(motion[dim])) sum += std::pow(motion[dim] / spread, 2);
    }
    return motion.empty() ? 0 : std::sqrt(sum / static_cast<double>(motion.size()));
  }

  // The pairs during which the robot moves as it usually does.
  std::vector<const Neighbours*> Moving(const std::vector<Neighbours>& all) const {
    std::vector<double> steps;
    for (const Neighbours& pair : all) steps.push_back(Size(pair.step));
    const double typical = TypicalStep(steps);
    std::vector<const Neighbours*> moving;
    for (size_t i = 0; i < all.size(); ++i) {
      if (typical > 0 && steps[i] >= 0.5 * typical) moving.push_back(&all[i]);
    }
    return moving;
  }

  void JudgeRuns(const std::string& camera, const CameraRecord& record, double change, Findings& findings) const {
    const double most = kStillShare * Quantile(record.far_distances, 0.5);
    int64_t told = -1;  // an episode's runs follow each other, the strictest first
    for (const StillRun& run : record.runs) {
      if (run.episode == told) continue;
      if (run.limit > 0 && (kStillTiles[run.limit] > most || run.change > kMoved * change)) continue;
      const double motion = Size(run.range), of_episode = Size(run.range_of_episode);
      if (motion < kMotion || motion < kMotionOfEpisode * of_episode) continue;
      told = run.episode;
      findings.Add("frames-frozen", {.episode = run.episode, .frame = run.first, .feature = camera},
                   "the picture stands still from frame " + std::to_string(run.first) + " to " +
                       std::to_string(run.last) + " while the robot moves",
                   {{"from_frame", run.first}, {"to_frame", run.last}, {"motion_in_std", motion}});
    }
  }

  // Whether the picture moved just before or behind: else nothing moves that the camera sees.
  static bool MovedAround(const std::vector<Neighbours>& all, const Neighbours& pair, double change) {
    const auto at = static_cast<size_t>(&pair - all.data());
    bool adjacent = false;
    for (const size_t other : {at - 1, at + 1}) {
      if (other >= all.size() || all[other].episode != pair.episode) continue;
      if (std::abs(all[other].frame - pair.frame) != 1) continue;
      if (all[other].change > kMoved * change) return true;
      adjacent = true;
    }
    return !adjacent && pair.around > kStillTiles[0];
  }

  static void JudgeNeighbours(const std::string& camera, const std::vector<Neighbours>& all,
                              const std::vector<const Neighbours*>& moving, double change, Findings& findings) {
    if (change < kLeastChange) return;
    int64_t repeated = 0, between = 0;
    const Neighbours* first = nullptr;
    for (const Neighbours* pair : moving) {
      if (pair->change >= kSame * change) {
        between += pair->change < kMoved * change;
      } else if (MovedAround(all, *pair, change)) {
        ++repeated;
        if (!first) first = pair;
      }
    }
    const auto share = static_cast<double>(repeated) / static_cast<double>(std::max<size_t>(moving.size(), 1));
    if (repeated < kLeastRepeated || share < kLeastRepeatedShare) return;
    if (static_cast<double>(between) > kMostBetween * static_cast<double>(repeated)) return;
    findings.Add(
        "frames-repeated", {.episode = first->episode, .frame = first->frame, .feature = camera},
        Percent(share) + " of the frames looked at are the same picture as the frame before though the robot moves",
        {{"repeated", repeated}, {"looked_at", moving.size()}, {"share", share}});
  }

  std::vector<Moments> moments_;
  std::map<std::string, CameraRecord> cameras_;
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

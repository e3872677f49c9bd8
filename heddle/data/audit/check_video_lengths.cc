// Spans of the episodes in their video files, and the frames' own times.
#include <algorithm>
#include <cmath>
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// LeRobot refuses a frame whose time is further off than this.
constexpr double kTolerance_s = 1e-4;

struct Span {
  const Episode* episode;
  int64_t first = 0;  // frame in the file
  int64_t end() const { return first + episode->length; }
};

class VideoLengths : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    std::map<std::pair<std::string, std::string>, std::vector<Span>> spans;  // by camera and file
    for (const Episode& episode : facts.episodes) {
      for (const auto& [camera, place] : episode.videos) {
        spans[{camera, place.file}].push_back({&episode, std::llround(place.from_s * facts.info.fps)});
        JudgeSpan(facts, episode, camera, place, findings);
      }
    }
    for (const VideoFileFacts& file : facts.video_files) {
      if (!file.exists || file.error) continue;
      auto& of_file = spans[{file.camera, file.file}];
      std::stable_sort(of_file.begin(), of_file.end(), [](const Span& a, const Span& b) { return a.first < b.first; });
      JudgeFile(file, of_file, findings);
    }
  }

  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    for (const auto& [camera, data] : episode.cameras) {
      const double off_s = std::abs(data.worst_drift_s), period_s = 1 / facts.info.fps;
      if (off_s <= kTolerance_s) continue;
      const bool another = off_s > period_s / 2;
      findings.Add(another ? "video-out-of-step" : "video-drift",
                   {.episode = episode.index, .frame = data.worst_drift_frame, .feature = camera},
                   "the frame of that number is shown at a time " + Figure(1e3 * data.worst_drift_s) +
                       " ms off the episode table's",
                   {{"off_s", data.worst_drift_s}, {"periods", data.worst_drift_s / period_s}});
    }
  }

 private:
  static void JudgeSpan(const DatasetFacts& facts, const Episode& episode, const std::string& camera,
                        const Episode::VideoPlace& place, Findings& findings) {
    const double frames = (place.to_s - place.from_s) * facts.info.fps;
    if (std::abs(frames - static_cast<double>(episode.length)) <= 0.5) return;
    findings.Add(
        "video-span", {.episode = episode.index, .frame = {}, .feature = camera},
        "the episode has " + Count(episode.length, "frame") + ", and its span in the video is of " + Figure(frames),
        {{"frames", episode.length}, {"span", frames}});
  }

  static void JudgeFile(const VideoFileFacts& file, const std::vector<Span>& spans, Findings& findings) {
    for (size_t i = 0; i < spans.size(); ++i) {
      const Span& span = spans[i];
      const Place place{.episode = span.episode->index, .frame = {}, .feature = file.camera};
      if (span.end() > file.num_frames) {
        Place tail = place;
        tail.frame = std::max<int64_t>(0, file.num_frames - span.first);
        findings.Add(
            "video-short", tail,
            file.file + " has " + Count(file.num_frames, "frame") + ", and the episode's are " +
                std::to_string(span.first) + " to " + std::to_string(span.end() - 1),
            {{"frames", file.num_frames}, {"missing", std::min(span.end() - file.num_frames, span.episode->length)}});
        continue;
      }
      const int64_t next = i + 1 < spans.size() ? spans[i + 1].first : file.num_frames;
      if (next < span.end()) {
        findings.Add("video-overlap", place,
                     "its last " + Count(span.end() - next, "frame") + " in " + file.file + " are also episode " +
                         std::to_string(spans[i + 1].episode->index) + "'s",
                     {{"frames", span.end() - next}});
      } else if (next > span.end()) {
        findings.Add("video-frames-unused", place,
                     Count(next - span.end(), "frame") + " of " + file.file + " behind it belong to no episode",
                     {{"frames", next - span.end()}});
      }
    }
  }
};

}  // namespace

CheckEntry VideoLengthsCheck() {
  return {
      "video-lengths",
      {{"video-short", Severity::kError, "videos without their last frames",
        "training stops there, or sees the last frame again and again", "copy the video again, or remove the episode"},
       {"video-overlap", Severity::kError, "episodes that share frames of a video",
        "an episode is shown with another one's pictures", "correct from_timestamp in the episode table"},
       {"video-out-of-step", Severity::kError, "frames at another time than the rows",
        "pictures and actions of different moments are learned as one",
        "encode the video again at the dataset's fps with every frame in it"},
       {"video-span", Severity::kWarning, "spans in the video that are not the episode's length",
        "readers that go by to_timestamp cut frames off or add another episode's",
        "correct to_timestamp in the episode table"},
       {"video-drift", Severity::kWarning, "frames slightly off their time",
        "LeRobot refuses frames further off than 0.1 ms; Heddle goes by the frame's number",
        "correct from_timestamp in the episode table to whole frames"},
       {"video-frames-unused", Severity::kWarning, "frames of a video that belong to no episode",
        "rows may be missing: if frames were lost at the front, all pictures are late",
        "compare the first and last pictures: heddle data show {dataset} --episode E --frame 0"}},
      [] { return std::make_unique<VideoLengths>(); }};
}

}  // namespace heddle::data::audit

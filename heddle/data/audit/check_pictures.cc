// Pictures that can't be decoded, are black, or show nothing.
#include <map>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

// Of 255. Limited-range video codes black as up to some levels above 0.
constexpr double kBlackMean = 6, kBlackDeviation = 3, kBlankDeviation = 0.5;

bool IsBlack(const FrameFacts& frame) { return frame.mean < kBlackMean && frame.deviation < kBlackDeviation; }
bool IsBlank(const FrameFacts& frame) { return !IsBlack(frame) && frame.deviation < kBlankDeviation; }

class Pictures : public Check {
 public:
  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    for (const auto& [camera, data] : episode.cameras) {
      if (!data.unreadable.empty()) {
        const auto& first = data.unreadable.front();
        findings.Add("frame-unreadable", {.episode = episode.index, .frame = first.frame, .feature = camera},
                     first.error,
                     {{"frames", data.unreadable.size()}, {"looked_at", data.unreadable.size() + data.frames.size()}});
      }
      if (facts.info.Require(camera).depth) continue;
      Look(episode, camera, data, "frames-black", IsBlack, findings);
      Look(episode, camera, data, "frames-blank", IsBlank, findings);
    }
  }

 private:
  static void Look(const EpisodeData& episode, const std::string& camera, const CameraData& data, const char* code,
                   bool (*is)(const FrameFacts&), Findings& findings) {
    int64_t count = 0, first = -1;
    double level = 0;
    for (const FrameFacts& frame : data.frames) {
      if (!is(frame)) continue;
      if (first < 0) level = frame.mean;
      if (first < 0) first = frame.frame;
      ++count;
    }
    if (count == 0) return;
    findings.Add(code, {.episode = episode.index, .frame = first, .feature = camera},
                 std::to_string(count) + " of the " + Count(static_cast<int64_t>(data.frames.size()), "frame") +
                     " looked at are of one level (" + Figure(level) + " of 255)",
                 {{"frames", count}, {"looked_at", data.frames.size()}, {"level", level}});
  }
};

}  // namespace

CheckEntry PicturesCheck() {
  return {"pictures",
          {{"frame-unreadable", Severity::kError, "pictures that can't be decoded",
            "training stops there, or sees garbage", "copy the file again, or remove the episode"},
           {"frames-black", Severity::kWarning, "black pictures", "the policy learns to act blind",
            "remove the episode, or mask the camera there"},
           {"frames-blank", Severity::kWarning, "pictures that show one even colour", "the policy learns to act blind",
            "remove the episode, or mask the camera there"}},
          [] { return std::make_unique<Pictures>(); }};
}

}  // namespace heddle::data::audit

// Video files against what meta/info.json says of their camera: rate, size, codec.
#include <cmath>
#include <map>
#include <set>

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

std::string Size(int64_t height, int64_t width) { return std::to_string(width) + "x" + std::to_string(height); }

class VideoFormat : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    std::map<std::string, std::map<std::string, int64_t>> codecs;  // camera -> codec -> files
    for (const VideoFileFacts& file : facts.video_files) {
      if (!file.exists || file.error) continue;
      ++codecs[file.camera][file.codec];
      const Place place{.episode = {}, .frame = {}, .feature = file.camera};
      // The mean rate of a file of few frames is rough.
      const double slack = 0.01 + 1.0 / static_cast<double>(std::max<int64_t>(file.num_frames, 1));
      if (file.fps > 0 && std::abs(file.fps / facts.info.fps - 1) > slack) {
        findings.Add("video-rate", place,
                     file.file + " runs at " + Figure(file.fps) + " frames a second, and the dataset at " +
                         Figure(facts.info.fps),
                     {{"video_fps", file.fps}, {"fps", facts.info.fps}});
      }
      const Feature& camera = facts.info.Require(file.camera);
      if (camera.height == file.height && camera.width == file.width) continue;
      findings.Add("video-size", place,
                   file.file + " is " + Size(file.height, file.width) + ", and " + file.camera + " is declared as " +
                       Size(camera.height, camera.width));
    }
    for (const auto& [camera, of_camera] : codecs) {
      if (of_camera.size() < 2) continue;
      std::string list;
      for (const auto& [codec, files] : of_camera) {
        list += (list.empty() ? "" : ", ") + codec + " (" + Count(files, "file") + ")";
      }
      findings.Add("video-codec-mixed", {.episode = {}, .frame = {}, .feature = camera},
                   camera + " is coded as " + list);
    }
  }
};

}  // namespace

CheckEntry VideoFormatCheck() {
  return {"video-format",
          {{"video-rate", Severity::kError, "videos at another rate than the dataset",
            "the picture of a time is another one than the row of that time",
            "encode the video again at the dataset's fps, or correct fps in meta/info.json"},
           {"video-size", Severity::kError, "videos of another size than declared", "batches can't be formed",
            "correct the camera's shape in meta/info.json, or encode the video again"},
           {"video-codec-mixed", Severity::kNote, "one camera in several codecs",
            "none: all are read; LeRobot's info names one of them",
            "lerobot-edit-dataset reencode_videos, if other tools need one codec"}},
          [] { return std::make_unique<VideoFormat>(); }};
}

}  // namespace heddle::data::audit

// Files that are missing, can't be read, or that nothing refers to.

#include "heddle/data/audit/check.h"
#include "heddle/data/audit/check_entries.h"
#include "heddle/data/audit/wording.h"

namespace heddle::data::audit {
namespace {

int64_t FirstEpisodeIn(const DatasetFacts& facts, const DataFileFacts& file) {
  for (const Episode& episode : facts.episodes) {
    if (episode.data_file == file.file) return episode.index;
  }
  return 0;
}

int64_t FirstEpisodeIn(const DatasetFacts& facts, const VideoFileFacts& file) {
  for (const Episode& episode : facts.episodes) {
    const auto place = episode.videos.find(file.camera);
    if (place != episode.videos.end() && place->second.file == file.file) return episode.index;
  }
  return 0;
}

class Files : public Check {
 public:
  void Begin(const DatasetFacts& facts, Findings& findings) override {
    for (const auto& file : facts.data_files) {
      const Place place{.episode = FirstEpisodeIn(facts, file), .frame = {}, .feature = file.file};
      if (!file.exists && !file.error) {
        findings.Add("data-file-missing", place, "the episode table names " + file.file + ", which is not there");
      } else if (file.footerless) {
        findings.Add("data-file-footerless", place, file.file + " has no end: its recording was interrupted");
      } else if (file.error) {
        findings.Add(file.seal_broken ? "seal-broken" : "data-file-unreadable", place, file.file + ": " + *file.error);
      }
    }
    for (const auto& file : facts.video_files) {
      const Place place{.episode = FirstEpisodeIn(facts, file), .frame = {}, .feature = file.camera};
      if (!file.exists && !file.error) {
        findings.Add("video-file-missing", place, "the episode table names " + file.file + ", which is not there");
      } else if (file.error) {
        findings.Add(file.seal_broken ? "seal-broken" : "video-file-unreadable", place, file.file + ": " + *file.error);
      }
    }
    for (const std::string& file : facts.orphans) {
      findings.Add("orphan-file", {.episode = {}, .frame = {}, .feature = file}, "no episode refers to " + file);
    }
  }

  void Visit(const DatasetFacts& facts, const EpisodeData& episode, Findings& findings) override {
    const auto& file_name = facts.episodes[static_cast<size_t>(episode.index)].data_file;
    for (const auto& file : facts.data_files) {
      const bool told = !file.exists || file.error || !file.faults.empty() || file.num_rows < file.expected_rows;
      if (file.file == file_name && told) return;
    }
    for (const auto& [feature, error] : episode.unreadable) {
      findings.Add("feature-unreadable", {.episode = episode.index, .frame = {}, .feature = feature},
                   feature + " of episode " + std::to_string(episode.index) + ": " + error);
    }
  }
};

}  // namespace

CheckEntry FilesCheck() {
  return {
      "files",
      {{"data-file-missing", Severity::kError, "data files are missing",
        "training stops, or goes on without these episodes", "copy the dataset again, whole"},
       {"data-file-footerless", Severity::kError, "data files without an end",
        "no reader can open them: training stops",
        "record the episodes again; what was finished before the interruption stands in the other files"},
       {"data-file-unreadable", Severity::kError, "data files that can't be read", "training stops",
        "copy the dataset again, whole"},
       {"video-file-missing", Severity::kError, "video files are missing", "training stops at the first frame",
        "copy the dataset again, whole"},
       {"video-file-unreadable", Severity::kError, "video files that can't be read",
        "training stops at the first frame", "copy the dataset again, whole"},
       {"feature-unreadable", Severity::kError, "features that can't be read as declared",
        "training stops, or learns from numbers of another meaning",
        "correct the feature's type and shape in meta/info.json, or write the column again"},
       {"orphan-file", Severity::kNote, "files that no episode refers to",
        "none: they are not read; they take room and confuse other tools", "delete them, or copy the dataset again"}},
      [] { return std::make_unique<Files>(); }};
}

}  // namespace heddle::data::audit

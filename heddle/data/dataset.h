// A robot dataset on disk, read as it is: LeRobot v3.0, v2.1 and v2.0 behind one interface.
//
//   const Dataset set = Dataset::Open("lerobot/pusht");           // or a folder
//   for (const Episode& episode : set.episodes()) {
//     const Array action_TD = set.ReadNumbers("action", episode.index);
//   }
//
// Opening reads meta/ and nothing else, and checks what is certain there: counters, contiguous episodes, safe paths.
// The first visit to an episode checks that its rows are its own. All const functions may be called from several
// threads at once. Errors are kInput with file, column and row; an unknown feature is a usage error.
//
// A dataset that was sealed (heddle/data/seal.h) is held to its seal: a file whose content is another is refused when
// it is first read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/episode.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data {

struct OpenOptions {
  size_t row_cache_bytes = size_t{256} << 20;  // numbers kept in memory
  bool hold_to_seal = true;                    // false: read a sealed dataset as it is now, to seal it again
};

// Where the pictures of a video feature lie (heddle/data/video_time.h checks them against the video's own clock).
struct VideoSpan {
  std::filesystem::path file;  // whole path
  int64_t first_frame = 0;     // number, in presentation order, of the episode's frame 0 in that file
  double from_s = 0;           // the time of that frame, as the episode table has it
};

class Dataset {
 public:
  // A folder, or `owner/name` in the cache folders of Hugging Face (heddle/data/find_dataset.h).
  static Dataset Open(const std::string& folder_or_name, const OpenOptions& options = {});

  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  const std::filesystem::path& root() const;
  const DatasetInfo& info() const;
  const std::vector<Episode>& episodes() const;   // position = index
  const Episode& episode(int64_t index) const;    // usage error beyond the last
  const std::vector<std::string>& tasks() const;  // position = task_index
  // Of the whole dataset, if it has any.
  const std::optional<contract::Statistics>& statistics() const;
  const std::string& statistics_error() const;  // why those that are there are not used; mostly empty
  // What was odd when opening and could be lived with.
  const std::vector<std::string>& warnings() const;

  // A numeric feature for a whole episode: [length, ...value_shape]. The type is the declared one, whatever the file's
  // column holds (kInput if it does not fit: text, another shape, a null).
  contract::Array ReadNumbers(std::string_view feature, int64_t episode) const;
  std::vector<std::string> ReadTexts(std::string_view feature, int64_t episode) const;
  // Frames `first .. first + count` of an embedded camera, as the bytes of their files (PNG, JPEG, TIFF).
  std::vector<std::string> ReadImageFiles(std::string_view camera, int64_t episode, int64_t first, int64_t count) const;
  // A language column, one JSON list of rows a frame; of the first `most` frames where that is given.
  std::vector<nlohmann::ordered_json> ReadLanguage(std::string_view feature, int64_t episode,
                                                   std::optional<int64_t> most = std::nullopt) const;
  // The instruction of each frame.
  std::vector<std::string> ReadTasks(int64_t episode) const;

  VideoSpan Video(std::string_view camera, int64_t episode) const;

  // A file of the dataset by its path relative to the root: safe, and held to the seal. What reads a file of a dataset
  // by itself goes through this.
  std::filesystem::path FileOf(const std::string& relative) const;
  // The SHA-256 of a file of a sealed dataset; nothing for one without seal.
  std::optional<std::string> SealedHashOf(const std::string& relative) const;

 private:
  struct Parts;
  explicit Dataset(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data

// A robot dataset on disk, read as it is: LeRobot v3.0, v2.1 and v2.0 behind one interface.
//
//   const Dataset set = Dataset::Open("lerobot/pusht");           // or a folder
//   for (const Episode& episode : set.episodes()) {
//     const Array action_TD = set.ReadNumbers("action", episode.index);
//   }
//
// Opening reads meta/ and nothing else, and checks what is certain there: counters, contiguous episodes, safe paths.
// All const functions may be called from several threads at once. Errors are kInput with file, episode and feature.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/contract/array.h"
#include "heddle/contract/statistics.h"
#include "heddle/data/lerobot/episode.h"
#include "heddle/data/lerobot/info.h"

namespace heddle::data {

class Dataset {
 public:
  // A folder, or `owner/name` in the cache folders of Hugging Face (heddle/data/find_dataset.h).
  static Dataset Open(const std::string& folder_or_name);

  ~Dataset();
  Dataset(Dataset&&) noexcept;
  Dataset& operator=(Dataset&&) noexcept;

  const std::filesystem::path& root() const;
  const DatasetInfo& info() const;
  const std::vector<Episode>& episodes() const;   // position = index
  const std::vector<std::string>& tasks() const;  // position = task_index
  // Of the whole dataset, if the dataset has any.
  const std::optional<contract::Statistics>& statistics() const;
  // What was odd when opening and could be lived with.
  const std::vector<std::string>& warnings() const;

  // A numeric feature for a whole episode: [length, ...value_shape]. The type is the declared one, whatever the file's
  // column holds (kInput if it does not fit: text, another shape, a null).
  contract::Array ReadNumbers(std::string_view feature, int64_t episode) const;
  std::vector<std::string> ReadTexts(std::string_view feature, int64_t episode) const;
  // Embedded pictures as the bytes of their files (PNG, JPEG, TIFF), one a frame.
  std::vector<std::string> ReadImageFiles(std::string_view feature, int64_t episode) const;
  // Frames `first .. first + count` of a language column, one JSON list of rows each.
  std::vector<nlohmann::ordered_json> ReadLanguage(std::string_view feature, int64_t episode) const;

  // Several numeric features of an episode with one visit to its file, in the order asked for.
  std::vector<contract::Array> ReadNumbers(const std::vector<std::string>& features, int64_t episode) const;

  // Where the pictures of a video feature lie.
  struct VideoSpan {
    std::filesystem::path file;  // whole path
    int64_t first_frame = 0;     // number, in presentation order, of the episode's frame 0 in that file
  };
  VideoSpan Video(std::string_view camera, int64_t episode) const;

 private:
  struct Parts;
  explicit Dataset(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data

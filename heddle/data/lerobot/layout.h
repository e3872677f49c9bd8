// Where the files of a v3.0 dataset lie as the writer names them: LeRobot's defaults.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace heddle::data {

inline constexpr const char* kDataTemplate = "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet";
inline constexpr const char* kVideoTemplate = "videos/{video_key}/chunk-{chunk_index:03d}/file-{file_index:03d}.mp4";

// Files are counted through within chunks of `chunks_size` files.
struct FilePlace {
  int64_t chunk = 0, file = 0;

  FilePlace Next(int64_t chunks_size) const;
  friend auto operator<=>(const FilePlace&, const FilePlace&) = default;
};

// Relative to the dataset's root.
std::filesystem::path DataPath(FilePlace place);
std::filesystem::path EpisodesPath(FilePlace place);
std::filesystem::path VideoPath(const std::string& camera, FilePlace place);

}  // namespace heddle::data

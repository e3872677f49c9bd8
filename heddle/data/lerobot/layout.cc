#include "heddle/data/lerobot/layout.h"

namespace heddle::data {
namespace {

std::string Padded(int64_t number) {
  std::string text = std::to_string(number);
  if (text.size() < 3) text.insert(0, 3 - text.size(), '0');
  return text;
}

std::filesystem::path Under(std::filesystem::path folder, FilePlace place, const char* ending) {
  return std::move(folder) / ("chunk-" + Padded(place.chunk)) / ("file-" + Padded(place.file) + ending);
}

}  // namespace

FilePlace FilePlace::Next(int64_t chunks_size) const {
  if (file + 1 >= chunks_size) return {chunk + 1, 0};
  return {chunk, file + 1};
}

std::filesystem::path DataPath(FilePlace place) { return Under("data", place, ".parquet"); }
std::filesystem::path EpisodesPath(FilePlace place) { return Under("meta/episodes", place, ".parquet"); }
std::filesystem::path VideoPath(const std::string& camera, FilePlace place) {
  return Under(std::filesystem::path("videos") / camera, place, ".mp4");
}

}  // namespace heddle::data

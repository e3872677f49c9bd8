#include "heddle/data/fingerprint.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kEndBytes = 64 << 10;

std::vector<fs::path> FilesOf(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::follow_directory_symlink, error);
  if (error == std::errc::no_such_file_or_directory) return files;
  while (!error && entry != fs::recursive_directory_iterator()) {
    const bool hidden = entry->path().filename().string().starts_with(".");
    if (hidden) entry.disable_recursion_pending();
    if (!hidden && entry->is_regular_file(error)) files.push_back(entry->path());
    if (!error) entry.increment(error);
  }
  if (error) ThrowSystem("cannot list this folder", folder.string(), error.value());
  std::ranges::sort(files);
  return files;
}

std::string EndOf(const fs::path& file, int64_t size_bytes) {
  std::ifstream in(file, std::ios::binary);
  std::string end(static_cast<size_t>(std::min(size_bytes, kEndBytes)), '\0');
  in.seekg(size_bytes - static_cast<int64_t>(end.size()));
  in.read(end.data(), static_cast<std::streamsize>(end.size()));
  if (!in) ThrowSystem("cannot read this file", file.string(), errno);
  return end;
}

}  // namespace

std::string DatasetFingerprint(const fs::path& root) {
  auto files = nlohmann::ordered_json::array();
  for (const std::string part : {"meta", "data", "videos"}) {
    for (const fs::path& file : FilesOf(root / part)) {
      const auto size_bytes = static_cast<int64_t>(fs::file_size(file));
      files.push_back({file.lexically_relative(root).generic_string(), size_bytes,
                       part == "videos" ? "" : Sha256Hex(EndOf(file, size_bytes))});
    }
  }
  return Sha256Hex(CanonicalJson(files));
}

}  // namespace heddle::data

// A file that is read at places.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace heddle::data {

class MediaFile {
 public:
  // kInput with the path if it can't be opened or is no regular file.
  explicit MediaFile(std::filesystem::path path);
  ~MediaFile();
  MediaFile(const MediaFile&) = delete;
  MediaFile& operator=(const MediaFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string place() const { return path_.string(); }
  int64_t size() const { return size_; }  // as it was when opened

  // As many bytes as there are from `position` on; fewer than asked for at the end. kSystem if the disk fails.
  size_t ReadSome(int64_t position, std::span<uint8_t> bytes) const;
  // All of `bytes`; kInput if the file ends before.
  void ReadAll(int64_t position, std::span<uint8_t> bytes) const;

 private:
  std::filesystem::path path_;
  int fd_ = -1;
  int64_t size_ = 0;
};

}  // namespace heddle::data

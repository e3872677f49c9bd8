// An open file, closed at the end. Errors are kSystem with the path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace heddle::mixture {

class OpenFile {
 public:
  // fd < 0: nothing.
  OpenFile(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  int fd() const { return fd_; }
  const std::filesystem::path& path() const { return path_; }
  size_t size() const;
  void WriteAt(size_t offset, const void* bytes, size_t count) const;
  // Fewer than asked for at the end of the file.
  size_t ReadAt(size_t offset, void* bytes, size_t count) const;
  void Resize(size_t bytes) const;
  void Sync() const;

 private:
  [[noreturn]] void Fail(const char* what) const;

  int fd_;
  std::filesystem::path path_;
};

}  // namespace heddle::mixture

// One recorder at a time in one folder.
#pragma once

#include <filesystem>

namespace heddle::data {

// Held as long as it lives, by this process alone; a process that is killed lets go of it.
class WriterLock {
 public:
  // Usage error if another recorder holds it; kSystem if the file can't be made.
  explicit WriterLock(const std::filesystem::path& folder);
  ~WriterLock();  // removes the file
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

  static std::filesystem::path FileIn(const std::filesystem::path& folder);

 private:
  bool Take();

  std::filesystem::path file_;
  int fd_ = -1;
};

}  // namespace heddle::data

// One writer at a time in a folder, among those who ask for this lock.
#pragma once

#include <filesystem>

namespace heddle::data {

// Held as long as it lives; a process that is killed lets go of it. Leaves no file behind.
class FolderLock {
 public:
  // Waits for whoever holds it. kSystem if there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace heddle::data

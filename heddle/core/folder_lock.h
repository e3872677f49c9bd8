// One process at a time in a folder, among those who ask for this lock.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>

namespace heddle {

// Held as long as it lives; a process that is killed lets go of it. Leaves no file behind. Some network file systems
// have no locks: everybody then gets one at once.
class FolderLock {
 public:
  // Waits for whoever holds it. kSystem if there is no such folder.
  explicit FolderLock(const std::filesystem::path& folder);
  // Doesn't wait: nothing where somebody else holds it.
  static std::optional<FolderLock> Try(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FolderLock& operator=(FolderLock&&) = delete;

 private:
  FolderLock() = default;
  // False where somebody else holds it and waiting was not asked for.
  bool Lock(const std::filesystem::path& folder, bool wait);

  int fd_ = -1;
};

}  // namespace heddle

#include "heddle/core/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "heddle/core/error.h"

namespace heddle {

FolderLock::FolderLock(const std::filesystem::path& folder) { Lock(folder, /*wait=*/true); }

std::optional<FolderLock> FolderLock::Try(const std::filesystem::path& folder) {
  FolderLock lock;
  if (!lock.Lock(folder, /*wait=*/false)) return std::nullopt;
  return lock;
}

FolderLock::~FolderLock() {
  if (fd_ >= 0) close(fd_);
}

bool FolderLock::Lock(const std::filesystem::path& folder, bool wait) {
  fd_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd_ < 0) ThrowSystem("cannot open this folder", folder.string(), errno);
  int result = 0;
  do {
    result = flock(fd_, wait ? LOCK_EX : LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0 || errno == ENOLCK || errno == EOPNOTSUPP) return true;
  const int error = errno;
  close(std::exchange(fd_, -1));
  if (error == EWOULDBLOCK) return false;
  ThrowSystem("cannot lock this folder", folder.string(), error);
}

}  // namespace heddle

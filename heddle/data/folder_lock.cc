#include "heddle/data/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "heddle/core/error.h"

namespace heddle::data {

FolderLock::FolderLock(const std::filesystem::path& folder)
    : fd_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (fd_ < 0) ThrowSystem("cannot open this folder", folder.string(), errno);
  int result = 0;
  do {
    result = flock(fd_, LOCK_EX);
  } while (result != 0 && errno == EINTR);
  // Some network file systems have no locks: then whoever writes last is right, as everywhere there.
  if (result != 0 && errno != ENOLCK && errno != EOPNOTSUPP) {
    const int error = errno;
    close(fd_);
    ThrowSystem("cannot lock this folder", folder.string(), error);
  }
}

FolderLock::~FolderLock() { close(fd_); }

}  // namespace heddle::data

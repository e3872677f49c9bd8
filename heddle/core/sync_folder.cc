#include "heddle/core/sync_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "heddle/core/error.h"

namespace heddle {

void SyncFolder(const std::filesystem::path& folder) {
  const int fd = open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) ThrowSystem("cannot open this folder to bring it to disk", folder.string(), errno);
  const int error = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
  close(fd);
  if (error) ThrowSystem("cannot bring this folder to disk", folder.string(), error);
}

}  // namespace heddle

#include "heddle/mixture/open_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "heddle/core/error.h"

namespace heddle::mixture {

OpenFile::~OpenFile() {
  if (fd_ >= 0) close(fd_);
}

void OpenFile::Fail(const char* what) const { ThrowSystem(what, path_.string(), errno); }

size_t OpenFile::size() const {
  struct stat facts{};
  if (fstat(fd_, &facts) != 0) Fail("cannot look at this file");
  return static_cast<size_t>(facts.st_size);
}

void OpenFile::WriteAt(size_t offset, const void* bytes, size_t count) const {
  const char* from = static_cast<const char*>(bytes);
  while (count > 0) {
    const ssize_t written = pwrite(fd_, from, count, static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("cannot write this file");
    from += written;
    offset += static_cast<size_t>(written);
    count -= static_cast<size_t>(written);
  }
}

size_t OpenFile::ReadAt(size_t offset, void* bytes, size_t count) const {
  size_t done = 0;
  while (done < count) {
    const ssize_t read = pread(fd_, static_cast<char*>(bytes) + done, count - done, static_cast<off_t>(offset + done));
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) Fail("cannot read this file");
    if (read == 0) break;
    done += static_cast<size_t>(read);
  }
  return done;
}

void OpenFile::Resize(size_t bytes) const {
  if (ftruncate(fd_, static_cast<off_t>(bytes)) != 0) Fail("cannot change the size of this file");
}

void OpenFile::Sync() const {
  if (fdatasync(fd_) != 0) Fail("cannot bring this file to disk");
}

}  // namespace heddle::mixture

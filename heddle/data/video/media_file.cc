#include "heddle/data/video/media_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "heddle/core/error.h"

namespace heddle::data {

MediaFile::MediaFile(std::filesystem::path path) : path_(std::move(path)) {
  fd_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) ThrowInput(std::string("video can't be opened: ") + std::strerror(errno), place());
  struct stat facts{};
  if (::fstat(fd_, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(fd_);
    ThrowInput("not a file", place());
  }
  size_ = facts.st_size;
}

MediaFile::~MediaFile() { ::close(fd_); }

size_t MediaFile::ReadSome(int64_t position, std::span<uint8_t> bytes) const {
  size_t done = 0;
  while (done < bytes.size()) {
    ssize_t n = ::pread(fd_, bytes.data() + done, bytes.size() - done, position + static_cast<int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) ThrowSystem("reading failed", place(), errno);
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  return done;
}

void MediaFile::ReadAll(int64_t position, std::span<uint8_t> bytes) const {
  if (ReadSome(position, bytes) < bytes.size())
    ThrowInput("the file ends within a frame: it was cut off", place(), "copy or record it again");
}

}  // namespace heddle::data

#include "heddle/data/writer_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "heddle/core/error.h"

namespace heddle::data {

std::filesystem::path WriterLock::FileIn(const std::filesystem::path& folder) {
  return folder / ".heddle-recording.lock";
}

WriterLock::WriterLock(const std::filesystem::path& folder) : file_(FileIn(folder)) {
  while (!Take()) close(std::exchange(fd_, -1));
}

// False if the file that was locked has been removed by its former holder in between.
bool WriterLock::Take() {
  fd_ = open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) ThrowSystem("cannot make the lock of this dataset", file_.string(), errno);
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    const int error = errno;
    close(std::exchange(fd_, -1));
    if (error != EWOULDBLOCK) ThrowSystem("cannot lock this dataset", file_.string(), error);
    ThrowUsage("another recording is writing into this dataset", file_.parent_path().string(),
               "wait for it to end, or record into another folder");
  }
  struct stat mine, named;
  return fstat(fd_, &mine) == 0 && stat(file_.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
         mine.st_dev == named.st_dev;
}

WriterLock::~WriterLock() {
  unlink(file_.c_str());
  close(fd_);
}

}  // namespace heddle::data

#include "heddle/core/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/sync_folder.h"

namespace heddle {
namespace {

std::filesystem::path PartName(const std::filesystem::path& path) {
  static std::atomic<uint64_t> counter{0};
  const std::string unique = std::to_string(getpid()) + "-" + std::to_string(counter++);
  return path.parent_path() / ("." + path.filename().string() + "." + unique + ".part");
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path) : path_(std::move(path)), part_(PartName(path_)) {
  if (!path_.has_filename()) ThrowUsage("this names no file", path_.string());
  fd_ = open(part_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd_ < 0) Fail("cannot write this file");
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(part_.c_str());
}

void AtomicFile::Fail(const char* what) const { ThrowSystem(what, path_.string(), errno); }

void AtomicFile::Write(std::span<const std::byte> bytes) {
  HEDDLE_DEMAND(fd_ >= 0);
  while (!bytes.empty()) {
    const ssize_t written = write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) Fail("cannot write this file");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void AtomicFile::Sync() {
  HEDDLE_DEMAND(fd_ >= 0);
  if (fsync(fd_) != 0) Fail("cannot bring this file to disk");
}

void AtomicFile::Commit() {
  Sync();
  if (rename(part_.c_str(), path_.c_str()) != 0) Fail("cannot give this file its name");
  close(std::exchange(fd_, -1));
  SyncFolder(path_.parent_path());
}

void WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes) {
  AtomicFile file(path);
  file.Write(bytes);
  file.Commit();
}

void RequireWritableFolder(const std::filesystem::path& folder) {
  if (folder.empty()) ThrowUsage("the folder to write into has an empty name");
  std::error_code error;
  const auto status = std::filesystem::status(folder, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_directory(status)) {
    ThrowUsage("this is a file, and a folder is needed", folder.string(), "name another place");
  }
  std::filesystem::create_directories(folder, error);
  if (error) ThrowSystem("cannot make this folder", folder.string(), error.value());
  try {
    AtomicFile probe(folder / "heddle-can-write-here");
    probe.Write("Heddle looks whether it can write here.\n");
    probe.Sync();
  } catch (const Error& failure) {
    throw Error(failure.kind(), failure.message(), folder.string(), "nothing can be written into this folder");
  }
}

}  // namespace heddle

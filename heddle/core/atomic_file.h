// Files that are either whole or not there.
//
// The bytes go into a hidden file beside the final one (".NAME.PID-N.part"), which is synced to disk, renamed onto the
// name, and the folder synced: after a crash, a full disk or a kill there is the old file or the new one, never a part
// of it under its name. All errors are kSystem, with the path. A symbolic link of that name is replaced, not followed.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace heddle {

// For content that is written piece by piece. Not for several threads at once.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();  // removes what was not committed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void Write(std::span<const std::byte> bytes);
  void Write(std::string_view bytes) { Write(std::as_bytes(std::span(bytes))); }
  void Sync();  // to disk
  // Makes the file appear under its name. Once; nothing can be written after it.
  void Commit();

 private:
  [[noreturn]] void Fail(const char* what) const;

  std::filesystem::path path_, part_;
  int fd_ = -1;
};

void WriteFileAtomically(const std::filesystem::path& path, std::string_view bytes);

// Makes the folder (and those above it) if need be, and proves by writing and syncing a small file that it can be
// written: called before long work, so that hours are not lost to a full disk or a missing permission. A name that is
// empty or taken by a file is a usage error.
void RequireWritableFolder(const std::filesystem::path& folder);

}  // namespace heddle

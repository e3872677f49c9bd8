#include "heddle/data/commit.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <set>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/sync_folder.h"

namespace heddle::data {
namespace {

void SyncFile(const std::filesystem::path& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) ThrowSystem("cannot open this to bring it to disk", path.string(), errno);
  const int error = fsync(fd) == 0 ? 0 : errno;
  close(fd);
  if (error) ThrowSystem("cannot bring this to disk", path.string(), error);
}

// Makes the folder and syncs those that got a new entry by it.
void MakeFolder(const std::filesystem::path& folder) {
  if (folder.empty() || std::filesystem::is_directory(folder)) return;
  MakeFolder(folder.parent_path());
  std::error_code error;
  std::filesystem::create_directory(folder, error);
  if (error) ThrowSystem("cannot make this folder", folder.string(), error.value());
  SyncFolder(folder.parent_path());
}

}  // namespace

void WriteStaged(const std::filesystem::path& staged, std::string_view bytes) {
  std::ofstream file(staged, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) ThrowSystem("cannot write this file", staged.string(), errno);
}

Commit::Commit(std::function<void(const std::filesystem::path&)> before_rename)
    : before_rename_(std::move(before_rename)) {}

void Commit::Add(std::filesystem::path staged, std::filesystem::path final) {
  moves_.push_back({std::move(staged), std::move(final)});
}

void Commit::Run() {
  for (const Move& move : moves_) {
    SyncFile(move.staged);
    MakeFolder(move.final.parent_path());
  }
  std::set<std::filesystem::path> folders;
  for (const Move& move : moves_) {
    if (&move == &moves_.back()) {
      for (const auto& folder : folders) SyncFolder(folder);
    }
    if (before_rename_) before_rename_(move.final);
    std::error_code error;
    std::filesystem::rename(move.staged, move.final, error);
    if (error) ThrowSystem("cannot give this file its name", move.final.string(), error.value());
    folders.insert(move.final.parent_path());
  }
  if (!moves_.empty()) SyncFolder(moves_.back().final.parent_path());
  moves_.clear();
}

}  // namespace heddle::data

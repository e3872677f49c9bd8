#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/sync_folder.h"
#include "heddle/mixture/open_file.h"
#include "heddle/mixture/packed_file.h"
#include "heddle/mixture/packed_header.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;

fs::path WithSuffix(const fs::path& path, const char* suffix) { return path.string() + suffix; }

OpenFile OpenOrMake(const fs::path& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd < 0) ThrowSystem("cannot write this file", path.string(), errno);
  return {fd, path};
}

bool Requested(const StopFlag* stop) { return stop != nullptr && stop->requested(); }

// The lock ends with the process, however that ends. False if stopped while another process has it.
bool Lock(const OpenFile& file, const StopFlag* stop) {
  while (flock(file.fd(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) ThrowSystem("cannot lock this file", file.path().string(), errno);
    if (Requested(stop)) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return true;
}

// How many pictures a part that was left behind holds for certain.
int64_t DoneIn(const OpenFile& part, const PackedFacts& facts) {
  PackedHeaderBytes bytes{};
  if (part.ReadAt(0, bytes.data(), bytes.size()) != bytes.size()) return 0;
  const auto header = ParsePackedHeader(bytes);
  if (!header || header->facts != facts || header->done < 0 || header->done > facts.count) return 0;
  const size_t needed = kPackedHeaderBytes + facts.picture_bytes() * static_cast<size_t>(header->done);
  return part.size() >= needed ? header->done : 0;
}

void RequireRoom(const OpenFile& part, const PackedFacts& facts, int64_t done) {
  const size_t bytes = facts.picture_bytes() * static_cast<size_t>(facts.count - done);
  const auto space = fs::space(part.path());
  if (space.available < bytes) {
    throw Error(ErrorKind::kSystem,
                "the packed pictures need " + std::to_string(bytes >> 20) + " MB and the disk has " +
                    std::to_string(space.available >> 20) + " MB left",
                part.path().string(), "choose another cache folder, or decode on the fly");
  }
}

// False if stopped.
bool WriteBlocks(const OpenFile& part, const PackedFacts& facts, const PackOptions& options, const MakePictures& make) {
  int64_t done = DoneIn(part, facts);
  RequireRoom(part, facts, done);
  part.Resize(kPackedHeaderBytes + facts.picture_bytes() * static_cast<size_t>(done));
  const PackedHeaderBytes header = FormatPackedHeader({facts, done});
  part.WriteAt(0, header.data(), header.size());
  std::vector<uint8_t> block;
  while (done < facts.count) {
    if (Requested(options.stop)) return false;
    const int64_t count = std::min(options.block_pictures, facts.count - done);
    block.resize(static_cast<size_t>(count) * facts.picture_bytes());
    make(done, count, block);
    part.WriteAt(kPackedHeaderBytes + static_cast<size_t>(done) * facts.picture_bytes(), block.data(), block.size());
    part.Sync();  // before the number that says so
    done += count;
    part.WriteAt(kPackedDoneOffset, &done, sizeof(done));
  }
  part.Sync();
  return true;
}

}  // namespace

bool BuildPackedFile(const fs::path& path, const PackedFacts& facts, const PackOptions& options,
                     const MakePictures& make) {
  HEDDLE_DEMAND(options.block_pictures >= 1 && facts.count >= 0);
  if (PackedFile::Open(path, facts, 0)) return true;
  const OpenFile lock = OpenOrMake(WithSuffix(path, ".lock"));
  if (!Lock(lock, options.stop)) return false;
  if (PackedFile::Open(path, facts, 0)) return true;  // another process was faster
  const OpenFile part = OpenOrMake(WithSuffix(path, ".part"));
  if (!WriteBlocks(part, facts, options, make)) return false;
  if (std::rename(part.path().c_str(), path.c_str()) != 0) {
    ThrowSystem("cannot give this file its name", path.string(), errno);
  }
  SyncFolder(path.parent_path());
  return true;
}

}  // namespace heddle::mixture

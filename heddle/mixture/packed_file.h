// A file of pictures of one size, end to end, read through memory: what decoding and resizing once leaves behind.
//
//   4096 bytes    "HEDDLEPK", version, height, width, number of pictures, number of those that are done (each 8 bytes,
//                 little-endian), key (64 hexadecimal digits), zeros
//   the rest      uint8 [pictures, height, width, 3]
//
// It is built beside its place as NAME.part by one process at a time (flock on NAME.lock; the others wait), brought to
// disk block by block with the number of pictures done written after each, and renamed when whole. A process that is
// killed leaves a part that nobody reads; the next one goes on from its last block. The bytes are the same either way.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "heddle/core/stop.h"
#include "heddle/mixture/mapping.h"

namespace heddle::mixture {

struct PackedFacts {
  std::string key;  // what the pictures are made of and how: 64 hexadecimal digits
  int64_t height = 0, width = 0, count = 0;

  size_t picture_bytes() const { return static_cast<size_t>(height * width * 3); }
  friend bool operator==(const PackedFacts&, const PackedFacts&) = default;
};

// Several threads at once.
class PackedFile {
 public:
  // Nothing if there is no file of this name. kInput if it is another one than `facts` says, unfinished, or shorter or
  // longer than it should be. At most about `resident_bytes` of it stay mapped to this process.
  static std::optional<PackedFile> Open(const std::filesystem::path& path, const PackedFacts& facts,
                                        size_t resident_bytes);
  PackedFile(PackedFile&& other) noexcept;

  size_t picture_bytes() const { return facts_.picture_bytes(); }
  // Copies one picture. 0 <= index < count (DEMANDed).
  void Read(int64_t index, uint8_t* out);

 private:
  PackedFile(Mapping mapping, const PackedFacts& facts, size_t resident_bytes)
      : mapping_(std::move(mapping)), facts_(facts), resident_bytes_(resident_bytes) {}

  Mapping mapping_;
  PackedFacts facts_;
  size_t resident_bytes_;
  std::atomic<size_t> touched_bytes_{0};  // at most, since the pages were last given back
};

struct PackOptions {
  int64_t block_pictures = 1;  // between two marks on disk
  const StopFlag* stop = nullptr;
};

// Makes pictures first .. first + count into `out`.
using MakePictures = std::function<void(int64_t first, int64_t count, std::span<uint8_t> out)>;

// Builds the file unless it is there. False if it was stopped before that. kSystem where the disk refuses (and at the
// start, where it has not enough room).
bool BuildPackedFile(const std::filesystem::path& path, const PackedFacts& facts, const PackOptions& options,
                     const MakePictures& make);

}  // namespace heddle::mixture

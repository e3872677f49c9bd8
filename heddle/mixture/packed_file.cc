#include "heddle/mixture/packed_file.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/mixture/open_file.h"
#include "heddle/mixture/packed_header.h"

namespace heddle::mixture {
namespace {

// The system may map as much as this around a byte that is read.
constexpr size_t kHugePage = size_t{2} << 20;

void CheckHeader(const OpenFile& file, const PackedFacts& facts) {
  const std::string mend = "remove the file: it is made anew";
  PackedHeaderBytes bytes{};
  const bool is_long_enough = file.ReadAt(0, bytes.data(), bytes.size()) == bytes.size();
  const auto header = is_long_enough ? ParsePackedHeader(bytes) : std::nullopt;
  if (!header) ThrowInput("this is no file of packed pictures", file.path().string(), mend);
  if (header->facts != facts || header->done != facts.count) {
    ThrowInput("this file holds other pictures than its name says", file.path().string(), mend);
  }
  const size_t expected = kPackedHeaderBytes + facts.picture_bytes() * static_cast<size_t>(facts.count);
  if (file.size() != expected) {
    ThrowInput("this file has " + std::to_string(file.size()) + " bytes instead of " + std::to_string(expected),
               file.path().string(), mend);
  }
}

}  // namespace

std::optional<PackedFile> PackedFile::Open(const std::filesystem::path& path, const PackedFacts& facts,
                                           size_t resident_bytes) {
  const OpenFile file(open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
  if (file.fd() < 0 && errno == ENOENT) return std::nullopt;
  if (file.fd() < 0) ThrowSystem("cannot open this file", path.string(), errno);
  CheckHeader(file, facts);
  return PackedFile(Mapping::OfFile(file.fd(), file.size(), path.string()), facts, resident_bytes);
}

PackedFile::PackedFile(PackedFile&& other) noexcept
    : mapping_(std::move(other.mapping_)), facts_(std::move(other.facts_)), resident_bytes_(other.resident_bytes_) {}

void PackedFile::Read(int64_t index, uint8_t* out) {
  HEDDLE_DEMAND(index >= 0 && index < facts_.count);
  const size_t bytes = facts_.picture_bytes();
  std::memcpy(out, mapping_.data() + kPackedHeaderBytes + static_cast<size_t>(index) * bytes, bytes);
  const size_t touched = bytes + kHugePage;
  if (touched_bytes_.fetch_add(touched, std::memory_order_relaxed) + touched > resident_bytes_) {
    touched_bytes_.store(0, std::memory_order_relaxed);
    mapping_.Drop();
  }
}

}  // namespace heddle::mixture

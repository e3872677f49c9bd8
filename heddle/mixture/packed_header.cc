#include "heddle/mixture/packed_header.h"

#include <bit>
#include <cstring>

#include "heddle/core/check.h"

namespace heddle::mixture {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr char kMagic[] = "HEDDLEPK";
constexpr int64_t kVersion = 1;
constexpr size_t kKeyOffset = 48, kKeyBytes = 64;

struct Numbers {
  int64_t version, height, width, count, done;
};
static_assert(8 + offsetof(Numbers, done) == kPackedDoneOffset && 8 + sizeof(Numbers) == kKeyOffset);

}  // namespace

PackedHeaderBytes FormatPackedHeader(const PackedHeader& header) {
  HEDDLE_DEMAND(header.facts.key.size() == kKeyBytes);
  PackedHeaderBytes bytes{};
  const Numbers numbers{kVersion, header.facts.height, header.facts.width, header.facts.count, header.done};
  std::memcpy(bytes.data(), kMagic, 8);
  std::memcpy(bytes.data() + 8, &numbers, sizeof(numbers));
  std::memcpy(bytes.data() + kKeyOffset, header.facts.key.data(), kKeyBytes);
  return bytes;
}

std::optional<PackedHeader> ParsePackedHeader(const PackedHeaderBytes& bytes) {
  Numbers numbers;
  std::memcpy(&numbers, bytes.data() + 8, sizeof(numbers));
  if (std::memcmp(bytes.data(), kMagic, 8) != 0 || numbers.version != kVersion) return std::nullopt;
  const PackedHeader header{
      {std::string(bytes.data() + kKeyOffset, kKeyBytes), numbers.height, numbers.width, numbers.count}, numbers.done};
  // What is behind it is zeros, so that a header has one form only.
  if (FormatPackedHeader(header) != bytes) return std::nullopt;
  return header;
}

}  // namespace heddle::mixture

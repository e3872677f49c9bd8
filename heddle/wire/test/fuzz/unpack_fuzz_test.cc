// Samples that were damaged at random: each is read or refused, in memory that is in proportion to its size.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <new>
#include <string_view>

#include "heddle/core/error.h"
#include "heddle/core/random.h"
#include "heddle/wire/pack.h"
#include "heddle/wire/test/samples.h"

namespace {

// The most that was asked for at once.
std::atomic<size_t> largest_bytes{0};

void* Allocate(size_t size) {
  if (size > largest_bytes) largest_bytes = size;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}

}  // namespace

// Never inlined: a compiler that sees only one half of a pair takes it for a mismatch.
[[gnu::noinline]] void* operator new(size_t size) { return Allocate(size); }
[[gnu::noinline]] void* operator new[](size_t size) { return Allocate(size); }
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete[](void* memory, size_t) noexcept { std::free(memory); }

namespace heddle::wire {
namespace {

constexpr uint64_t kSeed = 20240607;

// One value in memory, and what a vector's growth may double.
constexpr size_t kMostBytesPerByte = 2 * sizeof(Entry);

int64_t Rounds() {
  const char* text = std::getenv("HEDDLE_FUZZ_ROUNDS");
  int64_t rounds = 20'000;
  if (text) std::from_chars(text, text + std::string_view(text).size(), rounds);
  return rounds;
}

// Heads that say much, and marks.
const std::vector<Bytes>& Pieces() {
  static const std::vector<Bytes> pieces = [] {
    std::vector<Bytes> made;
    for (const std::string_view text :
         {"\xdd\xff\xff\xff\xff", "\xdf\xff\xff\xff\xff", "\xc6\xff\xff\xff\xff", "\xdb\xff\xff\xff\xff",
          "\xdc\xff\xff", "\xde\xff\xff", "\x91\x91\x91\x91\x91\x91", "\xc4\x0b__ndarray__\xc3",
          "\xc4\x04"
          "data\xc4",
          "\xa3<f8", "\xa3>i8", "\xa2|O", "\xcf\x7f\xff\xff\xff\xff\xff\xff\xff",
          "\xd3\x80\x7f\xff\xff\xff\xff\xff\xff", "\xcb\x7f\xf0\x7f\x7f\x7f\x7f\x7f\x7f", "\xc1", "\xd9\xff",
          "\xc7\xff\x01"}) {
      made.push_back(ToBytes(text));
    }
    return made;
  }();
  return pieces;
}

size_t Below(RandomStream& random, size_t n) { return static_cast<size_t>(random.Below(n)); }

void Damage(Bytes& bytes, const std::vector<Bytes>& samples, RandomStream& random) {
  if (bytes.empty()) bytes.push_back(std::byte{0});
  const auto at = bytes.begin() + static_cast<ptrdiff_t>(Below(random, bytes.size()));
  const size_t behind = static_cast<size_t>(bytes.end() - at);
  const auto some = static_cast<ptrdiff_t>(Below(random, std::min<size_t>(behind, 40)));
  const Bytes& piece = Pieces()[Below(random, Pieces().size())];
  switch (random.Below(7)) {
    case 0: *at ^= std::byte{1} << static_cast<int>(random.Below(8)); break;
    case 1: *at = static_cast<std::byte>(random.Below(256)); break;
    case 2: bytes.erase(at, at + some); break;
    case 3: bytes.insert(at, piece.begin(), piece.end()); break;
    case 4: std::copy_n(piece.begin(), std::min(piece.size(), behind), at); break;
    case 5: bytes.resize(static_cast<size_t>(at - bytes.begin())); break;
    default: {
      const Bytes& other = samples[Below(random, samples.size())];
      const size_t from = Below(random, other.size());
      const size_t size = Below(random, std::min<size_t>(other.size() - from, 60));
      const Bytes part(other.begin() + static_cast<ptrdiff_t>(from),
                       other.begin() + static_cast<ptrdiff_t>(from + size));
      bytes.insert(at, part.begin(), part.end());
    }
  }
}

TEST(UnpackFuzzTest, DamagedMessagesAreReadOrRefusedInLittleMemory) {
  std::vector<Bytes> samples;
  for (const char* name : {"metadata", "request", "response", "noncontiguous"}) samples.push_back(Sample(name));
  const RandomStream root(kSeed, "unpack fuzz");
  int64_t accepted = 0;
  const int64_t rounds = Rounds();
  for (int64_t round = 0; round < rounds; ++round) {
    RandomStream random = root.Split(static_cast<uint64_t>(round));
    Bytes bytes = samples[Below(random, samples.size())];
    for (uint64_t left = 1 + random.Below(4); left > 0; --left) Damage(bytes, samples, random);
    largest_bytes = 0;
    try {
      const Value value = Unpack(bytes);
      ASSERT_LE(largest_bytes, 1000 + kMostBytesPerByte * bytes.size()) << "round " << round;
      ++accepted;
      const Bytes again = Pack(value);
      ASSERT_EQ(Pack(Unpack(again)), again) << "round " << round;
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::kInput) << "round " << round << ": " << error.what();
      ASSERT_LE(largest_bytes, 1000 + kMostBytesPerByte * bytes.size()) << "round " << round;
    }
  }
  // Damage that always or never kills would test nothing.
  EXPECT_GT(accepted, rounds / 50);
  EXPECT_LT(accepted, rounds / 2);
  RecordProperty("accepted", static_cast<int>(accepted));
}

}  // namespace
}  // namespace heddle::wire

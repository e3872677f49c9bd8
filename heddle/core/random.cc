#include "heddle/core/random.h"

#include <cmath>

#include "heddle/core/check.h"
#include "heddle/core/portable_math.h"
#include "heddle/core/random_fill.h"

namespace heddle {
namespace {

// Keep the three uses of the generator apart: drawing (no tag), splitting by name, splitting by index.
constexpr uint64_t kByName = 0x6E616D652073706C, kByIndex = 0x696E646578207370;

// FNV-1a, 64 bits.
uint64_t HashName(std::string_view name) {
  uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

uint64_t Join(uint32_t low, uint32_t high) { return uint64_t{low} | uint64_t{high} << 32; }

PhiloxBlock Counter(uint64_t block, uint64_t id) {
  return {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), static_cast<uint32_t>(id),
          static_cast<uint32_t>(id >> 32)};
}

InstructionSet ChosenInstructionSet() {
  static const InstructionSet set = BestInstructionSet();
  return set;
}

uint64_t BlocksOf(size_t values) { return (uint64_t{values} + 3) / 4; }

}  // namespace

RandomStream::RandomStream(uint64_t seed, std::string_view name) : RandomStream(seed, uint64_t{0}) {
  *this = Split(name);
}

RandomStream RandomStream::Child(uint64_t what, uint64_t tag) const {
  const PhiloxBlock block = Philox4x32(Counter(what, id_), key_ ^ tag);
  return RandomStream(Join(block[0], block[1]), Join(block[2], block[3]));
}

RandomStream RandomStream::Split(std::string_view name) const { return Child(HashName(name), kByName); }

RandomStream RandomStream::Split(uint64_t index) const { return Child(index, kByIndex); }

uint32_t RandomStream::NextBits32() {
  if (used_words_ == 4) {
    words_ = Philox4x32(Counter(next_block_++, id_), key_);
    used_words_ = 0;
  }
  return words_[static_cast<size_t>(used_words_++)];
}

uint64_t RandomStream::NextBits64() {
  const uint32_t low = NextBits32();
  return Join(low, NextBits32());
}

double RandomStream::Uniform() { return static_cast<double>(NextBits64() >> 11) * 0x1p-53; }

// Lemire's: the high half of bits * n is the answer; the few low halves that would favour some answers are drawn again.
uint64_t RandomStream::Below(uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  HEDDLE_DEMAND(n >= 1);
  Wide product = Wide{NextBits64()} * n;
  if (static_cast<uint64_t>(product) < n) {
    const uint64_t too_many = -n % n;
    while (static_cast<uint64_t>(product) < too_many) product = Wide{NextBits64()} * n;
  }
  return static_cast<uint64_t>(product >> 64);
}

double RandomStream::Normal() {
  const double radius = std::sqrt(-2.0 * PortableLog(1.0 - Uniform()));
  return radius * PortableSinCosOfTurns(Uniform()).cos;
}

void RandomStream::FillNormal(std::span<float> out) {
  FillNormalBlocks(key_, id_, next_block_, out, ChosenInstructionSet());
  next_block_ += BlocksOf(out.size());
  used_words_ = 4;
}

void RandomStream::FillUniform(std::span<float> out) {
  FillUniformBlocks(key_, id_, next_block_, out, ChosenInstructionSet());
  next_block_ += BlocksOf(out.size());
  used_words_ = 4;
}

}  // namespace heddle

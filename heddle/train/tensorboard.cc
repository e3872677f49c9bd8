#include "heddle/train/tensorboard.h"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "heddle/core/error.h"

namespace heddle::train {
namespace {

template <class T>
std::string LittleEndian(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  static_assert(std::endian::native == std::endian::little);
  return bytes;
}

std::string Varint(uint64_t value) {
  std::string bytes;
  for (; value >= 128; value >>= 7) bytes += static_cast<char>((value & 127) | 128);
  return bytes + static_cast<char>(value);
}

// Fields of a message: the number and the kind of its coding, then the value.
enum class Coding : uint64_t { kVarint = 0, k64 = 1, kBytes = 2, k32 = 5 };
std::string Key(uint64_t field, Coding coding) { return Varint(field << 3 | static_cast<uint64_t>(coding)); }
std::string BytesField(uint64_t field, std::string_view bytes) {
  return Key(field, Coding::kBytes) + Varint(bytes.size()) + std::string(bytes);
}

// Event: wall_time = 1 (double), step = 2 (int64), file_version = 3 (string), summary = 5.
std::string Event(double wall_time_s, int64_t step, const std::string& rest) {
  return Key(1, Coding::k64) + LittleEndian(wall_time_s) + Key(2, Coding::kVarint) +
         Varint(static_cast<uint64_t>(step)) + rest;
}

}  // namespace

uint32_t Crc32c(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> made{};
    for (uint32_t byte = 0; byte < 256; ++byte) {
      uint32_t value = byte;
      for (int bit = 0; bit < 8; ++bit) value = value & 1 ? value >> 1 ^ 0x82f63b78u : value >> 1;
      made[byte] = value;
    }
    return made;
  }();
  uint32_t crc = ~0u;
  for (const char byte : bytes) crc = table[(crc ^ static_cast<uint8_t>(byte)) & 255] ^ crc >> 8;
  return ~crc;
}

uint32_t MaskedCrc32c(std::string_view bytes) {
  const uint32_t crc = Crc32c(bytes);
  return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

TensorBoardLog::TensorBoardLog(const std::filesystem::path& folder, double wall_time_s)
    : file_(folder / ("events.out.tfevents." + std::to_string(static_cast<int64_t>(wall_time_s)) + ".heddle")) {
  out_.open(file_, std::ios::binary | std::ios::app);
  Write(Event(wall_time_s, 0, BytesField(3, "brain.Event:2")));
}

void TensorBoardLog::Scalar(std::string_view name, double value, int64_t step, double wall_time_s) {
  // Summary: value = 1, of tag = 1 and simple_value = 2 (float).
  const std::string scalar = BytesField(1, name) + Key(2, Coding::k32) + LittleEndian(static_cast<float>(value));
  Write(Event(wall_time_s, step, BytesField(5, BytesField(1, scalar))));
}

void TensorBoardLog::Write(const std::string& event) {
  const std::string length = LittleEndian(static_cast<uint64_t>(event.size()));
  out_ << length << LittleEndian(MaskedCrc32c(length)) << event << LittleEndian(MaskedCrc32c(event));
  if (!out_) ThrowSystem("can't be written", file_.string(), errno);
}

void TensorBoardLog::Flush() {
  out_.flush();
  if (!out_) ThrowSystem("can't be written", file_.string(), errno);
}

}  // namespace heddle::train

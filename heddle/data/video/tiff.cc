#include "heddle/data/video/tiff.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

// Numbers of tags and their values, as the TIFF 6.0 specification has them.
enum Tag : uint16_t {
  kWidth = 256,
  kHeight = 257,
  kBitsPerSample = 258,
  kCompression = 259,
  kStripOffsets = 273,
  kSamplesPerPixel = 277,
  kStripBytes = 279,
  kTileOffsets = 324,
  kSampleFormat = 339,
};
enum class SampleFormat : uint64_t { kUnsigned = 1, kSigned = 2, kFloat = 3 };

class TiffReader {
 public:
  TiffReader(std::string_view bytes, const std::string& place)
      : bytes_(bytes), place_(place), is_swapped_((bytes[0] == 'M') == (std::endian::native == std::endian::little)) {
    directory_ = Number<uint32_t>(4);
    num_entries_ = Number<uint16_t>(directory_);
  }

  template <typename T>
  T Number(uint64_t at) const {
    if (at > bytes_.size() || bytes_.size() - at < sizeof(T)) ThrowInput("the TIFF ends too early", place_);
    std::array<char, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes_.data() + at, sizeof(T));
    if (is_swapped_) std::reverse(raw.begin(), raw.end());
    return std::bit_cast<T>(raw);
  }

  // All values of a tag; empty if it isn't there.
  std::vector<uint64_t> Values(Tag tag) const {
    for (uint64_t i = 0; i < num_entries_; ++i) {
      uint64_t entry = directory_ + 2 + 12 * i;
      if (Number<uint16_t>(entry) == tag) return EntryValues(entry);
    }
    return {};
  }

  uint64_t Value(Tag tag, uint64_t otherwise) const {
    auto values = Values(tag);
    return values.empty() ? otherwise : values.front();
  }

  const std::string& place() const { return place_; }
  size_t size() const { return bytes_.size(); }

 private:
  std::vector<uint64_t> EntryValues(uint64_t entry) const {
    auto type = Number<uint16_t>(entry + 2);
    uint64_t count = Number<uint32_t>(entry + 4), width = type == 3 ? 2 : type == 4 ? 4 : 0;
    if (width == 0 || count > bytes_.size() / width) return {};
    uint64_t at = count * width <= 4 ? entry + 8 : Number<uint32_t>(entry + 8);
    std::vector<uint64_t> values(count);
    for (uint64_t i = 0; i < count; ++i)
      values[i] = width == 2 ? Number<uint16_t>(at + 2 * i) : Number<uint32_t>(at + 4 * i);
    return values;
  }

  std::string_view bytes_;
  const std::string& place_;
  bool is_swapped_;
  uint64_t directory_ = 0, num_entries_ = 0;
};

template <typename T>
void AppendStrip(const TiffReader& tiff, uint64_t at, uint64_t count, std::vector<float>& values) {
  for (uint64_t i = 0; i < count; ++i) values.push_back(static_cast<float>(tiff.Number<T>(at + i * sizeof(T))));
}

using Append = void (*)(const TiffReader&, uint64_t, uint64_t, std::vector<float>&);

Append AppenderFor(uint64_t bits, SampleFormat format) {
  const bool is_signed = format == SampleFormat::kSigned;
  if (format == SampleFormat::kFloat) return bits == 32 ? AppendStrip<float> : nullptr;
  switch (bits) {
    case 8: return is_signed ? AppendStrip<int8_t> : AppendStrip<uint8_t>;
    case 16: return is_signed ? AppendStrip<int16_t> : AppendStrip<uint16_t>;
    case 32: return is_signed ? AppendStrip<int32_t> : AppendStrip<uint32_t>;
    default: return nullptr;
  }
}

}  // namespace

bool IsTiff(std::string_view bytes) {
  return bytes.starts_with(std::string_view("II*\0", 4)) || bytes.starts_with(std::string_view("MM\0*", 4));
}

std::optional<DepthImage> DecodePlainTiff(std::string_view file_bytes, const std::string& place) {
  if (!IsTiff(file_bytes)) return std::nullopt;
  TiffReader tiff(file_bytes, place);
  uint64_t bits = tiff.Value(kBitsPerSample, 1);
  Append append = AppenderFor(bits, static_cast<SampleFormat>(tiff.Value(kSampleFormat, 1)));
  if (!append || tiff.Value(kCompression, 1) != 1 || tiff.Value(kSamplesPerPixel, 1) != 1 ||
      !tiff.Values(kTileOffsets).empty())
    return std::nullopt;
  const uint64_t width = tiff.Value(kWidth, 0), height = tiff.Value(kHeight, 0), bytes_each = bits / 8;
  if (width == 0 || height == 0 || width > tiff.size() / bytes_each / height)
    ThrowInput("the TIFF is said to be " + std::to_string(width) + "x" + std::to_string(height), place);
  const auto offsets = tiff.Values(kStripOffsets), counts = tiff.Values(kStripBytes);
  DepthImage image{.height = static_cast<int64_t>(height), .width = static_cast<int64_t>(width), .values = {}};
  image.values.reserve(width * height);
  for (size_t i = 0; i < std::min(offsets.size(), counts.size()); ++i) {
    uint64_t left = width * height - image.values.size();
    append(tiff, offsets[i], std::min(counts[i] / bytes_each, left), image.values);
  }
  if (image.values.size() != width * height) ThrowInput("the TIFF's strips don't fill its picture", place);
  return image;
}

}  // namespace heddle::data

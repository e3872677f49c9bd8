#include <algorithm>
#include <bit>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/wire/numpy_map.h"
#include "heddle/wire/pack.h"
#include "heddle/wire/tree_path.h"

namespace heddle::wire {
namespace {

class Reader {
 public:
  Reader(std::span<const std::byte> bytes, const UnpackLimits& limits)
      : rest_(bytes), limits_(limits), values_left_(limits.max_values) {}

  Value ReadWhole() {
    Value value = Read();
    if (!rest_.empty()) Fail(Counted(static_cast<int64_t>(rest_.size()), "byte") + " behind its end");
    return value;
  }

 private:
  [[noreturn]] void Fail(std::string what) const { ThrowInput(std::move(what), path_.Text()); }

  std::span<const std::byte> Take(uint64_t size) {
    if (size > rest_.size()) Fail("it ends early");
    const auto taken = rest_.first(static_cast<size_t>(size));
    rest_ = rest_.subspan(taken.size());
    return taken;
  }
  uint64_t TakeNumber(size_t num_bytes) {
    uint64_t number = 0;
    for (const std::byte byte : Take(num_bytes)) number = (number << 8) | static_cast<uint64_t>(byte);
    return number;
  }
  // Forms of 1, 2, 4 and 8 bytes follow each other.
  uint64_t TakeNumberOf(uint8_t form, uint8_t first) { return TakeNumber(size_t{1} << (form - first)); }

  Value Read() {
    const auto form = static_cast<uint8_t>(TakeNumber(1));
    if (form < 0x80) return int64_t{form};
    if (form < 0x90) return ReadMap(form & 15);
    if (form < 0xa0) return ReadList(form & 15);
    if (form < 0xc0) return TakeText(form & 31);
    if (form >= 0xe0) return static_cast<int64_t>(static_cast<int8_t>(form));
    switch (form) {
      case 0xc0: return {};
      case 0xc2: return false;
      case 0xc3: return true;
      case 0xc4:
      case 0xc5:
      case 0xc6: return TakeBin(TakeNumberOf(form, 0xc4));
      case 0xca: return static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(TakeNumber(4))));
      case 0xcb: return std::bit_cast<double>(TakeNumber(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf: return TakeNumberOf(form, 0xcc);
      case 0xd0: return int64_t{static_cast<int8_t>(TakeNumber(1))};
      case 0xd1: return int64_t{static_cast<int16_t>(TakeNumber(2))};
      case 0xd2: return int64_t{static_cast<int32_t>(TakeNumber(4))};
      case 0xd3: return static_cast<int64_t>(TakeNumber(8));
      case 0xd9:
      case 0xda:
      case 0xdb: return TakeText(TakeNumberOf(form, 0xd9));
      case 0xdc:
      case 0xdd: return ReadList(TakeNumberOf(form, 0xdb));
      case 0xde:
      case 0xdf: return ReadMap(TakeNumberOf(form, 0xdd));
      default: Fail(form == 0xc1 ? "it holds a byte that msgpack does not have" : "it holds an extension of msgpack");
    }
  }

  std::string TakeText(uint64_t size) {
    const auto bytes = Take(size);
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!IsUtf8(text)) Fail("it holds a text that is not UTF-8");
    return text;
  }
  Bytes TakeBin(uint64_t size) {
    const auto bytes = Take(size);
    return {bytes.begin(), bytes.end()};
  }

  // Each item takes a byte at least, so that a count which lies is found before it is believed; and room is made for no
  // more items than the limit, in all lists and maps together.
  void Descend(uint64_t count) {
    if (++depth_ > limits_.max_depth) Fail("nested more than " + std::to_string(limits_.max_depth) + " deep");
    if (count > rest_.size()) Fail("it ends early");
    if (count > values_left_) Fail("more than " + std::to_string(limits_.max_values) + " values");
    values_left_ -= static_cast<size_t>(count);
  }

  List ReadList(uint64_t count) {
    Descend(count);
    List list;
    list.reserve(static_cast<size_t>(count));
    for (size_t i = 0; i < count; ++i) {
      const TreePath::Step step(path_, i);
      list.push_back(Read());
    }
    --depth_;
    return list;
  }

  Value ReadMap(uint64_t count) {
    Descend(count);
    Map map;
    map.reserve(static_cast<size_t>(count));
    for (size_t i = 0; i < count; ++i) {
      Key key = ReadKey();
      const TreePath::Step step(path_, key.text);
      Value value = Read();
      map.push_back({std::move(key), std::move(value)});
    }
    --depth_;
    RequireDistinct(map);
    try {
      return FromNumpyMap(std::move(map));
    } catch (const Error& error) {
      throw Error(error.kind(), error.message(), path_.Text(), error.mend());
    }
  }

  Key ReadKey() {
    const auto form = static_cast<uint8_t>(TakeNumber(1));
    if (form >= 0xa0 && form < 0xc0) return TakeText(form & 31);
    if (form >= 0xd9 && form <= 0xdb) return TakeText(TakeNumberOf(form, 0xd9));
    if (form < 0xc4 || form > 0xc6) Fail("a key of its map is neither text nor bytes");
    const auto bytes = Take(TakeNumberOf(form, 0xc4));
    return {std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), true};
  }

  void RequireDistinct(const Map& map) const {
    std::vector<const Key*> keys;
    keys.reserve(map.size());
    for (const Entry& entry : map) keys.push_back(&entry.key);
    std::ranges::sort(keys, [](const Key* a, const Key* b) { return *a < *b; });
    const auto twice = std::ranges::adjacent_find(keys, [](const Key* a, const Key* b) { return *a == *b; });
    if (twice != keys.end()) Fail("its map has a key twice");
  }

  std::span<const std::byte> rest_;
  UnpackLimits limits_;
  size_t values_left_;
  TreePath path_;
  int depth_ = 0;
};

}  // namespace

Value Unpack(std::span<const std::byte> bytes, const UnpackLimits& limits) { return Reader(bytes, limits).ReadWhole(); }

}  // namespace heddle::wire

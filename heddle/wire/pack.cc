#include "heddle/wire/pack.h"

#include <bit>
#include <limits>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/wire/numpy_dtype.h"
#include "heddle/wire/numpy_map.h"
#include "heddle/wire/tree_path.h"

namespace heddle::wire {
namespace {

// The first bytes of a form whose length or number takes 1, 2, 4 or 8 bytes; 0 where there is no such form.
struct Forms {
  uint8_t one, two, four, eight = 0;
};
constexpr Forms kUnsigned = {0xcc, 0xcd, 0xce, 0xcf}, kSigned = {0xd0, 0xd1, 0xd2, 0xd3};
constexpr Forms kText = {0xd9, 0xda, 0xdb}, kBin = {0xc4, 0xc5, 0xc6}, kList = {0, 0xdc, 0xdd}, kMap = {0, 0xde, 0xdf};

class Writer {
 public:
  Bytes Write(const Value& value) {
    Put(value);
    return std::move(out_);
  }

 private:
  void Put(const Value& value) {
    std::visit([this](const auto& content) { Put(content); }, value.tree());
  }
  void Put(std::monostate) { Byte(0xc0); }
  void Put(bool flag) { Byte(flag ? 0xc3 : 0xc2); }
  void Put(double number) {
    Byte(0xcb);
    BigEndian(std::bit_cast<uint64_t>(number), 8);
  }
  void Put(uint64_t number) {
    if (number < 128) return Byte(static_cast<uint8_t>(number));
    Head(kUnsigned, number);
  }
  void Put(int64_t number) {
    if (number >= 0) return Put(static_cast<uint64_t>(number));
    const auto bits = static_cast<uint64_t>(number);
    if (number >= -32) return Byte(static_cast<uint8_t>(bits));
    if (number >= INT8_MIN) return Number(kSigned.one, bits, 1);
    if (number >= INT16_MIN) return Number(kSigned.two, bits, 2);
    if (number >= INT32_MIN) return Number(kSigned.four, bits, 4);
    Number(kSigned.eight, bits, 8);
  }
  void Put(const std::string& text) {
    if (!IsUtf8(text)) ThrowInput("the text is not UTF-8", path_.Text());
    if (text.size() < 32) {
      Byte(static_cast<uint8_t>(0xa0 | text.size()));
    } else {
      Head(kText, text.size());
    }
    Raw(std::as_bytes(std::span(text)));
  }
  void Put(const Bytes& bytes) { Bin(bytes); }
  void Put(const List& list) {
    Count(kList, 0x90, list.size());
    for (size_t i = 0; i < list.size(); ++i) {
      const TreePath::Step step(path_, i);
      Put(list[i]);
    }
  }
  void Put(const Map& map) {
    Count(kMap, 0x80, map.size());
    for (const auto& [key, value] : map) {
      const TreePath::Step step(path_, key.text);
      if (key.is_bin) {
        BinKey(key.text);
      } else {
        Put(key.text);
      }
      Put(value);
    }
  }
  void Put(const contract::Array& array) {
    Count(kMap, 0x80, 4);
    BinKey(kArrayMark);
    Put(true);
    BinKey("data");
    Bin(array.bytes());
    BinKey("dtype");
    Put(NumpyDTypeText(array.dtype()));
    BinKey("shape");
    Count(kList, 0x90, array.shape().size());
    for (const int64_t size : array.shape()) Put(size);
  }
  void Put(const NumpyScalar& scalar) {
    Count(kMap, 0x80, 3);
    BinKey(kScalarMark);
    Put(true);
    BinKey("data");
    std::visit([this](auto number) { Put(number); }, scalar.number);
    BinKey("dtype");
    Put(NumpyDTypeText(scalar.dtype));
  }

  void BinKey(std::string_view text) { Bin(std::as_bytes(std::span(text))); }
  void Bin(std::span<const std::byte> bytes) {
    Head(kBin, bytes.size());
    Raw(bytes);
  }
  void Count(const Forms& forms, uint8_t fixed, size_t count) {
    if (count < 16) return Byte(static_cast<uint8_t>(fixed | count));
    Head(forms, count);
  }
  void Head(const Forms& forms, uint64_t number) {
    if (forms.one && number <= UINT8_MAX) return Number(forms.one, number, 1);
    if (number <= UINT16_MAX) return Number(forms.two, number, 2);
    if (number <= UINT32_MAX) return Number(forms.four, number, 4);
    if (!forms.eight) ThrowInput("it is larger than 4 GiB", path_.Text());
    Number(forms.eight, number, 8);
  }
  void Number(uint8_t form, uint64_t bits, int num_bytes) {
    Byte(form);
    BigEndian(bits, num_bytes);
  }
  void BigEndian(uint64_t bits, int num_bytes) {
    for (int i = num_bytes - 1; i >= 0; --i) Byte(static_cast<uint8_t>(bits >> (8 * i)));
  }
  void Byte(uint8_t byte) { out_.push_back(std::byte{byte}); }
  void Raw(std::span<const std::byte> bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }

  Bytes out_;
  TreePath path_;
};

}  // namespace

Bytes Pack(const Value& value) { return Writer().Write(value); }

}  // namespace heddle::wire

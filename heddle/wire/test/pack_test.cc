#include "heddle/wire/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "heddle/core/error.h"
#include "heddle/wire/numpy_dtype.h"
#include "heddle/wire/test/samples.h"

namespace heddle::wire {
namespace {

using contract::DType;
using testing::HasSubstr;

std::string Hex(const Bytes& bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    for (const int shift : {4, 0}) text += "0123456789abcdef"[(static_cast<unsigned>(byte) >> shift) & 15];
  }
  return text;
}

// The place of the sample's one big-endian array, which we send little-endian.
Bytes OdditiesWithLittleEndian() {
  Bytes bytes = Sample("noncontiguous");
  const Bytes data = ToBytes(std::string_view("\0\0\0\1\0\0\0\2", 8)), dtype = ToBytes(">i4");
  const auto at = std::ranges::search(bytes, data).begin();
  std::reverse(at, at + 4);
  std::reverse(at + 4, at + 8);
  *std::ranges::search(bytes, dtype).begin() = std::byte{'<'};
  return bytes;
}

TEST(PackTest, GivesTheBytesThatThePythonClientPacks) {
  EXPECT_EQ(Hex(Pack(SampleMetadata())), Hex(Sample("metadata")));
  EXPECT_EQ(Hex(Pack(SampleRequest())), Hex(Sample("request")));
  EXPECT_EQ(Hex(Pack(SampleResponse())), Hex(Sample("response")));
  EXPECT_EQ(Hex(Pack(SampleOddities())), Hex(OdditiesWithLittleEndian()));
}

TEST(PackTest, UnpackReadsWhatThePythonClientPacked) {
  EXPECT_EQ(Unpack(Sample("metadata")), SampleMetadata());
  EXPECT_EQ(Unpack(Sample("request")), SampleRequest());
  EXPECT_EQ(Unpack(Sample("response")), SampleResponse());
  EXPECT_EQ(Unpack(Sample("noncontiguous")), SampleOddities());
}

// Forms by the specification of msgpack, the shortest for each number.
TEST(PackTest, NumbersTakeTheShortestForm) {
  const std::vector<std::pair<Value, std::string>> cases = {
      {0, "00"},
      {127, "7f"},
      {128, "cc80"},
      {255, "ccff"},
      {256, "cd0100"},
      {65535, "cdffff"},
      {65536, "ce00010000"},
      {4294967295, "ceffffffff"},
      {4294967296, "cf0000000100000000"},
      {std::numeric_limits<int64_t>::max(), "cf7fffffffffffffff"},
      {std::numeric_limits<uint64_t>::max(), "cfffffffffffffffff"},
      {-1, "ff"},
      {-32, "e0"},
      {-33, "d0df"},
      {-128, "d080"},
      {-129, "d1ff7f"},
      {-32768, "d18000"},
      {-32769, "d2ffff7fff"},
      {std::numeric_limits<int32_t>::min(), "d280000000"},
      {int64_t{std::numeric_limits<int32_t>::min()} - 1, "d3ffffffff7fffffff"},
      {std::numeric_limits<int64_t>::min(), "d38000000000000000"},
      {1.5, "cb3ff8000000000000"},
      {{}, "c0"},
      {true, "c3"},
      {false, "c2"},
      {"a", "a161"},
      {Bytes{std::byte{1}}, "c40101"},
      {List{}, "90"},
      {Map{}, "80"},
  };
  for (const auto& [value, hex] : cases) {
    EXPECT_EQ(Hex(Pack(value)), hex);
    EXPECT_EQ(Unpack(Pack(value)), value) << hex;
  }
}

TEST(PackTest, LengthsTakeTheShortestForm) {
  const auto head = [](const Value& value) { return Hex(Pack(value)).substr(0, 10); };
  EXPECT_EQ(head(std::string(31, 'a')), "bf61616161");
  EXPECT_EQ(head(std::string(32, 'a')), "d920616161");
  EXPECT_EQ(head(std::string(256, 'a')), "da01006161");
  EXPECT_EQ(head(std::string(65536, 'a')), "db00010000");
  EXPECT_EQ(head(Bytes(256)), "c501000000");
  EXPECT_EQ(head(Bytes(65536)), "c600010000");
  EXPECT_EQ(head(List(15)), "9fc0c0c0c0");
  EXPECT_EQ(head(List(16)), "dc0010c0c0");
  EXPECT_EQ(head(List(65536)), "dd00010000");
  Map map;
  for (int i = 0; i < 16; ++i) map.push_back({std::to_string(i), i});
  EXPECT_EQ(head(map), "de0010a130");
}

TEST(PackTest, AnArrayOfEachTypeComesBack) {
  for (const DType dtype : {DType::kBool, DType::kU8, DType::kI8, DType::kU16, DType::kI16, DType::kU32, DType::kI32,
                            DType::kU64, DType::kI64, DType::kF16, DType::kF32, DType::kF64}) {
    contract::Array array(dtype, {2, 3});
    for (size_t i = 0; i < array.bytes().size(); ++i) array.bytes()[i] = static_cast<std::byte>(i % 2);
    EXPECT_EQ(Unpack(Pack(array)), Value(array)) << contract::DTypeName(dtype);
    EXPECT_EQ(NumpyDTypeFromText(NumpyDTypeText(dtype))->dtype, dtype);
  }
}

TEST(PackTest, ABigMessageComesBack) {
  const Value value = Map{{"picture", contract::Array(DType::kU8, {3, 1080, 1920})}, {"note", std::string(70000, 'x')}};
  EXPECT_EQ(Unpack(Pack(value)), value);
}

TEST(PackTest, RefusesTextThatIsNotUtf8AndNamesItsPlace) {
  try {
    Pack(Map{{"poses", List{1, "\xff"}}});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), HasSubstr("poses/[1]: the text is not UTF-8"));
  }
}

TEST(ValueTest, NumberReadsEveryKindOfNumber) {
  EXPECT_EQ(Value(3).Number(), 3);
  EXPECT_EQ(Value(2.5).Number(), 2.5);
  EXPECT_EQ(Value(NumpyScalar{DType::kF32, .5}).Number(), .5);
  EXPECT_EQ(Value(ArrayOf<float>({4}, {1})).Number(), 4);
  EXPECT_EQ(Value(ArrayOf<float>({4, 5}, {2})).Number(), std::nullopt);
  EXPECT_EQ(Value("3").Number(), std::nullopt);
  EXPECT_EQ(Value(true).Number(), std::nullopt);
}

TEST(ValueTest, SetReplacesOrAppends) {
  Value value;
  value.Set("a", 1);
  value.Set("b", 2);
  value.Set("a", 3);
  EXPECT_EQ(value, Value(Map{{"a", 3}, {"b", 2}}));
  EXPECT_EQ(*value.Find("b"), Value(2));
  EXPECT_EQ(value.Find("c"), nullptr);
  EXPECT_EQ(Value(1).Find("a"), nullptr);
}

}  // namespace
}  // namespace heddle::wire

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "heddle/core/error.h"
#include "heddle/wire/pack.h"
#include "heddle/wire/test/samples.h"

namespace heddle::wire {
namespace {

using contract::DType;
using testing::HasSubstr;

std::string Refusal(const Bytes& bytes, const UnpackLimits& limits = {}) {
  try {
    Unpack(bytes, limits);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "accepted";
}

Bytes FromHex(std::string_view hex) {
  Bytes bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}
std::string RefusalOfHex(std::string_view hex) { return Refusal(FromHex(hex)); }

// The map of an array, with parts that may lie.
Value ArrayMap(Value data, Value dtype, Value shape) {
  return Map{{{"__ndarray__", true}, true},
             {{"data", true}, std::move(data)},
             {{"dtype", true}, std::move(dtype)},
             {{"shape", true}, std::move(shape)}};
}
std::string RefusalOfArray(Value data, Value dtype, Value shape) {
  return Refusal(Pack(Map{{"observation/image", ArrayMap(std::move(data), std::move(dtype), std::move(shape))}}));
}
std::string RefusalOfScalar(Value data, Value dtype) {
  return Refusal(Pack(Map{{{"__npgeneric__", true}, true}, {{"data", true}, data}, {{"dtype", true}, dtype}}));
}

TEST(UnpackTest, RefusesEveryPrefixOfAMessage) {
  for (const char* name : {"metadata", "request", "response", "noncontiguous"}) {
    const Bytes whole = Sample(name);
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THAT(Refusal({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}), HasSubstr("ends early"));
    }
  }
}

TEST(UnpackTest, RefusesWhatComesBehindTheEnd) {
  Bytes bytes = Sample("request");
  bytes.push_back(std::byte{0});
  EXPECT_EQ(Refusal(bytes), "message: 1 byte behind its end");
}

TEST(UnpackTest, RefusesLengthsThatLieBeforeMakingRoom) {
  for (const char* hex : {"dbffffffff", "c6ffffffff", "ddffffffff", "dfffffffff", "dd7fffffff00", "c5ffff00"}) {
    EXPECT_EQ(RefusalOfHex(hex), "message: it ends early") << hex;
  }
}

TEST(UnpackTest, RefusesWhatTheProtocolDoesNotHave) {
  EXPECT_EQ(RefusalOfHex("c1"), "message: it holds a byte that msgpack does not have");
  for (const char* hex : {"c70100ff", "d400ff", "d6ff00000000", "d8"}) {
    EXPECT_EQ(RefusalOfHex(hex), "message: it holds an extension of msgpack") << hex;
  }
  EXPECT_EQ(RefusalOfHex("8101c0"), "message: a key of its map is neither text nor bytes");
  EXPECT_EQ(RefusalOfHex("81c0c0"), "message: a key of its map is neither text nor bytes");
  EXPECT_EQ(RefusalOfHex("a1ff"), "message: it holds a text that is not UTF-8");
  EXPECT_EQ(RefusalOfHex("81a1ffc0"), "message: it holds a text that is not UTF-8");
  EXPECT_EQ(RefusalOfHex("82a161c0a161c0"), "message: its map has a key twice");
}

TEST(UnpackTest, ATextKeyAndTheSameBytesAreTwoKeys) {
  EXPECT_EQ(Unpack(FromHex("82a16101c4016102")), Value(Map{{"a", 1}, {{"a", true}, 2}}));
}

TEST(UnpackTest, ReadsFormsThatAreLongerThanNeeded) {
  EXPECT_EQ(Unpack(FromHex("cf0000000000000005")), Value(5));
  EXPECT_EQ(Unpack(FromHex("d3ffffffffffffffff")), Value(-1));
  EXPECT_EQ(Unpack(FromHex("db0000000161")), Value("a"));
  EXPECT_EQ(Unpack(FromHex("ca3fc00000")), Value(1.5));
}

TEST(UnpackTest, HoldsItsLimits) {
  const auto nested = [](int depth) {
    Bytes bytes(static_cast<size_t>(depth), std::byte{0x91});
    bytes.push_back(std::byte{0xc0});
    return bytes;
  };
  EXPECT_EQ(Refusal(nested(16)), "accepted");
  EXPECT_THAT(Refusal(nested(17)), HasSubstr("nested more than 16 deep"));
  EXPECT_THAT(Refusal(nested(10'000'000)), HasSubstr("nested more than 16 deep"));
  EXPECT_EQ(Refusal(Pack(List(65536))), "accepted");
  EXPECT_THAT(Refusal(Pack(List(65537))), HasSubstr("more than 65536 values"));
  EXPECT_THAT(Refusal(Pack(List{List(3), List(3)}), {.max_values = 7}), HasSubstr("[1]: more than 7 values"));
}

TEST(UnpackTest, RefusesArraysWhosePartsDoNotFit) {
  const Bytes twelve(12);
  EXPECT_EQ(RefusalOfArray(twelve, "<f4", List{3}), "accepted");
  EXPECT_EQ(RefusalOfArray(twelve, "<f4", List{4}), "observation/image: it holds 12 bytes where float32 [4] needs 16");
  EXPECT_EQ(RefusalOfArray(twelve, "<f8", List{3}), "observation/image: it holds 12 bytes where float64 [3] needs 24");
  EXPECT_THAT(RefusalOfArray(twelve, "<f4", List{-3}), HasSubstr("observation/image: its shape has a size"));
  EXPECT_THAT(RefusalOfArray(twelve, "<f4", List{1.5}), HasSubstr("its shape has a size"));
  EXPECT_THAT(RefusalOfArray(twelve, "<f4", 3), HasSubstr("its shape is not a list"));
  EXPECT_THAT(RefusalOfArray("text", "<f4", List{3}), HasSubstr("its data are not bytes"));
  EXPECT_THAT(RefusalOfArray(twelve, 4, List{3}), HasSubstr("its dtype is not a text"));
  EXPECT_THAT(RefusalOfArray(Bytes(1, std::byte{2}), "|b1", List{1}), HasSubstr("a bool that is neither 0 nor 1"));
  EXPECT_THAT(RefusalOfArray(Bytes(1), "|u1", List(33, 1)), HasSubstr("more than 32 sizes"));
}

TEST(UnpackTest, RefusesShapesThatOverflow) {
  const int64_t half = int64_t{1} << 32;
  for (const List& shape : {List{half, half}, List{0, half, half}, List{half, half, 0}, List{int64_t{1} << 61},
                            List{std::numeric_limits<uint64_t>::max()}}) {
    EXPECT_THAT(RefusalOfArray(Bytes(), "<f4", shape), HasSubstr("its shape has a size that can't be"));
  }
}

TEST(UnpackTest, RefusesTypesThatAreNotOfPlainNumbers) {
  for (const char* dtype :
       {"|O", "|V8", "<c8", "<c16", "<U4", "|S4", "<M8[ns]", "<m8", "<f16", "|f4", "=f4", "f4", "", "<f3", "<u3"}) {
    EXPECT_THAT(RefusalOfArray(Bytes(8), dtype, List{1}), HasSubstr("is not of plain numbers")) << dtype;
  }
}

TEST(UnpackTest, RefusesMarkedMapsWithOtherKeys) {
  Map map = *ArrayMap(Bytes(4), "<f4", List{1}).Get<Map>();
  map.push_back({"more", 1});
  EXPECT_THAT(Refusal(Pack(map)), HasSubstr("its map has 5 keys, not 4"));
  map.pop_back();
  map.pop_back();
  EXPECT_THAT(Refusal(Pack(map)), HasSubstr("its map has 3 keys, not 4"));
  map = *ArrayMap(Bytes(4), "<f4", List{1}).Get<Map>();
  map[3].key = {"data"};  // beside the bytes `data`
  EXPECT_THAT(Refusal(Pack(map)), HasSubstr("has no 'shape'"));
  map[0].value = false;
  EXPECT_THAT(Refusal(Pack(map)), HasSubstr("its '__ndarray__' is not true"));
}

TEST(UnpackTest, MarksMayBeTextAndInAnyOrder) {
  const Value array = Map{{"shape", List{2}}, {"dtype", ">u2"}, {"__ndarray__", true}, {"data", FromHex("00010203")}};
  EXPECT_EQ(Unpack(Pack(array)), Value(ArrayOf<uint16_t>({1, 0x203}, {2})));
}

TEST(UnpackTest, ScalarsKeepTheirTypeAndRange) {
  const Value ok = NumpyScalar{DType::kF32, .5};
  EXPECT_EQ(Unpack(Pack(ok)), ok);
  EXPECT_EQ(RefusalOfScalar(255, "|u1"), "accepted");
  EXPECT_EQ(RefusalOfScalar(std::numeric_limits<uint64_t>::max(), "<u8"), "accepted");
  EXPECT_EQ(RefusalOfScalar(std::numeric_limits<int64_t>::min(), "<i8"), "accepted");
  EXPECT_EQ(RefusalOfScalar(3, "<f4"), "accepted");
  for (const auto& [data, dtype] :
       std::vector<std::pair<Value, const char*>>{{256, "|u1"},
                                                  {-1, "|u1"},
                                                  {-1, "<u8"},
                                                  {128, "|i1"},
                                                  {-129, "|i1"},
                                                  {std::numeric_limits<uint64_t>::max(), "<i8"},
                                                  {1.5, "<i4"},
                                                  {1, "|b1"},
                                                  {true, "<f4"},
                                                  {"1", "<f4"},
                                                  {{}, "<f4"}}) {
    EXPECT_THAT(RefusalOfScalar(data, dtype), HasSubstr("message: its data, ")) << dtype;
  }
}

TEST(UnpackTest, NamesThePathAndCutsWhatIsLong) {
  const Value bad = ArrayMap(Bytes(1), "<f4", List{1});
  EXPECT_THAT(Refusal(Pack(Map{{"images", Map{{"cam_high", List{1, bad}}}}})), HasSubstr("images/cam_high/[1]: it"));
  EXPECT_THAT(Refusal(Pack(Map{{std::string(1000, 'k'), bad}})), HasSubstr(std::string(64, 'k') + "...: it"));
  EXPECT_THAT(Refusal(Pack(Map{{"a\nb\x1b[31m", bad}})), HasSubstr("a b?[31m: it"));
  EXPECT_THAT(Refusal(Pack(Map{{{"\xff\xfe", true}, bad}})), HasSubstr("?: it"));
}

}  // namespace
}  // namespace heddle::wire

#include "heddle/tensor/safetensors.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"

namespace heddle::tensor {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kSamples = HEDDLE_TESTDATA "/safetensors/";

class SafetensorsTest : public ::testing::Test {
 protected:
  SafetensorsTest() { fs::create_directories(folder_); }
  ~SafetensorsTest() override { fs::remove_all(folder_); }

  const fs::path folder_ = fs::temp_directory_path() / ("heddle_safetensors_" + std::to_string(getpid()));
};

void ExpectBitEqual(const at::Tensor& a, const at::Tensor& b) {
  ASSERT_EQ(a.scalar_type(), b.scalar_type());
  ASSERT_EQ(a.sizes(), b.sizes());
  if (a.numel() == 0) return;
  EXPECT_EQ(std::memcmp(a.contiguous().const_data_ptr(), b.contiguous().const_data_ptr(), a.nbytes()), 0);
}

TEST_F(SafetensorsTest, ReadsWhatThePythonPackageWrote) {
  const auto expected = nlohmann::json::parse(ReadFile(kSamples + "dtypes.expected.json"));
  const Safetensors sample = ReadSafetensors(kSamples + "dtypes.safetensors");
  EXPECT_EQ(sample.metadata, (Metadata{{"format", "pt"}, {"note", "sample"}}));
  EXPECT_EQ(sample.tensors.size() + 1, expected.at("header").size());
  for (const auto& [name, value] : sample.tensors) {
    const auto& entry = expected.at("header").at(name);
    EXPECT_EQ(value.sizes().vec(), entry.at("shape").get<std::vector<int64_t>>()) << name;
    const auto numbers = expected.at("values").at(name).flatten();
    const at::Tensor flat = value.to(at::kDouble).flatten();
    if (flat.numel() == 0) continue;
    ASSERT_EQ(static_cast<size_t>(flat.numel()), numbers.size()) << name;
    for (int64_t k = 0; const auto& number : numbers) EXPECT_EQ(flat[k++].item<double>(), number) << name;
  }
  EXPECT_EQ(sample.tensors.at("c.bf16").scalar_type(), at::kBFloat16);
  EXPECT_EQ(sample.tensors.at("bool").scalar_type(), at::kBool);
  EXPECT_EQ(sample.tensors.at("scalar").dim(), 0);
  EXPECT_EQ(sample.tensors.at("unicode_é").item<float>(), 42);
}

TEST_F(SafetensorsTest, WritesTheBytesOfThePythonPackage) {
  const Safetensors order = ReadSafetensors(kSamples + "order.safetensors");
  EXPECT_EQ(order.tensors.size(), 20u);
  WriteSafetensors(folder_ / "order.safetensors", order.tensors);
  EXPECT_EQ(ReadFile(folder_ / "order.safetensors"), ReadFile(kSamples + "order.safetensors"));
}

TEST_F(SafetensorsTest, RoundTripsBitForBitAndAgain) {
  const Safetensors sample = ReadSafetensors(kSamples + "dtypes.safetensors");
  WriteSafetensors(folder_ / "a", sample.tensors, sample.metadata);
  const Safetensors again = ReadSafetensors(folder_ / "a");
  EXPECT_EQ(again.metadata, sample.metadata);
  ASSERT_EQ(again.tensors.size(), sample.tensors.size());
  for (const auto& [name, value] : sample.tensors) ExpectBitEqual(again.tensors.at(name), value);
  WriteSafetensors(folder_ / "b", again.tensors, again.metadata);
  EXPECT_EQ(ReadFile(folder_ / "a"), ReadFile(folder_ / "b"));
}

TEST_F(SafetensorsTest, WritesStridedAndLazyViewsAsTheirValues) {
  const at::Tensor base = at::arange(12, at::kFloat).reshape({3, 4});
  const at::Tensor complex = at::view_as_complex(base.reshape({3, 2, 2}).contiguous());
  WriteSafetensors(folder_ / "views", {{"t", base.t()}, {"column", base.select(1, 2)}, {"conj", complex.conj()}});
  const Safetensors read = ReadSafetensors(folder_ / "views");
  ExpectBitEqual(read.tensors.at("t"), base.t().contiguous());
  EXPECT_TRUE(at::equal(read.tensors.at("column"), base.select(1, 2)));
  EXPECT_TRUE(at::equal(read.tensors.at("conj"), complex.conj().resolve_conj()));
}

TEST_F(SafetensorsTest, HoldsNoTensorAtAll) {
  WriteSafetensors(folder_ / "none", {}, {{"key", "text \"quoted\" \n é"}});
  const Safetensors read = ReadSafetensors(folder_ / "none");
  EXPECT_TRUE(read.tensors.empty());
  EXPECT_EQ(read.metadata.at("key"), "text \"quoted\" \n é");
}

TEST_F(SafetensorsTest, LeavesNothingBehindWhenItCannotWrite) {
  EXPECT_THROW(WriteSafetensors(folder_ / "x", {{"__metadata__", at::zeros({1})}}), Error);
  EXPECT_THROW(WriteSafetensors(folder_ / "x", {{"\xff", at::zeros({1})}}), Error);
  EXPECT_THROW(WriteSafetensors(folder_ / "x", {{"z", at::zeros({1}, at::kComplexDouble)}}), Error);
  EXPECT_THROW(WriteSafetensors(folder_ / "x", {{"z", at::Tensor()}}), Error);
  EXPECT_THROW(WriteSafetensors(folder_ / "no_such" / "x", {{"z", at::zeros({1})}}), Error);
  EXPECT_TRUE(fs::is_empty(folder_));
}

std::string Refusal(const std::function<void()>& call, ErrorKind kind = ErrorKind::kInput) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST_F(SafetensorsTest, SaysWhichFileCannotBeRead) {
  EXPECT_THAT(Refusal([&] { ReadSafetensors(folder_ / "missing"); }, ErrorKind::kSystem),
              AllOf(HasSubstr("missing"), HasSubstr("No such file")));
  EXPECT_THAT(Refusal([&] { ReadSafetensors(folder_); }, ErrorKind::kSystem), HasSubstr("directory"));
  std::ofstream(folder_ / "short") << "abc";
  EXPECT_THAT(Refusal([&] { ReadSafetensors(folder_ / "short"); }), HasSubstr("too short"));
}

std::string File(std::string header, size_t data_bytes) {
  const uint64_t count = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &count, 8);
  return bytes + header + std::string(data_bytes, '\0');
}

std::string RefusalOf(const std::string& bytes) {
  return Refusal([&] { ParseSafetensors(bytes, "hostile"); });
}

// A tensor "a" with these fields.
std::string One(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"("a":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(HostileSafetensors, HeaderIsRefusedWithItsPlace) {
  const struct {
    std::string header;
    size_t data_bytes;
    const char* what;
  } cases[] = {
      {"", 0, "does not begin with '{'"},
      {" {}", 0, "does not begin with '{'"},
      {"[]", 0, "does not begin with '{'"},
      {"{", 0, "not valid JSON"},
      {"{} x", 0, "not valid JSON"},
      {"{\"a\xff\":1}", 0, "not valid JSON"},
      {R"({"a":1e999})", 0, "not valid JSON"},
      {"{\"a\":" + std::string(200000, '['), 0, "nested too deeply"},
      {"{" + One("F32", "[[1]]", "[0,4]") + "}", 4, "nested too deeply"},
      {R"({"a":{"dtype":{"x":{}}}})", 0, "nested too deeply"},
      {"{" + One("F32", "[1]", "[0,4]") + "," + One("F32", "[1]", "[4,8]") + "}", 8, "has 'a' twice"},
      {R"({"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4, "has 'dtype' twice"},
      {R"({"__metadata__":{"k":"1","k":"2"}})", 0, "has 'k' twice"},
      {R"({"__metadata__":{"k":1}})", 0, "other than a text under 'k'"},
      {R"({"__metadata__":null})", 0, "__metadata__ is not an object"},
      {R"({"a":[]})", 0, "tensor 'a': a tensor is described by"},
      {R"({"a":{"dtype":"F32","shape":[1]}})", 4, "a tensor is described by"},
      {R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}})", 4, "and nothing else"},
      {R"({"a":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})", 4, "dtype is not a text"},
      {"{" + One("F4", "[2]", "[0,1]") + "}", 1, "the dtype 'F4' can't be read"},
      {"{" + One("F33", "[1]", "[0,4]") + "}", 4, "the dtype 'F33' can't be read"},
      {"{" + One("F32", "7", "[0,4]") + "}", 4, "shape is not a list"},
      {"{" + One("F32", "[-1]", "[0,4]") + "}", 4, "a size is not a whole number"},
      {"{" + One("F32", "[1.0]", "[0,4]") + "}", 4, "a size is not a whole number"},
      {"{" + One("F32", "[18446744073709551615]", "[0,4]") + "}", 4, "the shape is too large"},
      {"{" + One("F32", "[4611686018427387904,4]", "[0,0]") + "}", 0, "the shape is too large"},
      {"{" + One("F32", "[0,4611686018427387904,4611686018427387904]", "[0,0]") + "}", 0, "the shape is too large"},
      {"{" + One("F32", "[1]", "[0]") + "}", 4, "data_offsets is not a pair"},
      {"{" + One("F32", "[1]", "[-4,0]") + "}", 4, "an offset is not a whole number"},
      {"{" + One("F32", "[1]", "[4,0]") + "}", 4, "data_offsets do not fit"},
      {"{" + One("F32", "[1]", "[0,8]") + "}", 8, "data_offsets do not fit"},
      {"{" + One("F32", "[1]", "[18446744073709551612,0]") + "}", 4, "data_offsets do not fit"},
      {"{" + One("F32", "[1]", "[0,4]") + "}", 3, "the tensors take 4 bytes and the file has 3"},
      {"{" + One("F32", "[1]", "[0,4]") + "}", 5, "the tensors take 4 bytes and the file has 5"},
      {"{" + One("F32", "[1]", "[4,8]") + "}", 8, "'a' begins at byte 4 of the data and the one before ends at 0"},
      {"{" + One("F32", "[2]", "[0,8]") + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", 8,
       "'b' begins at byte 4"},
      {"{" + One("F32", "[1]", "[0,4]") + R"(,"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", 4,
       "'b' begins at byte 0"},
      {"{" + One("F32", "[1]", "[18446744073709551608,18446744073709551612]") + "}", 4, "begins at byte"},
  };
  for (const auto& [header, data_bytes, what] : cases) {
    EXPECT_THAT(RefusalOf(File(header, data_bytes)), AllOf(StartsWith("hostile"), HasSubstr(what)))
        << header.substr(0, 200);
  }
}

TEST(HostileSafetensors, LengthOfTheHeaderIsNotBelieved) {
  std::string bytes = File("{}", 0);
  for (const uint64_t count : {uint64_t{3}, uint64_t{100'000'001}, ~uint64_t{0}, uint64_t{1} << 63}) {
    std::memcpy(bytes.data(), &count, 8);
    EXPECT_THAT(RefusalOf(bytes), HasSubstr("is said to have " + std::to_string(count) + " bytes"));
  }
}

TEST(HostileSafetensors, BooleansAreZeroOrOne) {
  std::string bytes = File("{" + One("BOOL", "[2]", "[0,2]") + "}", 2);
  bytes.back() = 2;
  EXPECT_THAT(RefusalOf(bytes), HasSubstr("tensor 'a', element 1: a boolean is neither 0 nor 1"));
}

TEST(HostileSafetensors, SpacesAfterTheHeaderAndEmptyTensorsAnywhereAreFine) {
  const std::string header = "{" + One("F32", "[1]", "[0,4]") +
                             R"(,"e":{"dtype":"I8","shape":[3,0],"data_offsets":[0,0]})" +
                             R"(,"f":{"dtype":"I8","shape":[0],"data_offsets":[4,4]}}    )";
  const Safetensors parsed = ParseSafetensors(File(header, 4), "fine");
  EXPECT_EQ(parsed.tensors.size(), 3u);
  EXPECT_EQ(parsed.tensors.at("e").size(0), 3);
}

// Either it is refused as the input's fault, or what comes out holds together; under the address sanitizer this also
// shows that no byte outside is touched.
bool ParsesOrIsRefused(const std::string& bytes) {
  try {
    const Safetensors parsed = ParseSafetensors(bytes, "damaged");
    size_t total = 0;
    for (const auto& [name, value] : parsed.tensors) total += value.nbytes();
    EXPECT_LE(total, bytes.size());
    return true;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << error.what();
    return false;
  }
}

TEST(HostileSafetensors, EveryTruncationIsRefused) {
  const std::string bytes = ReadFile(kSamples + "dtypes.safetensors");
  for (size_t count = 0; count < bytes.size(); ++count)
    EXPECT_FALSE(ParsesOrIsRefused(bytes.substr(0, count))) << count;
}

TEST(HostileSafetensors, EveryFlippedBitIsRefusedOrHarmless) {
  const std::string bytes = ReadFile(kSamples + "dtypes.safetensors");
  int parsed = 0;
  for (size_t k = 0; k < bytes.size(); ++k) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[k] = static_cast<char>(damaged[k] ^ (1 << bit));
      parsed += ParsesOrIsRefused(damaged);
    }
  }
  EXPECT_GT(parsed, 104 * 8 - 3 * 8);  // flips in the data, other than of booleans, are other numbers
  EXPECT_LT(parsed, static_cast<int>(bytes.size()) * 4);
}

}  // namespace
}  // namespace heddle::tensor

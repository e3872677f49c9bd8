// Messages as openpi_client packed them (testdata/openpi-wire), and the same trees made by hand.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heddle/core/read_file.h"
#include "heddle/wire/value.h"

namespace heddle::wire {

inline Bytes ToBytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

inline Bytes Sample(const std::string& name) {
  return ToBytes(ReadFile(std::string(HEDDLE_TESTDATA) + "/openpi-wire/" + name + ".msgpack"));
}

template <class T>
contract::Array ArrayOf(const std::vector<T>& values, contract::Shape shape) {
  return contract::Array::Of<T>(values, std::move(shape));
}

// float16 has no type of C++: its bits.
inline contract::Array HalfArray(const std::vector<uint16_t>& bits, contract::Shape shape) {
  contract::Array array(contract::DType::kF16, std::move(shape));
  std::memcpy(array.bytes().data(), bits.data(), array.bytes().size());
  return array;
}

inline Value SampleMetadata() {
  return Map{{"model", "demo"}, {"action_horizon", 2}, {"control_hz", 20.0}, {"reset_pose", List{0.0, -1.5}}};
}

inline Value SampleRequest() {
  std::vector<uint8_t> picture(60);
  for (size_t i = 0; i < picture.size(); ++i) picture[i] = static_cast<uint8_t>(i);
  return Map{{"observation/image", ArrayOf(picture, {4, 5, 3})},
             {"observation/state", ArrayOf<float>({.5F, -1.25F, 3}, {3})},
             {"observation/scalar", 2.5},
             {"prompt", "pick up the block"},
             {"flag", true},
             {"none", {}}};
}

inline Value SampleResponse() {
  std::vector<double> actions(14);
  for (size_t i = 0; i < actions.size(); ++i) actions[i] = static_cast<double>(i) / 8;
  return Map{{"actions", ArrayOf(actions, {2, 7})},
             {"state", ArrayOf<float>({.5F, -1.25F, 3}, {3})},
             {"policy_timing", Map{{"infer_ms", 12.5}}},
             {"server_timing", Map{{"infer_ms", 13.0}, {"prev_total_ms", 20.25}}}};
}

inline Value SampleOddities() {
  contract::Array flags(contract::DType::kBool, {2});
  flags.bytes()[0] = std::byte{1};
  return Map{{"t", ArrayOf<int16_t>({0, 1, 2, 3, 4, 5}, {2, 3})},
             {"empty", contract::Array(contract::DType::kF32, {0, 7})},
             {"zero_d", ArrayOf<int32_t>({7}, {})},
             {"bool", flags},
             {"f16", HalfArray({0x3e00}, {1})},
             {"be", ArrayOf<int32_t>({1, 2}, {2})},
             {"gen_i", NumpyScalar{contract::DType::kI64, int64_t{-3}}},
             {"gen_b", NumpyScalar{contract::DType::kBool, true}}};
}

}  // namespace heddle::wire

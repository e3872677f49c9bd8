// Asks the policy server at the given address what other programs ask it in a test: prints the label of the failure, or
// "ok" if each array came back as it was sent.
//
//   wire_asking_client URL [KEY]
#include <iostream>
#include <string>
#include <vector>

#include "heddle/wire/policy_client.h"

namespace {

using heddle::contract::Array;
using heddle::contract::DType;
using heddle::wire::List;
using heddle::wire::Map;
using heddle::wire::NumpyScalar;
using heddle::wire::Value;

Value Observation() {
  Map arrays;
  for (const DType dtype : {DType::kBool, DType::kU8, DType::kI8, DType::kU16, DType::kI16, DType::kU32, DType::kI32,
                            DType::kU64, DType::kI64, DType::kF16, DType::kF32, DType::kF64}) {
    Array array(dtype, {2, 3});
    for (size_t i = 0; i < array.bytes().size(); ++i) array.bytes()[i] = static_cast<std::byte>(i % 2);
    arrays.push_back({heddle::contract::DTypeName(dtype), array});
  }
  return Map{{"arrays", std::move(arrays)},
             {"picture", Array(DType::kU8, {224, 224, 3})},
             {"zero_d", Array(DType::kF32, {})},
             {"empty", Array(DType::kF32, {0, 7})},
             {"scalar", NumpyScalar{DType::kF32, .5}},
             {"list", List{1, -1, 2.5, true, {}, "text"}},
             {"prompt", "pick up the block"}};
}

int Ask(const std::vector<std::string>& arguments) {
  heddle::wire::PolicyClientOptions options{.timeout_s = 5};
  if (arguments.size() > 1) options.api_key = arguments[1];
  auto policy = heddle::wire::PolicyClient::Connect(arguments.at(0), options);
  if (const Value* seen = policy.metadata().Find("model"); !seen || *seen != Value("python")) return 1;
  for (int i = 0; i < 3; ++i) {
    const Value observation = Observation();
    const Value reply = policy.Infer(observation);
    const Value* echo = reply.Find("echo");
    if (!echo || *echo != observation) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int code = Ask({argv + 1, argv + argc});
    std::cout << (code == 0 ? "ok" : "differs") << std::endl;
    return code;
  } catch (const heddle::wire::PolicyFailure& failure) {
    std::cout << failure.label() << "\n" << failure.what() << "\n" << failure.details() << std::endl;
    return 1;
  }
}

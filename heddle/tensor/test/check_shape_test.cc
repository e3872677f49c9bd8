#include "heddle/tensor/check_shape.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

namespace heddle::tensor {
namespace {

using ::testing::HasSubstr;

std::string Refusal(const std::function<void()>& call, ErrorKind kind) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind);
    return error.message();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(CheckShape, AcceptsWhatFits) {
  CheckShape(at::zeros({3, 4}), "latents_Nd", {3, 4});
  CheckShape(at::zeros({3, 4}), "latents_Nd", {kAny, 4});
  CheckShape(at::zeros({}), "loss", {});
}

TEST(CheckShape, SaysWhatItIsAndWhatItShouldBe) {
  EXPECT_EQ(Refusal([] { CheckShape(at::zeros({3, 4}), "latents_Nd", {kAny, 5}); }, ErrorKind::kBug),
            "latents_Nd has shape [3, 4], expected [any, 5]");
  EXPECT_EQ(Refusal([] { CheckShape(at::zeros({3}), "z", {3, 1}, ErrorKind::kInput); }, ErrorKind::kInput),
            "z has shape [3], expected [3, 1]");
  EXPECT_EQ(Refusal([] { CheckShape(at::Tensor(), "z", {2}); }, ErrorKind::kBug), "z is undefined, expected shape [2]");
}

TEST(CheckFinite, NamesHowManyAndTheFirst) {
  at::Tensor values = at::zeros({2, 3});
  CheckFinite(values, "z");
  CheckFinite(at::zeros({0, 3}), "z");
  values[1][0] = NAN;
  values[1][2] = INFINITY;
  EXPECT_EQ(Refusal([&] { CheckFinite(values, "z", ErrorKind::kInput); }, ErrorKind::kInput),
            "z has 2 of 6 values that are not finite, the first at [1, 0]");
  EXPECT_THAT(Refusal([] { CheckFinite(at::zeros({2}, at::kLong), "z"); }, ErrorKind::kBug),
              HasSubstr("expected floating-point"));
  EXPECT_THAT(Refusal([] { CheckFinite(at::Tensor(), "z"); }, ErrorKind::kBug), HasSubstr("undefined"));
}

}  // namespace
}  // namespace heddle::tensor

#include "heddle/tensor/views.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/tensor/threads.h"

namespace heddle::tensor {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Views, ShareTheTensorsMemory) {
  const at::Tensor values = at::zeros({2, 2}, at::kDouble);
  MutableViewOf<double>(values)[3] = 5;
  EXPECT_EQ(values[1][1].item<double>(), 5);
  EXPECT_THAT(ViewOf<double>(values), ElementsAre(0, 0, 0, 5));
}

TEST(Views, CopyKeepsValuesAndShape) {
  const std::vector<int64_t> numbers = {1, 2, 3, 4, 5, 6};
  const at::Tensor copy = CopyOf<int64_t>(numbers, {3, 2});
  EXPECT_EQ(copy.scalar_type(), at::kLong);
  EXPECT_EQ(copy[2][0].item<int64_t>(), 5);
  EXPECT_EQ(CopyOf<float>({}, {0, 7}).size(1), 7);
}

std::string Bug(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBug);
    return error.message();
  }
  ADD_FAILURE() << "nothing was thrown";
  return "";
}

TEST(Views, RefuseWhatIsNoPlainArray) {
  EXPECT_EQ(Bug([] { ViewOf<float>(at::zeros({2}, at::kDouble), "z"); }), "z holds Double, expected Float");
  EXPECT_EQ(Bug([] { ViewOf<float>(at::zeros({2, 3}).t(), "z"); }), "z is not contiguous");
  EXPECT_EQ(Bug([] { ViewOf<float>(at::Tensor(), "z"); }), "z is undefined");
  const std::vector<float> three(3);
  EXPECT_EQ(Bug([&] { CopyOf<float>(three, {2, 2}); }), "3 numbers do not fill the shape [2, 2]");
}

TEST(TensorThreads, FollowTheBudget) {
  const int before = at::get_num_threads();
  SetTensorThreads(ThreadBudget(2));
  EXPECT_EQ(at::get_num_threads(), 2);
  SetTensorThreads(ThreadBudget(1));
  EXPECT_EQ(at::get_num_threads(), 1);
  at::set_num_threads(before);
}

}  // namespace
}  // namespace heddle::tensor

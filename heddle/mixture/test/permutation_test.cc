#include "heddle/mixture/permutation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

#include "heddle/core/error.h"

namespace heddle::mixture {
namespace {

TEST(PermutationTest, TakesEveryValueOnce) {
  for (const uint64_t n : {1, 2, 3, 4, 5, 63, 64, 65, 1000}) {
    for (const uint64_t key : {0, 7}) {
      const Permutation permutation(n, key);
      std::set<uint64_t> values;
      for (uint64_t i = 0; i < n; ++i) values.insert(permutation(i));
      EXPECT_EQ(values.size(), n);
      EXPECT_LT(*values.rbegin(), n);
    }
  }
}

TEST(PermutationTest, AnotherKeyGivesAnotherOrder) {
  const Permutation a(1000, 1), b(1000, 2);
  int equal = 0;
  for (uint64_t i = 0; i < 1000; ++i) equal += a(i) == b(i);
  EXPECT_LT(equal, 10);  // 1 is expected
}

// Over many keys, each value is as often at each position: chi-square of a 5 x 5 table of 20,000 permutations.
TEST(PermutationTest, PositionsAreEven) {
  constexpr uint64_t kSize = 5, kKeys = 20000;
  std::vector<double> counts(kSize * kSize);
  for (uint64_t key = 0; key < kKeys; ++key) {
    const Permutation permutation(kSize, key * 0x9E3779B97F4A7C15ULL);
    for (uint64_t i = 0; i < kSize; ++i) ++counts[i * kSize + permutation(i)];
  }
  double chi_square = 0;
  for (const double count : counts) chi_square += std::pow(count - kKeys / 5.0, 2) / (kKeys / 5.0);
  EXPECT_LT(chi_square, 45);  // 16 degrees of freedom: p = 1e-4
}

TEST(PermutationTest, LargeSizesWork) {
  const Permutation permutation(uint64_t{1} << 40, 3);
  EXPECT_LT(permutation((uint64_t{1} << 40) - 1), uint64_t{1} << 40);
  EXPECT_THROW(permutation(uint64_t{1} << 40), Error);
}

}  // namespace
}  // namespace heddle::mixture

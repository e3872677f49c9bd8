#include "heddle/data/lerobot/depth_codes.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace heddle::data {
namespace {

TEST(DepthCodes, EndsOfTheRangeAreTheFirstAndTheLastCode) {
  const std::vector<float> metres = {0.01F, 10, 0, 100};
  EXPECT_EQ(DepthToCodes(metres, {}, 1), (std::vector<uint16_t>{0, 4095, 0, 4095}));
  const std::vector<float> millimetres = {10, 10000};
  EXPECT_EQ(DepthToCodes(millimetres, {}, 1000), (std::vector<uint16_t>{0, 4095}));
}

TEST(DepthCodes, ComeBackFromTheirDistance) {
  std::vector<uint16_t> codes(4096);
  std::iota(codes.begin(), codes.end(), uint16_t{0});
  for (const bool logarithmic : {false, true}) {
    const DepthCoding coding{.logarithmic = logarithmic};
    EXPECT_EQ(DepthToCodes(CodesToDepth(codes, coding, 1), coding, 1), codes);
    // A code of the logarithmic scale is 1.2 mm wide at its near end: whole millimetres still tell all codes apart.
    EXPECT_EQ(DepthToCodes(CodesToDepth(codes, coding, 1000), coding, 1000), codes);
  }
}

TEST(DepthCodes, AreTheFormulaOfTheFormat) {
  // 4095 (ln(2 + 3.5) - ln(0.01 + 3.5)) / (ln(10 + 3.5) - ln(0.01 + 3.5)), rounded.
  const double wanted = 4095 * (std::log(5.5) - std::log(3.51)) / (std::log(13.5) - std::log(3.51));
  const std::vector<float> metres = {2};
  EXPECT_EQ(DepthToCodes(metres, {}, 1)[0], static_cast<uint16_t>(std::nearbyint(wanted)));
}

}  // namespace
}  // namespace heddle::data

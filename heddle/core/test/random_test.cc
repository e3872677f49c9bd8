#include "heddle/core/random.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/random_fill.h"

namespace heddle {
namespace {

using ::testing::ElementsAre;

std::vector<uint64_t> Draw(RandomStream stream, int count) {
  std::vector<uint64_t> values;
  for (int i = 0; i < count; ++i) values.push_back(stream.NextBits64());
  return values;
}

std::vector<float> Normals(RandomStream stream, size_t count) {
  std::vector<float> values(count);
  stream.FillNormal(values);
  return values;
}

// Kolmogorov and Smirnov's distance of a sample to a distribution function, times the root of its size: above 1.95 with
// probability .001.
template <class T, class F>
double KsStatistic(std::vector<T> values, F&& distribution) {
  std::sort(values.begin(), values.end());
  const double n = static_cast<double>(values.size());
  double distance = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    const double p = distribution(static_cast<double>(values[i]));
    distance = std::max({distance, p - static_cast<double>(i) / n, static_cast<double>(i + 1) / n - p});
  }
  return distance * std::sqrt(n);
}
constexpr double kKsLimit = 1.95;

double NormalDistribution(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

// Mean, variance, third and fourth moment of a standard normal, each within 4 of its standard errors.
template <class T>
void ExpectNormalMoments(const std::vector<T>& values) {
  const double n = static_cast<double>(values.size());
  double moment[4] = {0, 0, 0, 0};
  for (const T value : values) {
    double power = 1;
    for (double& m : moment) m += (power *= static_cast<double>(value)) / n;
  }
  EXPECT_NEAR(moment[0], 0, 4 * std::sqrt(1 / n));
  EXPECT_NEAR(moment[1], 1, 4 * std::sqrt(2 / n));
  EXPECT_NEAR(moment[2], 0, 4 * std::sqrt(15 / n));
  EXPECT_NEAR(moment[3], 3, 4 * std::sqrt(96 / n));
}

TEST(RandomStream, IsAFunctionOfSeedAndName) {
  EXPECT_EQ(Draw(RandomStream(7, "a"), 5), Draw(RandomStream(7, "a"), 5));
  EXPECT_NE(Draw(RandomStream(7, "a"), 5), Draw(RandomStream(8, "a"), 5));
  EXPECT_NE(Draw(RandomStream(7, "a"), 5), Draw(RandomStream(7, "b"), 5));
}

TEST(RandomStream, SplitsDependOnNameAndNotOnPosition) {
  RandomStream stream(7, "a");
  const auto before = Draw(stream.Split("part"), 3);
  stream.NextBits32();
  stream.Normal();
  EXPECT_EQ(Draw(stream.Split("part"), 3), before);
  EXPECT_EQ(Draw(stream.Split(5), 3), Draw(RandomStream(7, "a").Split(5), 3));
}

TEST(RandomStream, FamilyOfSplitsHasNoTwoAlike) {
  const RandomStream root(7, "a");
  std::set<uint64_t> firsts;
  const auto add = [&](const RandomStream& stream) { firsts.insert(Draw(stream, 1)[0]); };
  add(root);
  for (uint64_t i = 0; i < 1000; ++i) {
    add(root.Split(i));
    add(root.Split(std::to_string(i)));
    add(root.Split("x").Split(i));
    add(root.Split(i).Split("x"));
  }
  EXPECT_EQ(firsts.size(), 4001u);
}

TEST(RandomStream, StreamsOfOneSeedAreUncorrelated) {
  const RandomStream root(7, "a");
  constexpr size_t kCount = 100000;
  const auto a = Normals(root.Split(0), kCount), b = Normals(root.Split(1), kCount), c = Normals(root, kCount);
  const auto correlation = [](const std::vector<float>& x, const std::vector<float>& y) {
    return std::inner_product(x.begin(), x.end(), y.begin(), 0.0) / kCount;
  };
  EXPECT_NEAR(correlation(a, b), 0, 4 / std::sqrt(kCount));
  EXPECT_NEAR(correlation(a, c), 0, 4 / std::sqrt(kCount));
}

TEST(RandomStream, UniformIsUniformOnTheHalfOpenInterval) {
  RandomStream stream(1, "uniform");
  std::vector<double> values(100000);
  for (double& value : values) value = stream.Uniform();
  EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 1);
  EXPECT_LT(KsStatistic(values, [](double x) { return x; }), kKsLimit);
}

TEST(RandomStream, NormalIsNormal) {
  RandomStream stream(1, "normal");
  std::vector<double> values(200000);
  for (double& value : values) value = stream.Normal();
  ExpectNormalMoments(values);
  EXPECT_LT(KsStatistic(values, NormalDistribution), kKsLimit);
}

TEST(RandomStream, FillNormalIsNormalAlsoInItsTails) {
  const std::vector<float> values = Normals(RandomStream(1, "fill"), 4000000);
  ExpectNormalMoments(values);
  EXPECT_LT(KsStatistic(values, NormalDistribution), kKsLimit);
  for (const double x : {3.0, 4.0, 4.5}) {
    const auto beyond = std::count_if(values.begin(), values.end(), [x](float v) { return std::abs(v) > x; });
    const double expected = 2 * NormalDistribution(-x) * static_cast<double>(values.size());
    EXPECT_NEAR(static_cast<double>(beyond), expected, 4 * std::sqrt(expected)) << x;
  }
}

TEST(RandomStream, NeighboursOfFillNormalAreUncorrelated) {
  const std::vector<float> values = Normals(RandomStream(2, "fill"), 400000);
  for (size_t lag = 1; lag <= 4; ++lag) {
    double sum = 0, sum_of_squares = 0;
    for (size_t i = lag; i < values.size(); ++i) {
      const double a = values[i], b = values[i - lag];
      sum += a * b;
      sum_of_squares += a * a * b * b;
    }
    const double n = static_cast<double>(values.size() - lag);
    EXPECT_NEAR(sum / n, 0, 4 / std::sqrt(n)) << lag;
    EXPECT_NEAR(sum_of_squares / n, 1, 4 * std::sqrt(8 / n)) << lag;  // not dependent in size either
  }
}

TEST(RandomStream, FillUniformIsUniform) {
  std::vector<float> values(400000);
  RandomStream(1, "fill").FillUniform(values);
  EXPECT_GE(*std::min_element(values.begin(), values.end()), 0);
  EXPECT_LT(*std::max_element(values.begin(), values.end()), 1);
  EXPECT_LT(KsStatistic(values, [](double x) { return x; }), kKsLimit);
}

TEST(RandomStream, FillingInPiecesOfFourGivesTheSameAsAtOnce) {
  const std::vector<float> whole = Normals(RandomStream(3, "fill"), 1000);
  RandomStream stream(3, "fill");
  std::vector<float> pieces(1000);
  for (size_t begin = 0, size = 4; begin < pieces.size(); begin += size, size = std::min(size + 4, 1000 - begin)) {
    stream.FillNormal(std::span(pieces).subspan(begin, size));
  }
  EXPECT_EQ(pieces, whole);
  // Any length is a beginning of the longer ones.
  for (size_t count : {0, 1, 3, 5, 63, 64, 65, 130}) {
    EXPECT_EQ(Normals(RandomStream(3, "fill"), count), std::vector<float>(whole.begin(), whole.begin() + long(count)));
  }
}

TEST(RandomStream, DrawingAfterAFillGoesOnAtTheNextBlock) {
  RandomStream filled(3, "fill"), drawn(3, "fill");
  std::vector<float> six(6);
  filled.NextBits32();
  filled.FillNormal(six);
  for (int word = 0; word < 12; ++word) drawn.NextBits32();
  EXPECT_EQ(filled.NextBits32(), drawn.NextBits32());
}

TEST(RandomStream, EveryInstructionSetGivesTheSameBits) {
  for (const size_t count : {1, 64, 1001}) {
    std::vector<float> baseline(count), wide(count);
    for (const auto fill : {FillNormalBlocks, FillUniformBlocks}) {
      // A counter that carries into its upper word within the fill.
      fill(11, 22, 0xFFFFFFF8, baseline, InstructionSet::kBaseline);
      for (const auto set : {InstructionSet::kAvx2, InstructionSet::kAvx512}) {
        if (set > BestInstructionSet()) continue;
        fill(11, 22, 0xFFFFFFF8, wide, set);
        EXPECT_EQ(wide, baseline) << InstructionSetName(set) << " " << count;
      }
    }
  }
}

// A change of any of these means that every seed of every run means something else. Made by random_reference.py.
TEST(RandomStream, TheNumbersOfASeedStayWhatTheyAre) {
  RandomStream stream(2026, "stored");
  EXPECT_EQ(stream.NextBits32(), 3424381029u);
  EXPECT_EQ(stream.NextBits64(), 11424980545028380470u);
  EXPECT_EQ(stream.Below(1000000), 386477u);
  EXPECT_EQ(std::bit_cast<uint64_t>(stream.Uniform()), 4602780303015957414u);
  EXPECT_EQ(std::bit_cast<uint64_t>(stream.Normal()), 4606695175464983039u);
  EXPECT_EQ(stream.Split("name").NextBits64(), 3465120885189083832u);
  EXPECT_EQ(stream.Split(12).NextBits64(), 3167873358959775762u);
  std::vector<float> fill(3);
  stream.FillNormal(fill);
  std::vector<uint32_t> bits;
  for (const float value : fill) bits.push_back(std::bit_cast<uint32_t>(value));
  EXPECT_THAT(bits, ElementsAre(3189489756u, 1055379878u, 3204688414u));
  stream.FillUniform(fill);
  EXPECT_THAT(fill, ElementsAre(770752 * 0x1p-24f, 148918 * 0x1p-24f, 8435205 * 0x1p-24f));
}

TEST(RandomStream, BelowIsUnbiased) {
  RandomStream stream(1, "below");
  constexpr uint64_t kSides = 7;
  constexpr int kThrows = 70000;
  std::vector<double> counts(kSides);
  for (int i = 0; i < kThrows; ++i) ++counts[stream.Below(kSides)];
  double chi_square = 0;
  for (const double count : counts) chi_square += (count - kThrows / 7.0) * (count - kThrows / 7.0) / (kThrows / 7.0);
  EXPECT_LT(chi_square, 22.46);  // 6 degrees of freedom, p = .001
  // Two thirds of 2^64: by multiplication alone one half of the answers would be twice as likely.
  const uint64_t large = 0xAAAAAAAAAAAAAAAA;
  int lower_half = 0;
  for (int i = 0; i < 10000; ++i) lower_half += stream.Below(large) < large / 2 ? 1 : 0;
  EXPECT_NEAR(lower_half, 5000, 4 * 50);
}

TEST(RandomStream, BelowOneIsZeroAndBelowZeroIsOurBug) {
  RandomStream stream(1, "below");
  EXPECT_EQ(stream.Below(1), 0u);
  EXPECT_THROW(stream.Below(0), Error);
}

TEST(RandomStream, ShuffleMakesAllOrdersEquallyLikely) {
  RandomStream stream(1, "shuffle");
  std::map<std::vector<int>, int> counts;
  constexpr int kRounds = 24000;
  for (int i = 0; i < kRounds; ++i) {
    std::vector<int> cards = {0, 1, 2, 3};
    Shuffle(stream, std::span(cards));
    ++counts[cards];
  }
  ASSERT_EQ(counts.size(), 24u);
  double chi_square = 0;
  for (const auto& [cards, count] : counts) chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi_square, 49.73);  // 23 degrees of freedom, p = .001
}

}  // namespace
}  // namespace heddle

#include "heddle/core/text.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>

#include "heddle/core/random.h"

namespace heddle {
namespace {

const std::vector<std::string> kNames = {"toy", "doctor", "train", "learning_rate", "--seed", "--seeds", "w"};

TEST(Text, DoublesReadBackBitForBit) {
  RandomStream random(1, "doubles");
  for (int i = 0; i < 100000; ++i) {
    const auto value = std::bit_cast<double>(random.NextBits64());
    if (!std::isfinite(value)) continue;
    const std::string text = FormatDouble(value);
    double back = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), back);
    EXPECT_EQ(read.ptr, text.data() + text.size()) << text;
    EXPECT_EQ(std::bit_cast<uint64_t>(back), std::bit_cast<uint64_t>(value)) << text;
  }
}

TEST(Text, DoublesAreShortAndKeepAPointBeforeAnExponent) {
  EXPECT_EQ(FormatDouble(0.1), "0.1");
  EXPECT_EQ(FormatDouble(1e6), "1000000");
  EXPECT_EQ(FormatDouble(-3), "-3");
  EXPECT_EQ(FormatDouble(0), "0");
  EXPECT_EQ(FormatDouble(-0.0), "-0.0");
  EXPECT_EQ(FormatDouble(1e-5), "1.0e-05");
  EXPECT_EQ(FormatDouble(1.5e300), "1.5e+300");
  EXPECT_EQ(FormatDouble(1e15), "1.0e+15");
  EXPECT_EQ(FormatDouble(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(FormatDouble(NAN), "nan");
  EXPECT_EQ(FormatDouble(-INFINITY), "-inf");
}

TEST(Text, EditDistanceCountsSwapsOfNeighboursAsOne) {
  EXPECT_EQ(EditDistance("", ""), 0);
  EXPECT_EQ(EditDistance("abc", ""), 3);
  EXPECT_EQ(EditDistance("tyo", "toy"), 1);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3);
  EXPECT_EQ(EditDistance("lerning", "learning"), 1);
  EXPECT_EQ(EditDistance("abcd", "badc"), 2);
}

TEST(Text, EditDistanceIsSymmetric) {
  RandomStream random(1, "words");
  for (int i = 0; i < 2000; ++i) {
    std::string a, b;
    for (uint64_t n = random.Below(8); n > 0; --n) a += static_cast<char>('a' + random.Below(3));
    for (uint64_t n = random.Below(8); n > 0; --n) b += static_cast<char>('a' + random.Below(3));
    EXPECT_EQ(EditDistance(a, b), EditDistance(b, a)) << a << " " << b;
    EXPECT_EQ(EditDistance(a, b) == 0, a == b) << a << " " << b;
  }
}

TEST(Text, NearestForgivesATypoButDoesNotGuess) {
  EXPECT_EQ(Nearest("tyo", kNames), "toy");
  EXPECT_EQ(Nearest("docter", kNames), "doctor");
  EXPECT_EQ(Nearest("Learning-Rate", kNames), "learning_rate");
  EXPECT_EQ(Nearest("--sed", kNames), "--seed");
  EXPECT_EQ(Nearest("learn", kNames), "learning_rate");
  EXPECT_EQ(Nearest("elephant", kNames), std::nullopt);
  EXPECT_EQ(Nearest("", kNames), std::nullopt);
  EXPECT_EQ(Nearest("toy", {}), std::nullopt);
}

TEST(Text, SuggestNameListsAllWhereNothingIsNear) {
  const std::vector<std::string> two = {"spin", "weave"};
  EXPECT_EQ(SuggestName("wave", two), "did you mean 'weave'?");
  EXPECT_EQ(SuggestName("elephant", two), "one of: spin, weave");
}

TEST(Text, Utf8IsToldFromOtherBytes) {
  for (const char* good :
       {"", "plain", "\xC3\xA9", "\xE2\x98\x83", "\xF0\x9F\x98\x80", "\xF4\x8F\xBF\xBF", "\xED\x9F\xBF"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  // A lone continuation, a cut sequence, overlong forms, a surrogate, beyond the last code point, bytes that never
  // occur.
  for (const char* bad : {"\x80", "\xC3", "\xE2\x98", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xF0\x80\x80\x80",
                          "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xC3(", "\xBF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

TEST(Text, CountsHaveTheirNoun) {
  EXPECT_EQ(Counted(0, "file"), "0 files");
  EXPECT_EQ(Counted(1, "file"), "1 file");
  EXPECT_EQ(Counted(2, "file"), "2 files");
}

TEST(Text, ControlCharactersAreTakenOut) {
  EXPECT_EQ(WithoutControls("a\x1b[31mb\a\nc\xc3\xa4"), "a?[31mb?\nc\xc3\xa4");
}

}  // namespace
}  // namespace heddle

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "heddle/core/test/scratch_folder.h"
#include "heddle/data/dataset.h"
#include "heddle/data/lerobot/episode_record.h"
#include "heddle/data/lerobot/picture_statistics.h"
#include "heddle/data/lerobot/statistics.h"
#include "heddle/data/video/image_codec.h"

namespace heddle::data {
namespace {

using contract::Array;
using contract::FeatureStatistics;
using testing::ElementsAre;

Dataset Sample(const std::string& name) { return Dataset::Open(std::string(HEDDLE_TESTDATA "/lerobot/") + name); }

// All but the quantiles. LeRobot computes std as sqrt(E[x^2] - E[x]^2) in float32, so variances agree within its
// rounding of E[x^2], which is `rounding` of it: more for pictures, as it adds up thousands of squares one by one.
void ExpectClose(const FeatureStatistics& found, const FeatureStatistics& wanted, double rounding = 1e-6) {
  EXPECT_EQ(found.count, wanted.count);
  ASSERT_EQ(found.mean.size(), wanted.mean.size());
  for (size_t i = 0; i < wanted.mean.size(); ++i) {
    const double size = 1e-6 * (1 + std::abs(wanted.mean[i]));
    EXPECT_NEAR(found.min[i], wanted.min[i], 1e-6);
    EXPECT_NEAR(found.max[i], wanted.max[i], 1e-6);
    EXPECT_NEAR(found.mean[i], wanted.mean[i], size);
    const double squares = wanted.mean[i] * wanted.mean[i] + wanted.std[i] * wanted.std[i];
    EXPECT_NEAR(found.std[i] * found.std[i], wanted.std[i] * wanted.std[i], rounding * squares);
  }
}

// An exact quantile lies between two neighbours among the sorted values; LeRobot's, from 5000 bins, no further from
// these than one value more and a bin's width.
void ExpectQuantiles(const FeatureStatistics& found, const FeatureStatistics& wanted, std::vector<double> column,
                     size_t i) {
  std::sort(column.begin(), column.end());
  const auto n = static_cast<double>(column.size());
  const auto at = [&](double rank) { return column[static_cast<size_t>(std::clamp(rank, 0.0, n - 1))]; };
  const double bin = (column.back() - column.front()) / 5000 + 1e-9;
  using F = FeatureStatistics;
  const std::vector<std::pair<std::vector<double> F::*, double>> quantiles = {
      {&F::q01, 0.01}, {&F::q10, 0.1}, {&F::q50, 0.5}, {&F::q90, 0.9}, {&F::q99, 0.99}};
  for (const auto& [list, share] : quantiles) {
    SCOPED_TRACE(share);
    const double rank = std::floor(share * (n - 1));
    EXPECT_GE((found.*list)[i], at(rank));
    EXPECT_LE((found.*list)[i], at(rank + 1));
    EXPECT_GE((wanted.*list)[i], at(rank - 1) - bin);
    EXPECT_LE((wanted.*list)[i], at(rank + 1) + bin);
  }
}

std::vector<double> ColumnOf(const Array& values, int64_t dimension) {
  const int64_t size = values.shape().size() == 1 ? 1 : values.shape().back();
  std::vector<double> column;
  for (int64_t i = dimension; i < values.size(); i += size) column.push_back(values.At(i));
  return column;
}

std::vector<EpisodeRecord> RecordsOf(const Dataset& set) {
  std::vector<EpisodeRecord> records;
  for (FilePlace place; records.size() < set.episodes().size(); place = place.Next(set.info().chunks_size)) {
    for (EpisodeRecord& record : ReadEpisodeRecords(set.root(), place, set.info(), 1000)) records.push_back(record);
  }
  return records;
}

TEST(NumberStatistics, OfOneColumnByHand) {
  const std::vector<double> values = {4, 1, 3, 2};
  const FeatureStatistics found = NumberStatistics(Array::Of<double>(values, {4}));
  EXPECT_THAT(found.min, ElementsAre(1));
  EXPECT_THAT(found.max, ElementsAre(4));
  EXPECT_THAT(found.mean, ElementsAre(2.5));
  EXPECT_DOUBLE_EQ(found.std[0], std::sqrt(1.25));
  EXPECT_DOUBLE_EQ(found.q01[0], 1.03);
  EXPECT_DOUBLE_EQ(found.q10[0], 1.3);
  EXPECT_DOUBLE_EQ(found.q50[0], 2.5);
  EXPECT_DOUBLE_EQ(found.q99[0], 3.97);
  EXPECT_EQ(found.count, 4);
}

TEST(NumberStatistics, OfOneFrameAndOfConstantsHaveNoSpread) {
  const std::vector<float> once = {0.1F, 7}, thrice = {0.1F, 0.1F, 0.1F};
  const FeatureStatistics one = NumberStatistics(Array::Of<float>(once, {1, 2}));
  EXPECT_THAT(one.std, ElementsAre(0, 0));
  EXPECT_EQ(one.q90, one.mean);
  const FeatureStatistics constant = NumberStatistics(Array::Of<float>(thrice, {3}));
  EXPECT_EQ(constant.std[0], 0);
  EXPECT_EQ(constant.mean[0], static_cast<double>(0.1F));
}

TEST(NumberStatistics, MoreAxesAreReducedToTheLast) {
  std::vector<float> values(5 * 4 * 3);
  std::iota(values.begin(), values.end(), 0.0F);
  const FeatureStatistics deep = NumberStatistics(Array::Of<float>(values, {5, 4, 3}));
  FeatureStatistics flat = NumberStatistics(Array::Of<float>(values, {20, 3}));
  EXPECT_EQ(deep.count, 5);
  flat.count = 5;
  EXPECT_EQ(deep, flat);
}

TEST(NumberStatistics, AreWithinOrderedBounds) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal(5, 2);
  for (int64_t n : {1, 2, 7, 300}) {
    std::vector<double> values(static_cast<size_t>(n));
    for (double& value : values) value = normal(random);
    const FeatureStatistics s = NumberStatistics(Array::Of<double>(values, {n}));
    const std::vector<double> order = {s.min[0], s.q01[0], s.q10[0], s.q50[0], s.q90[0], s.q99[0], s.max[0]};
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_LE(s.std[0], (s.max[0] - s.min[0]) / 2 + 1e-12);
  }
}

TEST(SampledFrames, AreAllOfAShortEpisodeAndSpreadOverALongOne) {
  EXPECT_THAT(SampledFrames(1), ElementsAre(0));
  EXPECT_THAT(SampledFrames(3), ElementsAre(0, 1, 2));
  EXPECT_EQ(std::ssize(SampledFrames(100)), 100);
  EXPECT_EQ(std::ssize(SampledFrames(101)), 100);
  EXPECT_EQ(std::ssize(SampledFrames(1000)), 177);
  EXPECT_EQ(std::ssize(SampledFrames(10000)), 1000);
  EXPECT_EQ(std::ssize(SampledFrames(1000000)), 10000);
  const std::vector<int64_t> frames = SampledFrames(5000);
  EXPECT_EQ(frames.front(), 0);
  EXPECT_EQ(frames.back(), 4999);
  EXPECT_TRUE(std::is_sorted(frames.begin(), frames.end()));
}

TEST(SampledFrames, HaveEvenStepsWhereTheyCan) {
  const std::vector<int64_t> frames = SampledFrames(298);
  for (size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(frames[i], static_cast<int64_t>(i) * 3);
}

TEST(PictureStride, ThinsLargePicturesOnly) {
  EXPECT_EQ(PictureStride(240, 299), 1);
  EXPECT_EQ(PictureStride(240, 300), 2);
  EXPECT_EQ(PictureStride(480, 640), 4);
  EXPECT_EQ(PictureStride(1080, 640), 7);
}

TEST(PictureStatistics, OfLevelsAreThoseOfAllPixels) {
  ScratchFolder scratch;
  PictureStatistics pictures(scratch.path() / "levels", 4, 5, 3);
  std::mt19937 random(5);
  std::vector<double> red;
  for (int frame = 0; frame < 6; ++frame) {
    std::vector<uint8_t> pixels(4 * 5 * 3);
    for (uint8_t& pixel : pixels) pixel = static_cast<uint8_t>(random());
    for (size_t i = 0; i < pixels.size(); i += 3) red.push_back(pixels[i] / 255.0);
    pictures.AddLevels(pixels);
  }
  const FeatureStatistics found = pictures.Finish();
  const auto n = static_cast<int64_t>(red.size());
  const FeatureStatistics wanted = NumberStatistics(Array::Of<double>(red, {n}));
  EXPECT_EQ(found.count, 6);
  for (const auto& [name, list] : contract::StatisticLists()) {
    ASSERT_EQ((found.*list).size(), 3U) << name;
    EXPECT_NEAR((found.*list)[0], (wanted.*list)[0], 1e-12) << name;
  }
}

TEST(PictureStatistics, LookOnlyAtTheSampledFrames) {
  ScratchFolder scratch;
  PictureStatistics pictures(scratch.path() / "levels", 2, 2, 1);
  const std::vector<int64_t> sampled = SampledFrames(150);
  for (int64_t frame = 0; frame < 150; ++frame) {
    const bool is_sampled = std::find(sampled.begin(), sampled.end(), frame) != sampled.end();
    pictures.AddLevels(std::vector<uint8_t>(4, is_sampled ? 51 : 255));
  }
  const FeatureStatistics found = pictures.Finish();
  EXPECT_EQ(found.count, 100);
  EXPECT_EQ(found.max[0], 0.2);
}

TEST(AddStatistics, OfPartsAreThoseOfTheWhole) {
  std::mt19937 random(11);
  std::normal_distribution<double> normal;
  std::vector<double> all;
  contract::Statistics sum;
  for (const int64_t n : {3, 1, 40, 17}) {
    std::vector<double> part(static_cast<size_t>(n));
    for (double& value : part) all.push_back(value = normal(random));
    AddStatistics({{"x", NumberStatistics(Array::Of<double>(part, {n}))}}, sum);
  }
  const FeatureStatistics whole = NumberStatistics(Array::Of<double>(all, {std::ssize(all)}));
  const FeatureStatistics& found = sum.at("x");
  EXPECT_EQ(found.min, whole.min);
  EXPECT_EQ(found.max, whole.max);
  EXPECT_EQ(found.count, whole.count);
  EXPECT_NEAR(found.mean[0], whole.mean[0], 1e-12);
  EXPECT_NEAR(found.std[0], whole.std[0], 1e-12);
}

class LeRobotStatistics : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Samples, LeRobotStatistics, testing::Values("v3-tiny", "v3-multifile"),
                         [](const auto& sample) { return std::string(sample.param).substr(3); });

TEST_P(LeRobotStatistics, OfNumbersAreEqualInEachEpisodeAndTheWhole) {
  const Dataset set = Sample(GetParam());
  contract::Statistics sum;
  for (const EpisodeRecord& record : RecordsOf(set)) {
    for (const Feature& feature : set.info().features) {
      if (feature.kind != FeatureKind::kNumeric) continue;
      SCOPED_TRACE(feature.name + " of episode " + std::to_string(record.index));
      const Array values = set.ReadNumbers(feature.name, record.index);
      const FeatureStatistics ours = NumberStatistics(values), &theirs = record.statistics.at(feature.name);
      ExpectClose(ours, theirs);
      for (size_t i = 0; i < ours.mean.size(); ++i) {
        ExpectQuantiles(ours, theirs, ColumnOf(values, static_cast<int64_t>(i)), i);
      }
      AddStatistics({{feature.name, ours}}, sum);
    }
  }
  for (const auto& [feature, statistics] : sum) {
    SCOPED_TRACE(feature);
    ExpectClose(statistics, set.statistics()->at(feature));
  }
}

TEST_P(LeRobotStatistics, OfEpisodesJoinedAsLeRobotJoinsThem) {
  const Dataset set = Sample(GetParam());
  contract::Statistics sum;
  for (const EpisodeRecord& record : RecordsOf(set)) AddStatistics(record.statistics, sum);
  for (const auto& [feature, statistics] : sum) {
    const FeatureStatistics& wanted = set.statistics()->at(feature);
    EXPECT_EQ(statistics.count, wanted.count);
    for (const auto& [name, list] : contract::StatisticLists()) {
      for (size_t i = 0; i < (wanted.*list).size(); ++i) {
        EXPECT_NEAR((statistics.*list)[i], (wanted.*list)[i], 1e-7 * (1 + std::abs((wanted.*list)[i])))
            << feature << " " << name;
      }
    }
  }
}

TEST(LeRobotPictures, EmbeddedOnesOfTheSampleAreEqual) {
  const Dataset set = Sample("v3-multifile");
  const std::string camera = "observation.images.still";
  const Feature& feature = set.info().Require(camera);
  ScratchFolder scratch;
  for (const EpisodeRecord& record : RecordsOf(set)) {
    PictureStatistics pictures(scratch.path() / "levels", feature.height, feature.width, feature.channels);
    std::vector<std::vector<double>> columns(3);
    for (const std::string& file : set.ReadImageFiles(camera, record.index, 0, record.length)) {
      const Image image = DecodeImage(file, camera);
      for (size_t i = 0; i < image.pixels.size(); ++i) columns[i % 3].push_back(image.pixels[i] / 255.0);
      pictures.AddLevels(image.pixels);
    }
    const FeatureStatistics ours = pictures.Finish(), &theirs = record.statistics.at(camera);
    ExpectClose(ours, theirs, 1e-4);
    for (size_t c = 0; c < 3; ++c) ExpectQuantiles(ours, theirs, columns[c], c);
  }
}

// The sample's depth camera recorded 500 + 5x + 3y + 20k + 100 episode millimetres.
TEST(LeRobotPictures, DepthOfTheSampleIsEqual) {
  const Dataset set = Sample("v3-multifile");
  ScratchFolder scratch;
  for (const EpisodeRecord& record : RecordsOf(set)) {
    PictureStatistics pictures(scratch.path() / "depth", 64, 96, 1);
    for (int64_t frame = 0; frame < record.length; ++frame) {
      std::vector<float> values;
      for (int64_t i = 0; i < 64 * 96; ++i) {
        values.push_back(static_cast<float>(500 + 5 * (i % 96) + 3 * (i / 96) + 20 * frame + 100 * record.index));
      }
      pictures.AddDepth(values);
    }
    const FeatureStatistics ours = pictures.Finish(), &theirs = record.statistics.at("observation.images.depth");
    ExpectClose(ours, theirs);
    const double bin = (theirs.max[0] - theirs.min[0]) / 5000;
    for (const auto& [name, list] : contract::StatisticLists()) {
      if (name[0] != 'q') continue;
      EXPECT_NEAR((ours.*list)[0], (theirs.*list)[0], 2 * bin) << name;
    }
  }
}

}  // namespace
}  // namespace heddle::data

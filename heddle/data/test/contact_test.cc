#include "heddle/data/labels/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "heddle/core/random.h"
#include "heddle/data/dataset.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr double kFps = 100;

std::vector<ContactSpan> Find(const std::vector<double>& force, ContactOptions options = {}) {
  return FindContacts(force, FindContactLevels({&force, 1}, options), kFps, options);
}

// Rest with noise, two contacts at known frames.
std::vector<double> Stream(double noise, double force, uint64_t seed) {
  RandomStream random(seed, "force");
  std::vector<double> f(1000);
  for (size_t t = 0; t < f.size(); ++t) {
    const bool touching = (t >= 200 && t < 350) || (t >= 600 && t < 640);
    f[t] = std::abs(0.3 + noise * random.Normal() + (touching ? force : 0));
  }
  return f;
}

TEST(Contact, KnownContactsAreFoundToTheFrameAtAnyNoiseThatTheyStandOutFrom) {
  for (const double noise : {0.0, 0.01, 0.1, 0.3}) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      EXPECT_THAT(Find(Stream(noise, 5, seed)), ElementsAre(ContactSpan{200, 350}, ContactSpan{600, 640})) << noise;
    }
  }
}

TEST(Contact, NoiseAloneAndConstantsHaveNoContact) {
  for (uint64_t seed = 0; seed < 50; ++seed) EXPECT_TRUE(Find(Stream(0.1, 0, seed)).empty()) << seed;
  EXPECT_TRUE(Find(std::vector<double>(50, 3.0)).empty());
  EXPECT_TRUE(Find({}).empty());
}

TEST(Contact, HysteresisKeepsAContactThatFlickersAroundTheThreshold) {
  std::vector<double> f(100, 0.0);
  for (size_t t = 30; t < 60; ++t) f[t] = t % 2 == 0 ? 1.2 : 0.7;
  ContactOptions options;
  options.threshold = 1;
  EXPECT_THAT(Find(f, options), ElementsAre(ContactSpan{30, 60}));
}

TEST(Contact, ShortGapsAreClosedAndShortContactsDropped) {
  std::vector<double> f(100, 0.0);
  for (size_t t = 10; t < 30; ++t) f[t] = 2;
  for (size_t t = 35; t < 60; ++t) f[t] = 2;  // a gap of 5 frames
  for (size_t t = 80; t < 83; ++t) f[t] = 2;
  ContactOptions options;
  options.threshold = 1;
  options.min_gap_s = 0.06;
  options.min_contact_s = 0.04;
  EXPECT_THAT(Find(f, options), ElementsAre(ContactSpan{10, 60}));
  options.min_gap_s = 0.05;
  options.min_contact_s = 0.03;
  EXPECT_THAT(Find(f, options), ElementsAre(ContactSpan{10, 30}, ContactSpan{35, 60}, ContactSpan{80, 83}));
}

TEST(Contact, PeakAndMeanAreThoseOfTheNorm) {
  const std::vector<double> stream = {9, 9, 3, 4, 0, 0, 6, 8, 9, 9};
  const ForceSummary summary = Summarise(stream, 2, {1, 4}, kFps, {});
  EXPECT_DOUBLE_EQ(summary.peak, 10);
  EXPECT_DOUBLE_EQ(summary.mean, 5);
}

TEST(Contact, ARampHasNoSlipEnergy) {
  std::vector<double> stream;
  for (int t = 0; t < 60; ++t) stream.insert(stream.end(), {0.1 * t, 3 - 0.02 * t, 1.0});
  EXPECT_NEAR(Summarise(stream, 3, {0, 60}, kFps, {}).slip_energy, 0, 1e-20);
}

// A sine of frequency w (rad a frame) behind a moving mean of 2h + 1 frames: its amplitude is 1 - D(w) times what it
// was, D the Dirichlet kernel; its energy in N frames is A^2 N / 2 / fps, but for the h frames at either end.
TEST(Contact, SlipEnergyIsThatOfTheVibrationItself) {
  const double amplitude = 0.4, w = 2 * std::numbers::pi * 20 / kFps;
  const int64_t frames = 4000, h = 10;
  std::vector<double> stream;
  for (int64_t t = 0; t < frames; ++t)
    stream.push_back(5 + 0.01 * static_cast<double>(t) + amplitude * std::sin(w * static_cast<double>(t)));
  const double kernel = std::sin(w * (h + 0.5)) / ((2 * h + 1) * std::sin(w / 2));
  const double expected = amplitude * amplitude / 2 * (1 - kernel) * (1 - kernel) * static_cast<double>(frames) / kFps;
  EXPECT_THAT(Summarise(stream, 1, {0, frames}, kFps, {}).slip_energy, DoubleNear(expected, 0.01 * expected));
}

TEST(Contact, AContactOfOneFrameHasASummary) {
  const std::vector<double> stream = {1, 7, 1};
  const ForceSummary summary = Summarise(stream, 1, {1, 2}, kFps, {});
  EXPECT_EQ(summary.peak, 7);
  EXPECT_EQ(summary.slip_energy, 0);
}

TEST(Contact, LabelsStandOnTheFramesTheyWereComputedFrom) {
  const Dataset dataset = Dataset::Open(SampleFolder("v3-tiny").string());
  ContactOptions options;
  options.threshold = 0.01;
  options.min_contact_s = 0;
  const ContactLabels found = LabelContacts(dataset, "action", options, std::nullopt, "now");
  ASSERT_GT(found.num_contacts, 0);
  for (const Label& label : found.labels) {
    EXPECT_EQ(label.level, LabelLevel::kContact);
    EXPECT_EQ(label.by, "contact:action");
    if (label.key != "action.peak") continue;
    const auto values = dataset.ReadNumbers("action", label.episode);
    double peak = 0;
    for (int64_t t = label.from_frame; t < label.to_frame; ++t) {
      double square = 0;
      for (int64_t d = 0; d < 7; ++d) square += values.At(t * 7 + d) * values.At(t * 7 + d);
      peak = std::max(peak, std::sqrt(square));
    }
    EXPECT_NEAR(std::stod(label.value), peak, 1e-5 * peak);
  }
}

TEST(Contact, WindowsCoverEveryFrameOnce) {
  const Dataset dataset = Dataset::Open(SampleFolder("v3-tiny").string());
  const ContactLabels found = LabelContacts(dataset, "action", {}, 0.35, "now");
  for (const Episode& episode : dataset.episodes()) {
    int64_t covered = 0;
    for (const Label& label : found.labels) {
      if (label.episode != episode.index || label.key != "action.window.contact") continue;
      EXPECT_EQ(label.from_frame, covered);
      EXPECT_TRUE(label.to_frame - label.from_frame == 7 || label.to_frame == episode.length);
      covered = label.to_frame;
    }
    EXPECT_EQ(covered, episode.length);
  }
}

TEST(Contact, WhatIsNoForceStreamIsAUsageError) {
  const Dataset dataset = Dataset::Open(SampleFolder("v3-tiny").string());
  EXPECT_THAT(ErrorOf([&] { LabelContacts(dataset, "observation.images.front", {}, std::nullopt, ""); }),
              HasSubstr("is no feature of numbers"));
  EXPECT_THAT(ErrorOf([&] { LabelContacts(dataset, "observation.stat", {}, std::nullopt, ""); }),
              HasSubstr("observation.state"));
  EXPECT_THAT(ErrorOf([&] { LabelContacts(dataset, "action", {.threshold = -1}, std::nullopt, ""); }),
              HasSubstr("positive"));
}

}  // namespace
}  // namespace heddle::data

#include "heddle/mixture/loader.h"

#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "heddle/core/error.h"
#include "heddle/data/video/video_reader.h"
#include "heddle/mixture/resize.h"

namespace heddle::mixture {
namespace {

namespace fs = std::filesystem;
using contract::Batch;
using testing::HasSubstr;

const char* const kFront = "observation.images.front";
const char* const kWrist = "observation.images.wrist";

std::shared_ptr<const data::Dataset> Open(const fs::path& folder) {
  return std::make_shared<const data::Dataset>(data::Dataset::Open(folder.string()));
}

fs::path Tiny() { return fs::path(HEDDLE_TESTDATA) / "lerobot/v3-tiny"; }

Source TinySource(const std::string& name, const fs::path& folder = Tiny()) {
  Source source;
  source.name = name;
  source.dataset = Open(folder);
  return source;
}

// The tiny dataset as it is: state and action of 7, two cameras of 48 x 64.
Layout TinyLayout() {
  Layout layout;
  layout.numbers = {{"observation.state", {{"all", 7, Meaning::kAbsolute}}}, {"action", {{"all", 7, Meaning::kHeld}}}};
  layout.cameras = {{kFront, 48, 64, Fit::kStretch}, {kWrist, 24, 32, Fit::kStretch}};
  layout.window.control_hz = 20;
  layout.window.deltas_s = {{"observation.state", {-0.1, 0}}, {"action", {0, 0.05, 0.1, 0.15}}, {kFront, {-0.05, 0}}};
  return layout;
}

LoaderOptions Options(int workers, Holding holding = Holding::kDecode) {
  LoaderOptions options;
  options.order.batch_size = 6;
  options.order.seed = 3;
  options.workers = workers;
  options.holding = holding;
  return options;
}

// All of a batch's bytes in one text.
std::string BytesOf(const Batch& batch) {
  std::string bytes = std::to_string(batch.step);
  for (const auto* tensors : {&batch.values, &batch.is_pad, &batch.is_present, &batch.conditions}) {
    for (const auto& [name, tensor] : *tensors) {
      bytes += name + std::string(static_cast<const char*>(tensor.const_data_ptr()), size_t(tensor.nbytes()));
    }
  }
  for (const std::string& task : batch.tasks) bytes += task;
  for (const contract::RowOrigin& origin : batch.origins) {
    bytes += std::to_string(origin.source) + "," + std::to_string(origin.episode) + "," + std::to_string(origin.frame);
  }
  return bytes;
}

std::vector<std::string> Steps(const Mixture& mixture, const LoaderOptions& options, int count) {
  Loader loader(mixture, options);
  std::vector<std::string> steps;
  for (int i = 0; i < count; ++i) steps.push_back(BytesOf(loader.Next()));
  return steps;
}

Mixture OneSource() { return {TinyLayout(), {TinySource("tiny")}}; }

Mixture TwoSources() {
  Mixture mixture{TinyLayout(), {TinySource("whole"), TinySource("one-eyed")}};
  mixture.sources[0].weight = 2;
  mixture.sources[1].map.cameras = {{kWrist, std::nullopt}, {kFront, kWrist}};
  mixture.sources[1].labels = {{"strategy", "slow"}};
  return mixture;
}

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("heddle-loader-" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

void ExpectNumbers(const Batch& batch, const data::Dataset& dataset, const std::string& feature,
                   const std::vector<int64_t>& steps) {
  const at::Tensor& values = batch.values.at(feature);
  ASSERT_EQ(values.size(1), int64_t(steps.size()));
  for (size_t row = 0; row < batch.origins.size(); ++row) {
    const contract::RowOrigin& origin = batch.origins[row];
    const contract::Array episode = dataset.ReadNumbers(feature, origin.episode);
    const int64_t length = episode.shape()[0], size = episode.shape()[1];
    for (size_t time = 0; time < steps.size(); ++time) {
      const int64_t frame = origin.frame + steps[time], nearest = std::clamp<int64_t>(frame, 0, length - 1);
      for (int64_t i = 0; i < size; ++i) {
        ASSERT_EQ(values[int64_t(row)][int64_t(time)][i].item<float>(), float(episode.At(nearest * size + i)));
      }
      ASSERT_EQ(batch.is_pad.at(feature)[int64_t(row)][int64_t(time)].item<bool>(), frame != nearest);
    }
  }
}

TEST(LoaderTest, NumbersAndPadsAreThoseOfTheDataset) {
  const Mixture mixture = OneSource();
  Loader loader(mixture, Options(0));
  for (int step = 0; step < 12; ++step) {
    const Batch& batch = loader.Next();
    EXPECT_EQ(batch.step, step);
    ExpectNumbers(batch, *mixture.sources[0].dataset, "observation.state", {-2, 0});
    ExpectNumbers(batch, *mixture.sources[0].dataset, "action", {0, 1, 2, 3});
    for (size_t row = 0; row < 6; ++row) {
      const auto tasks = mixture.sources[0].dataset->ReadTasks(batch.origins[row].episode);
      EXPECT_EQ(batch.tasks[row], tasks[size_t(batch.origins[row].frame)]);
    }
  }
}

void ExpectPicture(const at::Tensor& picture_HWC, const data::Dataset& dataset, const CameraLayout& camera,
                   int64_t episode, int64_t frame) {
  const data::VideoSpan span = dataset.Video(camera.name, episode);
  data::VideoReader reader(span.file);
  const data::Image image = reader.ReadRgb(span.first_frame + frame);
  std::vector<uint8_t> expected(size_t(camera.height * camera.width * 3));
  std::vector<int16_t> scratch;
  Resizer(image.height, image.width, camera)(image.pixels, expected, scratch);
  const at::Tensor contiguous = picture_HWC.contiguous();
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), contiguous.const_data_ptr<uint8_t>()));
}

TEST(LoaderTest, PicturesAreTheFramesByNumber) {
  const Mixture mixture = OneSource();
  Loader loader(mixture, Options(2));
  for (int step = 0; step < 4; ++step) {
    const Batch& batch = loader.Next();
    ASSERT_EQ(batch.values.at(kFront).sizes(), (at::IntArrayRef{6, 2, 48, 64, 3}));
    ASSERT_EQ(batch.values.at(kWrist).sizes(), (at::IntArrayRef{6, 1, 24, 32, 3}));
    for (int64_t row = 0; row < 6; ++row) {
      const contract::RowOrigin& origin = batch.origins[size_t(row)];
      const int64_t before = std::max<int64_t>(0, origin.frame - 1);
      const data::Dataset& dataset = *mixture.sources[0].dataset;
      ExpectPicture(batch.values.at(kFront)[row][0], dataset, mixture.layout.cameras[0], origin.episode, before);
      ExpectPicture(batch.values.at(kFront)[row][1], dataset, mixture.layout.cameras[0], origin.episode, origin.frame);
      ExpectPicture(batch.values.at(kWrist)[row][0], dataset, mixture.layout.cameras[1], origin.episode, origin.frame);
    }
  }
}

TEST_F(FolderTest, BatchesAreTheSameForAnyWorkersAndAnyHolding) {
  const std::vector<std::string> expected = Steps(TwoSources(), Options(0), 12);
  for (const int workers : {0, 1, 8}) {
    for (const Holding holding : {Holding::kDecode, Holding::kPacked, Holding::kMemory}) {
      LoaderOptions options = Options(workers, holding);
      options.cache_folder = folder_;
      EXPECT_EQ(Steps(TwoSources(), options, 12), expected) << workers << " " << HoldingName(holding);
    }
  }
}

TEST(LoaderTest, AResumedRunGoesOnExactly) {
  const std::vector<std::string> expected = Steps(TwoSources(), Options(2), 14);
  for (const int64_t first : {1, 5, 13}) {
    LoaderOptions options = Options(1);
    options.first_step = first;
    const std::vector<std::string> resumed = Steps(TwoSources(), options, int(14 - first));
    EXPECT_TRUE(std::equal(resumed.begin(), resumed.end(), expected.begin() + first));
  }
}

// The rolling hash over what the batches say of themselves.
std::vector<uint64_t> Hashes(const LoaderOptions& options, int steps) {
  Loader loader(TwoSources(), options);
  std::vector<uint64_t> hashes;
  for (int i = 0; i < steps; ++i) {
    std::vector<Sample> samples;
    for (const contract::RowOrigin& origin : loader.Next().origins) {
      samples.push_back({origin.source, origin.episode, origin.frame});
    }
    hashes.push_back(HashOf(samples, loader.domains_of_sources()));
  }
  return hashes;
}

TEST(LoaderTest, TheRanksTogetherSeeWhatOneWouldSee) {
  const std::vector<uint64_t> whole = Hashes(Options(1), 10);
  std::vector<uint64_t> sums(10);
  for (int rank = 0; rank < 2; ++rank) {
    LoaderOptions options = Options(2);
    options.order.rank = rank;
    options.order.ranks = 2;
    const std::vector<uint64_t> own = Hashes(options, 10);
    for (size_t i = 0; i < 10; ++i) sums[i] += own[i];
  }
  EXPECT_EQ(sums, whole);
}

TEST(LoaderTest, AMissingCameraIsMaskedAndNotBlack) {
  Loader loader(TwoSources(), Options(1));
  EXPECT_THAT(loader.domains(), testing::ElementsAre("whole", "one-eyed"));
  for (int step = 0; step < 3; ++step) {
    const Batch& batch = loader.Next();
    for (int64_t row = 0; row < 6; ++row) {
      const bool one_eyed = batch.origins[size_t(row)].source == 1;
      EXPECT_EQ(batch.is_present.at(kWrist)[row].item<bool>(), !one_eyed);
      EXPECT_TRUE(batch.is_present.at(kFront)[row].item<bool>());
      if (one_eyed) {
        EXPECT_TRUE((batch.values.at(kWrist)[row] == 127).all().item<bool>());
      }
      EXPECT_EQ(batch.conditions.at("strategy")[row].item<int64_t>(), one_eyed ? 1 : 0);
      // "one-eyed" comes before "whole" in the vocabulary.
      EXPECT_EQ(batch.conditions.at("domain")[row].item<int64_t>(), one_eyed ? 1 : 2);
    }
  }
}

TEST(LoaderTest, HeldOutEpisodesAreKeptApart) {
  Mixture mixture = OneSource();
  mixture.sources[0].holdout = {1};
  LoaderOptions options = Options(1);
  Loader training(mixture, options);
  options.episodes = EpisodeSet::kHoldout;
  Loader validation(mixture, options);
  for (int step = 0; step < 10; ++step) {
    for (const contract::RowOrigin& origin : training.Next().origins) EXPECT_NE(origin.episode, 1);
    for (const contract::RowOrigin& origin : validation.Next().origins) EXPECT_EQ(origin.episode, 1);
  }
}

TEST(LoaderTest, LastFramesCanBeLeftOut) {
  Mixture mixture = OneSource();
  mixture.layout.window.drop_last_frames = 5;
  Loader loader(mixture, Options(0));
  for (int step = 0; step < 8; ++step) {
    for (const contract::RowOrigin& origin : loader.Next().origins) {
      EXPECT_LT(origin.frame, mixture.sources[0].dataset->episode(origin.episode).length - 5);
    }
  }
}

// Half of the dataset's rate: every second frame.
TEST(LoaderTest, AnotherRateIsResampled) {
  Mixture mixture = OneSource();
  mixture.layout.window.control_hz = 10;
  mixture.layout.window.deltas_s = {{"observation.state", {-0.1, 0}}};
  Loader loader(mixture, Options(1));
  const data::Dataset& dataset = *mixture.sources[0].dataset;
  for (int step = 0; step < 4; ++step) {
    const Batch& batch = loader.Next();
    for (int64_t row = 0; row < 6; ++row) {
      const contract::RowOrigin& origin = batch.origins[size_t(row)];
      const contract::Array state = dataset.ReadNumbers("observation.state", origin.episode);
      EXPECT_FLOAT_EQ(batch.values.at("observation.state")[row][1][3].item<float>(),
                      float(state.At(2 * origin.frame * 7 + 3)));
      ExpectPicture(batch.values.at(kFront)[row][0], dataset, mixture.layout.cameras[0], origin.episode,
                    2 * origin.frame);
    }
  }
}

TEST_F(FolderTest, AutoChoosesByWhatIsThere) {
  LoaderOptions options = Options(1, Holding::kAuto);
  options.cache_folder = folder_;
  EXPECT_EQ(Loader(OneSource(), options).holding(), Holding::kMemory);
  options.memory_bytes = 1 << 20;  // the pictures need 0.7 MB
  const Loader decoding(OneSource(), options);
  EXPECT_EQ(decoding.holding(), Holding::kDecode);
  EXPECT_THAT(decoding.holding_reason(), HasSubstr("all pictures would need 1 MB"));
  options.holding = Holding::kPacked;
  Loader(OneSource(), options).Next();
  options.holding = Holding::kAuto;
  EXPECT_EQ(Loader(OneSource(), options).holding(), Holding::kPacked);
}

TEST_F(FolderTest, PackedFilesAreKeyedByTheirContent) {
  fs::copy(Tiny(), folder_ / "set", fs::copy_options::recursive);
  LoaderOptions options = Options(0, Holding::kPacked);
  options.cache_folder = folder_ / "cache";
  const auto files = [&] {
    int count = 0;
    for (const auto& entry : fs::directory_iterator(options.cache_folder))
      count += entry.path().extension() == ".frames";
    return count;
  };
  Mixture mixture{TinyLayout(), {TinySource("tiny", folder_ / "set")}};
  Loader(mixture, options).Next();
  EXPECT_EQ(files(), 2);
  mixture.layout.cameras[1].fit = Fit::kCover;  // another transform of one camera
  Loader(mixture, options).Next();
  EXPECT_EQ(files(), 3);
  const fs::path video = mixture.sources[0].dataset->Video(kFront, 0).file;
  fs::last_write_time(video, fs::last_write_time(video) + std::chrono::seconds(1));  // may be another content
  Loader(mixture, options).Next();
  EXPECT_EQ(files(), 4);
}

TEST_F(FolderTest, ABrokenVideoIsAnErrorWithItsPlace) {
  fs::copy(Tiny(), folder_ / "set", fs::copy_options::recursive);
  Mixture mixture{TinyLayout(), {TinySource("broken", folder_ / "set")}};
  const fs::path video = mixture.sources[0].dataset->Video(kWrist, 0).file;
  fs::resize_file(video, fs::file_size(video) / 2);
  for (const int workers : {0, 2}) {
    Loader loader(mixture, Options(workers));
    try {
      for (int step = 0; step < 30; ++step) loader.Next();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_THAT(error.what(), testing::AllOf(HasSubstr("source broken, episode "), HasSubstr("frame "),
                                               HasSubstr("wrist"), HasSubstr(".mp4")));
    }
  }
}

template <class Change>
std::string ErrorAfter(Change change) {
  Mixture mixture = OneSource();
  LoaderOptions options = Options(0);
  change(mixture, options);
  try {
    Loader(mixture, options).Next();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(LoaderTest, WhatDoesNotFitIsRefused) {
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) { mixture.layout.cameras[0].name = "front"; }),
              HasSubstr("deltas for a feature that the mixture lacks"));
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) {
                mixture.sources[0].map.cameras[kFront] = "observation.images.frond";
              }),
              HasSubstr("did you mean 'observation.images.front'?"));
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) { mixture.sources[0].weight = -1; }),
              HasSubstr("the weight is -1"));
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) { mixture.sources[0].holdout = {9}; }),
              HasSubstr("there is no episode 9"));
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) {
                mixture.layout.numbers[1].slots[0].meaning = Meaning::kUnknown;
                mixture.layout.window.control_hz = 10;
                mixture.layout.window.deltas_s.clear();
              }),
              HasSubstr("it is not known what action.all means"));
  EXPECT_THAT(ErrorAfter([](Mixture& mixture, LoaderOptions&) { mixture.layout.window.deltas_s["action"] = {0.03}; }),
              HasSubstr("no multiple of a step"));
  EXPECT_THAT(ErrorAfter([](Mixture&, LoaderOptions& options) { options.memory_bytes = 1000; }),
              HasSubstr("the batches alone need"));
  EXPECT_THAT(ErrorAfter([](Mixture&, LoaderOptions& options) { options.holding = Holding::kPacked; }),
              HasSubstr("packed pictures need a folder"));
  EXPECT_THAT(ErrorAfter([](Mixture&, LoaderOptions& options) {
                options.holding = Holding::kMemory;
                options.memory_bytes = 1 << 19;
              }),
              HasSubstr("allow more, or hold them packed"));
}

}  // namespace
}  // namespace heddle::mixture

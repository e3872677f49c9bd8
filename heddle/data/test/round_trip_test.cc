// Reader -> writer -> reader: what the samples of the real libraries hold survives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "heddle/data/copy_episode.h"
#include "heddle/data/dataset.h"
#include "heddle/data/dataset_writer.h"
#include "heddle/data/test/memory_folder.h"
#include "heddle/data/video/video_reader.h"

namespace heddle::data {
namespace {

class RoundTrip : public testing::TestWithParam<const char*> {
 protected:
  RoundTrip()
      : from_(Dataset::Open(std::string(HEDDLE_TESTDATA "/lerobot/") + GetParam())),
        to_(Copy(from_, scratch_.path())) {}

  static Dataset Copy(const Dataset& from, const std::filesystem::path& folder) {
    DatasetWriter writer = DatasetWriter::Create(folder / "copy", WriterOptions::Like(from.info()));
    for (const Episode& episode : from.episodes()) {
      CopyEpisode(from, episode.index, writer);
      writer.SaveEpisode();
    }
    return Dataset::Open((folder / "copy").string());
  }

  void ExpectSameFeature(const Feature& feature, int64_t episode) const {
    const std::string& name = feature.name;
    const int64_t length = from_.episode(episode).length;
    switch (feature.kind) {
      case FeatureKind::kNumeric: EXPECT_EQ(to_.ReadNumbers(name, episode), from_.ReadNumbers(name, episode)); break;
      case FeatureKind::kText: EXPECT_EQ(to_.ReadTexts(name, episode), from_.ReadTexts(name, episode)); break;
      case FeatureKind::kLanguage: EXPECT_EQ(to_.ReadLanguage(name, episode), from_.ReadLanguage(name, episode)); break;
      case FeatureKind::kImage:
        EXPECT_EQ(to_.ReadImageFiles(name, episode, 0, length), from_.ReadImageFiles(name, episode, 0, length));
        break;
      case FeatureKind::kVideo: ExpectSameVideo(feature, episode, length);
    }
  }

  void ExpectSameVideo(const Feature& feature, int64_t episode, int64_t length) const {
    const VideoSpan a = from_.Video(feature.name, episode), b = to_.Video(feature.name, episode);
    VideoReader before(a.file), after(b.file);
    for (int64_t frame = 0; frame < length; ++frame) {
      if (feature.depth) {
        std::vector<uint16_t> codes(static_cast<size_t>(feature.height * feature.width)), again(codes.size());
        before.ReadCodes(a.first_frame + frame, codes);
        after.ReadCodes(b.first_frame + frame, again);
        EXPECT_EQ(codes, again);
        continue;
      }
      const Image old = before.ReadRgb(a.first_frame + frame), now = after.ReadRgb(b.first_frame + frame);
      double difference = 0;
      for (size_t i = 0; i < old.pixels.size(); ++i) difference += std::abs(old.pixels[i] - now.pixels[i]);
      EXPECT_LT(difference / static_cast<double>(old.pixels.size()), 4) << "frame " << frame;
    }
  }

  MemoryFolder scratch_;
  Dataset from_, to_;
};

TEST_P(RoundTrip, LosesNoValue) {
  ASSERT_EQ(to_.episodes().size(), from_.episodes().size());
  for (const Episode& episode : from_.episodes()) {
    EXPECT_EQ(to_.episode(episode.index).length, episode.length);
    EXPECT_EQ(to_.ReadTasks(episode.index), from_.ReadTasks(episode.index));
    for (const Feature& feature : from_.info().features) {
      SCOPED_TRACE(feature.name + " of episode " + std::to_string(episode.index));
      if (feature.name != "task_index") ExpectSameFeature(feature, episode.index);
    }
  }
}

TEST_P(RoundTrip, LosesNothingThatTheInfoSays) {
  const auto &before = from_.info().raw, &after = to_.info().raw;
  for (const auto& [key, value] : before.items()) {
    if (key == "features" || key == "codebase_version" || key == "total_videos" || key == "total_chunks") continue;
    if (from_.info().version != FormatVersion::kV30 && (key.ends_with("_path") || key == "chunks_size")) continue;
    EXPECT_EQ(after.value(key, nlohmann::ordered_json()), value) << key;
  }
  for (const auto& [name, spec] : before.at("features").items()) {
    for (const auto& [key, value] : spec.items()) {
      if (key == "info") continue;
      EXPECT_EQ(after.at("features").at(name).at(key), value) << name << ": " << key;
    }
  }
  ASSERT_EQ(to_.info().features.size(), from_.info().features.size());
  for (size_t i = 0; i < from_.info().features.size(); ++i) {
    EXPECT_EQ(to_.info().features[i].name, from_.info().features[i].name);
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, RoundTrip,
                         testing::Values("v3-tiny", "v3-multifile", "v3-converted", "v3-language", "v21-tiny"),
                         [](const auto& sample) {
                           std::string name = sample.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace heddle::data

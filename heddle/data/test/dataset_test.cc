// The samples, against what the real libraries read from them.
#include "heddle/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "heddle/core/error.h"
#include "heddle/data/pictures.h"
#include "heddle/data/test/sample_expectations.h"
#include "heddle/data/window.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using testing::HasSubstr;

struct Sample {
  const char* folder;
  const char* expected;  // v2.1's values are those of the set that LeRobot converted from it
};

void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.folder; }

// v2.0 is v2.1 with stats.json instead of episodes_stats.jsonl.
fs::path MakeV20() {
  const fs::path root = fs::path(testing::TempDir()) / "v20-tiny";
  fs::remove_all(root);
  fs::copy(SampleFolder("v21-tiny"), root, fs::copy_options::recursive);
  fs::remove(root / "meta/episodes_stats.jsonl");
  fs::copy(SampleFolder("v3-converted") / "meta/stats.json", root / "meta/stats.json");
  std::string info = ReadFile(root / "meta/info.json");
  info.replace(info.find("v2.1"), 4, "v2.0");
  std::ofstream(root / "meta/info.json") << info;
  return root;
}

class Samples : public testing::TestWithParam<Sample> {
 protected:
  Samples()
      : set_(Dataset::Open(GetParam().folder == std::string("v20-tiny") ? MakeV20().string()
                                                                        : SampleFolder(GetParam().folder).string())),
        expected_(SampleExpectations(GetParam().expected)) {}

  // Episode and frame of a global row.
  std::pair<int64_t, int64_t> PlaceOf(int64_t row) const {
    for (const Episode& episode : set_.episodes()) {
      if (row < episode.first_row + episode.length) return {episode.index, row - episode.first_row};
    }
    return {-1, -1};
  }

  const Dataset set_;
  const Json expected_;
};

TEST_P(Samples, CountsAndTasksAreTheirs) {
  EXPECT_EQ(set_.episodes().size(), expected_.at("counts").at("episodes"));
  EXPECT_EQ(set_.info().total_frames, expected_.at("counts").at("frames"));
  EXPECT_EQ(set_.info().fps, expected_.at("counts").at("fps"));
  EXPECT_EQ(Json(set_.tasks()), expected_.at("tasks_by_index"));
}

TEST_P(Samples, EpisodesAreTheirs) {
  for (size_t i = 0; i < set_.episodes().size(); ++i) {
    const Json& theirs = expected_.at("episodes").at(i);
    EXPECT_EQ(set_.episodes()[i].length, theirs.at("length"));
    EXPECT_EQ(set_.episodes()[i].first_row, theirs.at("dataset_from_index"));
    EXPECT_THAT(set_.episodes()[i].tasks,
                testing::UnorderedElementsAreArray(theirs.at("tasks").get<std::vector<std::string>>()));
  }
}

TEST_P(Samples, RowsAreTheirsValueForValue) {
  int64_t compared = 0;
  for (const auto& [row, values] : expected_.at("rows").items()) {
    const auto [episode, frame] = PlaceOf(std::stoll(row));
    for (const auto& [name, theirs] : values.items()) {
      if (name == "task") {
        EXPECT_EQ(set_.ReadTasks(episode)[static_cast<size_t>(frame)], theirs);
      } else if (set_.info().Require(name).kind == FeatureKind::kText) {
        EXPECT_EQ(set_.ReadTexts(name, episode)[static_cast<size_t>(frame)], theirs);
      } else {
        const contract::Array ours = set_.ReadNumbers(name, episode);
        const auto all = ours.ToDoubles();
        const auto size = static_cast<int64_t>(all.size()) / ours.shape()[0];
        const std::vector<double> at(all.begin() + frame * size, all.begin() + (frame + 1) * size);
        EXPECT_EQ(AsFloats(at), AsFloats(Flattened(theirs))) << name << " of row " << row;
      }
      ++compared;
    }
  }
  EXPECT_GT(compared, 30);
}

TEST_P(Samples, EveryFrameOfEveryCameraIsTheRightOne) {
  PictureReader pictures(set_);
  int64_t compared = 0;
  for (const Json& theirs : expected_.at("frames")) {
    for (const std::string& camera : set_.info().Cameras()) {
      const contract::Array ours = pictures.Read(camera, theirs.at("episode_index"), theirs.at("frame_index"));
      const auto pixels = ours.ToDoubles();
      const auto channels = static_cast<size_t>(ours.shape()[2]);
      std::vector<double> means(channels);
      for (size_t i = 0; i < pixels.size(); ++i) means[i % channels] += pixels[i];
      const Json& of_camera = theirs.at(camera);
      const auto wanted = Flattened(of_camera.at(of_camera.contains("png") ? "png" : "pyav"));
      for (size_t c = 0; c < channels; ++c) {
        EXPECT_NEAR(means[c] * static_cast<double>(channels) / static_cast<double>(pixels.size()), wanted[c], 0.5)
            << camera << " of " << theirs.at("index");
      }
      ++compared;
    }
  }
  EXPECT_EQ(compared, set_.info().total_frames * static_cast<int64_t>(set_.info().Cameras().size()));
}

TEST_P(Samples, WindowsAreTheirs) {
  WindowSpec spec;
  spec.pictures = false;
  for (const auto& [name, frames] : expected_.at("windows").at("delta_timestamps_frames").items()) {
    for (const int64_t frame : frames) spec.deltas_s[name].push_back(static_cast<double>(frame) / set_.info().fps);
  }
  WindowReader windows(set_, spec);
  for (const auto& [row, theirs] : expected_.at("windows").at("items").items()) {
    const auto [episode, frame] = PlaceOf(std::stoll(row));
    const contract::Window ours = windows.Read(episode, frame);
    for (const auto& [name, deltas_s] : spec.deltas_s) {
      EXPECT_EQ(ours.values.at(name).shape()[0], static_cast<int64_t>(deltas_s.size()));
      EXPECT_EQ(ours.values.at(name).ToDoubles(), Flattened(theirs.at(name))) << name << " at row " << row;
      const std::vector<double> pad(ours.is_pad.at(name).begin(), ours.is_pad.at(name).end());
      EXPECT_EQ(pad, Flattened(theirs.at(name + "_is_pad"))) << name << " at row " << row;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, Samples,
                         testing::Values(Sample{"v3-tiny", "v3-tiny"}, Sample{"v3-multifile", "v3-multifile"},
                                         Sample{"v3-converted", "v3-converted"}, Sample{"v21-tiny", "v3-converted"},
                                         Sample{"v20-tiny", "v3-converted"}),
                         [](const auto& each) {
                           std::string name = each.param.folder;
                           name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
                           return name;
                         });

// A copy of a sample to be damaged.
fs::path CopyOf(const std::string& sample) {
  const fs::path root = fs::path(testing::TempDir()) / ("damaged-" + sample);
  fs::remove_all(root);
  fs::copy(SampleFolder(sample), root, fs::copy_options::recursive);
  return root;
}

void Replace(const fs::path& file, const std::string& from, const std::string& to) {
  std::string text = ReadFile(file);
  const size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  std::ofstream(file) << text.replace(at, from.size(), to);
}

std::string WhyNotOpened(const fs::path& root) {
  try {
    Dataset::Open(root.string());
  } catch (const Error& error) {
    return error.what();
  }
  return "opened";
}

TEST(Dataset, RefusesPathsThatLeadOut) {
  for (const char* path : {"../data/file-{file_index:03d}.parquet", "/tmp/file-{file_index:03d}.parquet",
                           "data/../../x-{file_index}.parquet", "data//x.parquet", "data\\\\x.parquet"}) {
    const fs::path root = CopyOf("v3-tiny");
    Replace(root / "meta/info.json", "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet", path);
    EXPECT_THAT(WhyNotOpened(root), HasSubstr("paths in a dataset lead to files inside of it")) << path;
  }
}

TEST(Dataset, RefusesALinkThatLeadsOut) {
  const fs::path root = CopyOf("v3-tiny");
  const fs::path outside = fs::path(testing::TempDir()) / "outside.parquet";
  fs::remove(outside);
  fs::rename(root / "data/chunk-000/file-000.parquet", outside);
  fs::create_symlink(outside, root / "data/chunk-000/file-000.parquet");
  const Dataset set = Dataset::Open(root.string());
  EXPECT_THAT([&] { set.ReadNumbers("action", 0); },
              testing::Throws<Error>(testing::Property(&Error::message, HasSubstr("symbolic link that leads out"))));
}

TEST(Dataset, RefusesAnIndexGapInsteadOfShifting) {
  const fs::path root = CopyOf("v21-tiny");
  Replace(root / "meta/episodes.jsonl", "\"episode_index\": 1", "\"episode_index\": 2");
  EXPECT_THAT(WhyNotOpened(root), HasSubstr("an episode is missing or doubled"));
}

TEST(Dataset, RefusesRowsOfAnotherEpisode) {
  const fs::path root = CopyOf("v21-tiny");
  fs::copy_file(root / "data/chunk-000/episode_000001.parquet", root / "data/chunk-000/episode_000000.parquet",
                fs::copy_options::overwrite_existing);
  Replace(root / "meta/episodes.jsonl", "\"length\": 12", "\"length\": 9");
  Replace(root / "meta/info.json", "\"total_frames\": 21", "\"total_frames\": 18");
  const Dataset set = Dataset::Open(root.string());
  EXPECT_THAT([&] { set.ReadNumbers("action", 0); },
              testing::Throws<Error>(testing::Property(&Error::message, HasSubstr("has episode_index 1"))));
}

TEST(Dataset, SaysWhichVersionsAreRead) {
  const fs::path root = CopyOf("v3-tiny");
  Replace(root / "meta/info.json", "v3.0", "v4.0");
  EXPECT_THAT(WhyNotOpened(root), HasSubstr("format v4.0 is newer than what is read (v2.0, v2.1, v3.0)"));
}

TEST(Dataset, IgnoresWhatStandsBehindTheCount) {
  const fs::path root = CopyOf("v3-tiny");
  Replace(root / "meta/info.json", "\"total_episodes\": 3", "\"total_episodes\": 2");
  Replace(root / "meta/info.json", "\"total_frames\": 61", "\"total_frames\": 45");
  const Dataset set = Dataset::Open(root.string());
  EXPECT_EQ(set.episodes().size(), 2u);
  EXPECT_EQ(set.ReadNumbers("action", 1).shape()[0], 25);
}

TEST(Dataset, ReadsWithoutStatisticsAndSaysSo) {
  const fs::path root = CopyOf("v3-tiny");
  std::ofstream(root / "meta/stats.json") << "{\"action\": {\"mean\": [NaN]}}";
  const Dataset set = Dataset::Open(root.string());
  EXPECT_FALSE(set.statistics());
  ASSERT_EQ(set.warnings().size(), 1u);
  EXPECT_THAT(set.warnings()[0], HasSubstr("stats.json"));
}

TEST(Windows, RefuseADeltaThatIsNoWholeNumberOfFrames) {
  const Dataset set = Dataset::Open(SampleFolder("v3-tiny").string());
  EXPECT_THAT([&] { WindowReader(set, {.deltas_s = {{"action", {0, 0.06}}}}); },
              testing::Throws<Error>(testing::AllOf(testing::Property(&Error::where, "action"),
                                                    testing::Property(&Error::mend, "the nearest one is 0.05 s"))));
}

TEST(Windows, PadAtBothEndsWithTheNearestRow) {
  const WindowRows rows = RowsAround(1, 4, {-3, -1, 0, 2, 3});
  EXPECT_THAT(rows.rows, testing::ElementsAre(0, 0, 1, 3, 3));
  EXPECT_THAT(rows.is_pad, testing::ElementsAre(1, 0, 0, 0, 1));
}

TEST(Windows, StackPicturesWhereTimesAreAsked) {
  const Dataset set = Dataset::Open(SampleFolder("v3-tiny").string());
  WindowReader windows(set, {.deltas_s = {{"observation.images.front", {-0.05, 0}}}});
  const contract::Window window = windows.Read(0, 0);
  EXPECT_EQ(window.values.at("observation.images.front").shape(), (contract::Shape{2, 48, 64, 3}));
  EXPECT_EQ(window.values.at("observation.images.wrist").shape(), (contract::Shape{48, 64, 3}));
  EXPECT_THAT(window.is_pad.at("observation.images.front"), testing::ElementsAre(1, 0));
}

}  // namespace
}  // namespace heddle::data

#include "heddle/data/convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "heddle/core/read_file.h"
#include "heddle/data/episode_hash.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/data/pictures.h"
#include "heddle/data/seal.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Converting : public testing::Test {
 protected:
  fs::path Out(const std::string& name) const { return scratch_.path() / name; }

  ConvertOutcome Convert(const fs::path& source, const ConvertPlan& plan, const fs::path& out,
                         int64_t stop_after = 1000) {
    StopFlag stop;
    int64_t done = 0;
    return ConvertDataset(Dataset::Open(source.string()), plan, out, stop, [&] {
      if (++done == stop_after) stop.Request();
    });
  }

  static std::string Everything(const fs::path& root) {
    std::string all;
    for (const std::string& file : FilesBelow(root)) all += file + "\n" + ReadFile(root / file) + "\n";
    return all;
  }

 private:
  ScratchFolder scratch_;
};

TEST_F(Converting, OldFormatsComeOutAsTheNewOneWithTheSameNumbers) {
  Convert(SampleFolder("v21-tiny"), {.episodes = {0, 1}}, Out("new"));
  const Dataset from = Dataset::Open(SampleFolder("v21-tiny").string()), to = Dataset::Open(Out("new").string());
  EXPECT_EQ(to.info().version, FormatVersion::kV30);
  for (const Episode& episode : from.episodes()) {
    for (const char* feature : {"action", "observation.state", "timestamp", "frame_index"}) {
      EXPECT_EQ(from.ReadNumbers(feature, episode.index), to.ReadNumbers(feature, episode.index)) << feature;
    }
  }
}

TEST_F(Converting, StoppedItGoesOnToTheSameBytes) {
  const ConvertPlan plan{.episodes = {2, 0, 1}};
  EXPECT_TRUE(Convert(SampleFolder("v3-tiny"), plan, Out("part"), 1).stopped);
  EXPECT_EQ(Dataset::Open(Out("part").string()).episodes().size(), 1u);
  EXPECT_FALSE(Convert(SampleFolder("v3-tiny"), plan, Out("part")).stopped);
  Convert(SampleFolder("v3-tiny"), plan, Out("whole"));
  EXPECT_EQ(Everything(Out("part")), Everything(Out("whole")));
}

TEST_F(Converting, AnotherDatasetInTheFolderIsNotTouched) {
  const SampleCopy other("v3-multifile");
  const std::string before = Everything(other.root());
  EXPECT_THAT(ErrorOf([&] { Convert(SampleFolder("v21-tiny"), {.episodes = {0}}, other.root()); }),
              HasSubstr("holds a dataset already"));
  EXPECT_EQ(Everything(other.root()), before);
}

TEST_F(Converting, TheSourceItselfIsNoFolderForTheResult) {
  const SampleCopy copy("v3-tiny");
  const std::string before = Everything(copy.root());
  for (const fs::path& out : {copy.root(), copy.root() / "new", copy.root().parent_path()}) {
    EXPECT_THAT(ErrorOf([&] { Convert(copy.root(), {.episodes = {0}}, out); }), HasSubstr("would lie in the old one"));
  }
  EXPECT_EQ(Everything(copy.root()), before);
}

TEST_F(Converting, AnotherPlanDoesNotGoOn) {
  Convert(SampleFolder("v3-tiny"), {.episodes = {0, 1}}, Out("part"), 1);
  const std::string before = Everything(Out("part"));
  for (const ConvertPlan& other : {ConvertPlan{.episodes = {0, 2}}, ConvertPlan{.episodes = {0, 1}, .crf = 40}}) {
    EXPECT_THAT(ErrorOf([&] { Convert(SampleFolder("v3-tiny"), other, Out("part")); }),
                HasSubstr("was begun from another source, or with other episodes or encoding"));
  }
  EXPECT_EQ(Everything(Out("part")), before);
}

TEST_F(Converting, ANameInTheCurrentFolderIsAFolder) {
  const fs::path before = fs::current_path();
  fs::create_directories(Out("work"));
  fs::current_path(Out("work"));
  EXPECT_EQ(ErrorOf([&] { Convert(SampleFolder("v21-tiny"), {.episodes = {0}}, "new"); }), "");
  fs::current_path(before);
  EXPECT_EQ(FilesBelow(Out("work")).front().substr(0, 4), "new/");
}

TEST_F(Converting, LabelsGoWithTheirEpisodes) {
  const SampleCopy copy("v3-tiny");
  const Dataset from = Dataset::Open(copy.root().string());
  const RowContext context = RowContext::Of(from, "kim", "2026-11-21T13:58:00Z");
  EditLabels(from, {{},
                    {{LabelFromFields({{"episode", "2"}, {"key", "strategy"}, {"value", "fast"}}, "t", context), "t"},
                     {LabelFromFields({{"key", "domain"}, {"value", "sim"}}, "t", context), "t"}}});
  Convert(copy.root(), {.episodes = {2, 0}}, Out("new"));
  const DatasetLabels labels = DatasetLabels::Of(Dataset::Open(Out("new").string()));
  EXPECT_THAT(labels.At(0, 3), testing::ElementsAre(testing::Pair("domain", "sim"), testing::Pair("strategy", "fast")));
  EXPECT_THAT(labels.At(1, 3), testing::ElementsAre(testing::Pair("domain", "sim")));
}

// A video that runs at another rate than the dataset.
TEST_F(Converting, PicturesOfAnotherTimeAreRefusedWhereverTheyAreRead) {
  const SampleCopy copy("v21-tiny");
  std::string info = ReadFile(copy.root() / "meta/info.json");
  info.replace(info.find("\"fps\": 20"), 9, "\"fps\": 30");
  std::ofstream(copy.root() / "meta/info.json") << info;
  const Dataset set = Dataset::Open(copy.root().string());
  const std::string camera = set.info().Cameras().at(0);
  const auto refused = HasSubstr("the video shows its frame");
  EXPECT_THAT(ErrorOf([&] { PictureReader(set).Read(camera, 0, 8); }),
              testing::AllOf(refused, HasSubstr("episode 0, frame 8")));
  EXPECT_THAT(ErrorOf([&] { EpisodeHasher(set).Hash(0); }), refused);
  EXPECT_THAT(ErrorOf([&] { Convert(copy.root(), {.episodes = {0}}, Out("new")); }), refused);
}

TEST(PathsInADataset, LeadToOrdinaryFilesOnly) {
  const SampleCopy copy("v3-tiny");
  fs::remove(copy.root() / "meta/stats.json");
  ASSERT_EQ(mkfifo((copy.root() / "meta/stats.json").c_str(), 0600), 0);
  EXPECT_THAT(ErrorOf([&] { Dataset::Open(copy.root().string()); }), HasSubstr("is no ordinary file"));
}

TEST(PathsInADataset, LabelsAreNotWrittenThroughALinkThatLeadsOut) {
  const SampleCopy copy("v3-tiny");
  const ScratchFolder outside;
  fs::create_directory_symlink(outside.path(), copy.root() / "meta/heddle");
  const Dataset set = Dataset::Open(copy.root().string());
  const RowContext context = RowContext::Of(set, "kim", "2026-11-21T13:58:00Z");
  const LabelEdit edit{
      {}, {{LabelFromFields({{"episode", "0"}, {"key", "strategy"}, {"value", "fast"}}, "t", context), "t"}}};
  EXPECT_THAT(ErrorOf([&] { EditLabels(set, edit); }), HasSubstr("symbolic link that leads out"));
  EXPECT_TRUE(fs::is_empty(outside.path()));
}

}  // namespace
}  // namespace heddle::data

#include "heddle/data/dataset_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/data/dataset.h"
#include "heddle/data/lerobot/episode_record.h"
#include "heddle/data/lerobot/layout.h"
#include "heddle/data/lerobot/statistics.h"
#include "heddle/data/test/memory_folder.h"
#include "heddle/data/test/same_tree.h"
#include "heddle/data/test/small_recording.h"

namespace heddle::data {
namespace {

using contract::Array;
using testing::HasSubstr;

namespace fs = std::filesystem;

void RecordAll(const fs::path& folder, int64_t episodes) {
  DatasetWriter writer = DatasetWriter::Create(folder, SmallOptions());
  for (int64_t episode = 0; episode < episodes; ++episode) RecordSmall(writer, episode);
}

// What the reader gives for an episode is what was recorded.
void ExpectEpisode(const Dataset& set, int64_t episode) {
  SCOPED_TRACE("episode " + std::to_string(episode));
  const int64_t length = SmallLength(episode);
  ASSERT_EQ(set.episodes()[static_cast<size_t>(episode)].length, length);
  const Array tasks = set.ReadNumbers("task_index", episode);
  const auto texts = set.ReadTexts("strategy", episode);
  for (const char* name : {"observation.state", "observation.grid", "force", "action", "next.done"}) {
    const Array read = set.ReadNumbers(name, episode);
    ASSERT_EQ(read.shape()[0], length);
    std::vector<std::byte> wanted;
    for (int64_t frame = 0; frame < length; ++frame) {
      const FrameValues values = SmallFrame(episode, frame);
      const auto bytes = values.numbers.at(name).bytes();
      wanted.insert(wanted.end(), bytes.begin(), bytes.end());
    }
    EXPECT_TRUE(std::equal(wanted.begin(), wanted.end(), read.bytes().begin(), read.bytes().end())) << name;
  }
  for (int64_t frame = 0; frame < length; ++frame) {
    const auto at = static_cast<size_t>(frame);
    EXPECT_EQ(set.tasks().at(static_cast<size_t>(tasks.Values<int64_t>()[at])), SmallFrame(episode, frame).task);
    EXPECT_EQ(texts[at], SmallFrame(episode, frame).texts.at("strategy"));
  }
}

template <class Call>
Error Refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return Error(ErrorKind::kBug, "nothing was thrown");
}

TEST(DatasetWriter, WhatIsRecordedIsRead) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  RecordAll(folder, 6);
  const Dataset set = Dataset::Open(folder.string());
  ASSERT_EQ(set.episodes().size(), 6U);
  for (int64_t episode = 0; episode < 6; ++episode) ExpectEpisode(set, episode);
  EXPECT_EQ(set.info().fps, 10);
  EXPECT_EQ(set.info().robot_type, "test_arm");
  EXPECT_EQ(set.info().splits.at("train"), "0:6");
  EXPECT_EQ(set.info().Require("observation.state").names, (std::vector<std::string>{"x", "y", "grip"}));
  EXPECT_EQ(set.tasks(), (std::vector<std::string>{"reach", "task 0", "task 1", "task 2"}));
  EXPECT_THAT(set.warnings(), testing::IsEmpty());
}

TEST(DatasetWriter, BookkeepingCountsFramesEpisodesRowsAndTime) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  RecordAll(folder, 3);
  const Dataset set = Dataset::Open(folder.string());
  int64_t row = 0;
  for (const Episode& episode : set.episodes()) {
    EXPECT_EQ(episode.first_row, row);
    const Array frames = set.ReadNumbers("frame_index", episode.index), rows = set.ReadNumbers("index", episode.index);
    const Array episodes = set.ReadNumbers("episode_index", episode.index);
    const Array times = set.ReadNumbers("timestamp", episode.index);
    for (int64_t frame = 0; frame < episode.length; ++frame, ++row) {
      EXPECT_EQ(frames.At(frame), static_cast<double>(frame));
      EXPECT_EQ(rows.At(frame), static_cast<double>(row));
      EXPECT_EQ(episodes.At(frame), static_cast<double>(episode.index));
      EXPECT_EQ(times.Values<float>()[static_cast<size_t>(frame)], static_cast<float>(static_cast<double>(frame) / 10));
    }
  }
}

TEST(DatasetWriter, FilesRollOverByEpisodesAlone) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  RecordAll(folder, 9);
  EXPECT_TRUE(fs::exists(folder / DataPath({1, 0}))) << "the limits are meant to fill a chunk of two files";
  const fs::path again = scratch.path() / "again";
  for (int64_t episode = 0; episode < 9; ++episode) {
    DatasetWriter writer = episode == 0 ? DatasetWriter::Create(again, SmallOptions()) : DatasetWriter::Resume(again);
    RecordSmall(writer, episode);
  }
  ExpectSameTree(again, folder);
}

TEST(DatasetWriter, VideosHoldTheirEpisodesFrames) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  RecordAll(folder, 5);
  const Dataset set = Dataset::Open(folder.string());
  std::string file;
  int64_t next = 0;
  for (const Episode& episode : set.episodes()) {
    const Episode::VideoPlace& place = episode.videos.at("observation.images.front");
    if (place.file != file) next = 0;
    file = place.file;
    EXPECT_EQ(set.Video("observation.images.front", episode.index).first_frame, next);
    EXPECT_NEAR(place.to_s - place.from_s, static_cast<double>(episode.length) / 10, 1e-9);
    next += episode.length;
  }
}

TEST(DatasetWriter, StatisticsAreThoseOfTheEpisodes) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  RecordAll(folder, 4);
  const Dataset set = Dataset::Open(folder.string());
  std::vector<contract::Statistics> episodes;
  for (FilePlace place; episodes.size() < 4; place = place.Next(2)) {
    for (auto& record : ReadEpisodeRecords(folder, place, set.info(), 4)) episodes.push_back(record.statistics);
  }
  contract::Statistics sum;
  for (const auto& statistics : episodes) AddStatistics(statistics, sum);
  ASSERT_TRUE(set.statistics().has_value());
  EXPECT_EQ(*set.statistics(), sum);
  EXPECT_EQ(sum.at("index").count, set.info().total_frames);
  EXPECT_EQ(episodes[2].at("action"), NumberStatistics(set.ReadNumbers("action", 2)));
  EXPECT_EQ(episodes[1].at("observation.images.front").mean.size(), 3U);
}

TEST(DatasetWriter, AnUnsavedOrDiscardedEpisodeLeavesNothing) {
  MemoryFolder scratch;
  const fs::path plain = scratch.path() / "plain", other = scratch.path() / "other";
  RecordAll(plain, 2);
  {
    DatasetWriter writer = DatasetWriter::Create(other, SmallOptions());
    RecordSmall(writer, 0);
    FrameValues values = SmallFrame(7, 0);
    values.task = "a task of a discarded episode";
    writer.AddFrame(values);
    writer.DiscardEpisode();
    EXPECT_EQ(writer.num_frames(), 0);
    RecordSmall(writer, 1);
    writer.AddFrame(values);
  }
  ExpectSameTree(other, plain);
}

TEST(DatasetWriter, ARefusedFrameIsNamedAndLosesNothing) {
  MemoryFolder scratch;
  const fs::path plain = scratch.path() / "plain", folder = scratch.path() / "set";
  RecordAll(plain, 1);
  struct Fault {
    const char* part;
    std::function<void(FrameValues&)> plant;
  };
  const std::vector<Fault> faults = {
      {"no value for this feature", [](FrameValues& v) { v.numbers.erase("action"); }},
      {"did you mean 'action'?", [](FrameValues& v) { v.numbers["acton"] = F32({1, 2}, {2}); }},
      {"shape [3] where [2]", [](FrameValues& v) { v.numbers["action"] = F32({1, 2, 3}, {3}); }},
      {"is int64 where float32", [](FrameValues& v) { v.numbers["action"] = Array(contract::DType::kI64, {2}); }},
      {"value 1 is nan", [](FrameValues& v) { v.numbers["action"] = F32({1, NAN}, {2}); }},
      {"filled in by the writer", [](FrameValues& v) { v.numbers["index"] = Array(contract::DType::kI64, {}); }},
      {"not UTF-8", [](FrameValues& v) { v.texts["strategy"] = "\xff"; }},
      {"another kind", [](FrameValues& v) { v.texts["action"] = "x"; }},
      {"[8, 48, 3]",
       [](FrameValues& v) { v.images["observation.images.front"] = {8, 48, 3, std::vector<uint8_t>(8 * 48 * 3)}; }},
      {"no value for this feature", [](FrameValues& v) { v.images.clear(); }},
  };
  DatasetWriter writer = DatasetWriter::Create(folder, SmallOptions());
  for (int64_t frame = 0; frame < SmallLength(0); ++frame) {
    for (const Fault& fault : faults) {
      FrameValues values = SmallFrame(0, frame);
      fault.plant(values);
      const Error error = Refusal([&] { writer.AddFrame(values); });
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
      EXPECT_THAT(error.what(), HasSubstr(fault.part));
      EXPECT_THAT(error.where(), HasSubstr("episode 0, frame " + std::to_string(frame)));
    }
    writer.AddFrame(SmallFrame(0, frame));
  }
  writer.SaveEpisode();
  const auto tree = TreeOf(folder);
  for (const auto& [path, bytes] : TreeOf(plain)) EXPECT_TRUE(tree.at(path) == bytes) << path;
}

TEST(DatasetWriter, RefusesAFolderThatIsTaken) {
  MemoryFolder scratch;
  const fs::path folder = scratch.path() / "set";
  DatasetWriter writer = DatasetWriter::Create(folder, SmallOptions());
  EXPECT_THAT(Refusal([&] { DatasetWriter::Resume(folder); }).what(), HasSubstr("another recording"));
  EXPECT_THAT(Refusal([&] { DatasetWriter::Create(folder, SmallOptions()); }).what(), HasSubstr("not empty"));
  EXPECT_THAT(Refusal([&] { DatasetWriter::Resume(scratch.path() / "none"); }).what(), HasSubstr("no dataset"));
}

TEST(DatasetWriter, AnEpisodeWithoutFramesCantBeSaved) {
  MemoryFolder scratch;
  DatasetWriter writer = DatasetWriter::Create(scratch.path() / "set", SmallOptions());
  EXPECT_EQ(Refusal([&] { writer.SaveEpisode(); }).kind(), ErrorKind::kUsage);
  RecordSmall(writer, 0);
  EXPECT_EQ(writer.num_episodes(), 1);
}

TEST(DatasetWriter, RefusesOptionsThatCantBeRecorded) {
  MemoryFolder scratch;
  const auto refused = [&](const std::function<void(WriterOptions&)>& change) {
    WriterOptions options = SmallOptions();
    change(options);
    const Error error = Refusal([&] { DatasetWriter::Create(scratch.path() / "set", options); });
    EXPECT_FALSE(fs::exists(scratch.path() / "set"));
    return std::string(error.what());
  };
  EXPECT_THAT(refused([](auto& o) { o.fps = 0; }), HasSubstr("frame rate"));
  EXPECT_THAT(refused([](auto& o) { o.features["a/b"] = TextFeature(); }), HasSubstr("a/b"));
  EXPECT_THAT(refused([](auto& o) { o.features["empty"] = NumberFeature(contract::DType::kF32, {0}); }),
              HasSubstr("no values"));
  EXPECT_THAT(refused([](auto& o) { o.data_file_mb = -1; }), HasSubstr("data_file_mb"));
}

TEST(DatasetWriter, AFailureInSavingKeepsWhatWasFinished) {
  MemoryFolder scratch;
  const fs::path plain = scratch.path() / "plain", folder = scratch.path() / "set";
  RecordAll(plain, 3);
  {
    bool fail = false;
    DatasetWriter writer = DatasetWriter::Create(folder, SmallOptions(), [&](const fs::path& path) {
      if (fail && path.filename() == "stats.json") ThrowSystem("cannot write this file", path.string(), ENOSPC);
    });
    RecordSmall(writer, 0);
    fail = true;
    EXPECT_THAT(Refusal([&] { RecordSmall(writer, 1); }).what(), HasSubstr("No space left"));
    EXPECT_THAT(Refusal([&] { writer.AddFrame(SmallFrame(1, 0)); }).what(), HasSubstr("resume the dataset"));
    EXPECT_THAT(Refusal([&] { writer.DiscardEpisode(); }).what(), HasSubstr("resume the dataset"));
  }
  EXPECT_EQ(Dataset::Open(folder.string()).episodes().size(), 1U);
  DatasetWriter writer = DatasetWriter::Resume(folder);
  EXPECT_EQ(writer.num_episodes(), 1);
  RecordSmall(writer, 1);
  RecordSmall(writer, 2);
  {
    const DatasetWriter done = std::move(writer);
  }
  ExpectSameTree(folder, plain);
}

// The dataset as a kill at each rename would leave it, for every rename of the recording, and the next episode after
// it: the same bytes as without the kill.
TEST(DatasetWriter, BrokenOffBetweenAnyTwoRenamesItGoesOnToTheSameBytes) {
  constexpr int64_t kEpisodes = 5;
  MemoryFolder scratch;
  const fs::path plain = scratch.path() / "plain";
  const auto after = [&](int64_t episodes) { return scratch.path() / ("after-" + std::to_string(episodes)); };
  std::vector<std::pair<fs::path, int64_t>> stops;  // a copy, and how many episodes had been finished
  {
    int64_t finished = 0;
    bool created = false;
    DatasetWriter writer = DatasetWriter::Create(plain, SmallOptions(), [&](const fs::path&) {
      if (!created) return;
      stops.emplace_back(scratch.path() / ("stop-" + std::to_string(stops.size())), finished);
      fs::copy(plain, stops.back().first, fs::copy_options::recursive);
    });
    created = true;
    while (finished < kEpisodes) {
      RecordSmall(writer, finished);
      fs::copy(plain, after(++finished), fs::copy_options::recursive);
      fs::remove_all(after(finished) / ".heddle-recording");
      fs::remove(after(finished) / ".heddle-recording.lock");
    }
  }
  ASSERT_GE(stops.size(), 5U * kEpisodes);
  for (const auto& [folder, finished] : stops) {
    SCOPED_TRACE(folder.filename().string());
    {
      const Dataset set = Dataset::Open(folder.string());
      ASSERT_EQ(std::ssize(set.episodes()), finished);
      for (int64_t episode = 0; episode < finished; ++episode) ExpectEpisode(set, episode);
    }
    {
      DatasetWriter writer = DatasetWriter::Resume(folder);
      ASSERT_EQ(writer.num_episodes(), finished);
      RecordSmall(writer, finished);
    }
    ExpectSameTree(folder, after(finished + 1));
  }
}

}  // namespace
}  // namespace heddle::data

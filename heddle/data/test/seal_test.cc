#include "heddle/data/seal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/json.h"
#include "heddle/core/read_file.h"
#include "heddle/core/sha256.h"
#include "heddle/data/dataset.h"
#include "heddle/data/episode_hash.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void FlipBit(const std::filesystem::path& file, size_t byte) {
  std::string bytes = ReadFile(file);
  const auto mtime = std::filesystem::last_write_time(file);
  bytes.at(byte) = static_cast<char>(bytes[byte] ^ 4);
  WriteQuickly(file, bytes);
  std::filesystem::last_write_time(file, mtime);
}

std::vector<std::string> Texts(const std::vector<SealDifference>& differences) {
  std::vector<std::string> texts;
  for (const auto& difference : differences) texts.push_back(difference.Text());
  return texts;
}

TEST(Seal, CoversEveryFileAndEveryEpisodeOfEverySample) {
  for (const char* sample : {"v3-tiny", "v3-multifile", "v3-converted", "v3-language", "v21-tiny"}) {
    const SampleCopy copy(sample);
    const std::vector<std::string> files = FilesBelow(copy.root());
    const SealOutcome outcome = SealDataset(copy.root(), false, {});
    EXPECT_TRUE(outcome.written) << sample;
    ASSERT_EQ(outcome.seal.files.size(), files.size()) << sample;
    for (size_t i = 0; i < files.size(); ++i) {
      const SealedFile& sealed = outcome.seal.files[i];
      EXPECT_EQ(sealed.path, files[i]);
      EXPECT_EQ(sealed.sha256, Sha256Hex(ReadFile(copy.root() / files[i])));
    }
    EXPECT_EQ(outcome.seal.episodes.size(), Dataset::Open(copy.root().string()).episodes().size()) << sample;
    const SealReport report = VerifySeal(copy.root(), {ThreadBudget(2)});
    EXPECT_THAT(Texts(report.differences), ElementsAre()) << sample;
    EXPECT_EQ(report.seal_id, outcome.seal.Id());
  }
}

// v3-converted is v21-tiny through LeRobot's converter: other files, joined videos, other Parquet types, same values.
TEST(Seal, AnEpisodesHashDoesNotDependOnTheFormatThatHoldsIt) {
  const SampleCopy v2("v21-tiny"), v3("v3-converted");
  const Dataset a = Dataset::Open(v2.root().string()), b = Dataset::Open(v3.root().string());
  ASSERT_EQ(a.episodes().size(), b.episodes().size());
  for (int64_t e = 0; e < static_cast<int64_t>(a.episodes().size()); ++e) {
    EXPECT_EQ(EpisodeHasher(a).Hash(e), EpisodeHasher(b).Hash(e)) << e;
  }
  EXPECT_NE(EpisodeHasher(a).Hash(0), EpisodeHasher(a).Hash(1));
}

TEST(Seal, IsTheSameForAnyNumberOfThreads) {
  const SampleCopy copy("v3-multifile");
  const SealOutcome one = SealDataset(copy.root(), false, {ThreadBudget(1)});
  const SealOutcome four = SealDataset(copy.root(), false, {ThreadBudget(4)});
  EXPECT_FALSE(four.written);
  EXPECT_EQ(one.seal.episodes, four.seal.episodes);
  EXPECT_EQ(one.seal.Id(), four.seal.Id());
}

TEST(Seal, AFlippedBitIsRefusedWhenItsFileIsFirstRead) {
  const SampleCopy copy("v3-tiny");
  SealDataset(copy.root(), false, {});
  const std::string data = "data/chunk-000/file-000.parquet";
  FlipBit(copy.root() / data, 300);
  const Dataset dataset = Dataset::Open(copy.root().string());
  const std::string error = ErrorOf([&] { dataset.ReadNumbers("action", 0); });
  EXPECT_THAT(error, HasSubstr(data));
  EXPECT_THAT(error, HasSubstr("has another content than when the dataset was sealed"));
  EXPECT_NO_THROW(dataset.Video("observation.images.front", 0));
}

TEST(Seal, MetaFilesAreCheckedWhenOpening) {
  const SampleCopy copy("v3-tiny");
  SealDataset(copy.root(), false, {});
  FlipBit(copy.root() / "meta/stats.json", 40);
  EXPECT_THAT(ErrorOf([&] { Dataset::Open(copy.root().string()); }), HasSubstr("meta/stats.json"));
}

TEST(Seal, AMetaFileThatCameLaterIsRefused) {
  const SampleCopy copy("v3-tiny");
  std::filesystem::rename(copy.root() / "meta/stats.json", copy.root() / "stats.json");
  SealDataset(copy.root(), false, {});
  std::filesystem::rename(copy.root() / "stats.json", copy.root() / "meta/stats.json");
  EXPECT_THAT(ErrorOf([&] { Dataset::Open(copy.root().string()); }), HasSubstr("was not there"));
  EXPECT_THAT(Texts(VerifySeal(copy.root(), {}).differences), ElementsAre(HasSubstr("meta/stats.json: was not there")));
}

TEST(Seal, AFileOfAnotherSizeIsRefusedWhenOpening) {
  const SampleCopy copy("v3-tiny");
  SealDataset(copy.root(), false, {});
  const std::string video = "videos/observation.images.front/chunk-000/file-000.mp4";
  std::filesystem::resize_file(copy.root() / video, 1000);
  const std::string error = ErrorOf([&] { Dataset::Open(copy.root().string()); });
  EXPECT_THAT(error, HasSubstr(video));
  EXPECT_THAT(error, HasSubstr("has 1000 bytes, and had"));
}

TEST(Seal, AnotherTimeAloneChangesNothing) {
  const SampleCopy copy("v3-tiny");
  SealDataset(copy.root(), false, {});
  const auto file = copy.root() / "data/chunk-000/file-000.parquet";
  std::filesystem::last_write_time(file, std::filesystem::last_write_time(file) + std::chrono::hours(1));
  EXPECT_NO_THROW(Dataset::Open(copy.root().string()).ReadNumbers("action", 0));
  const SealReport report = VerifySeal(copy.root(), {});
  EXPECT_THAT(Texts(report.differences), ElementsAre());
  EXPECT_EQ(report.num_touched, 1);
}

TEST(Seal, VerifyNamesTheFileAndTheEpisodesThatDiffer) {
  const SampleCopy copy("v3-tiny");
  SealDataset(copy.root(), false, {});
  std::string tasks = ReadFile(copy.root() / "meta/tasks.parquet");
  std::filesystem::remove(copy.root() / "meta/tasks.parquet");
  const auto differences = Texts(VerifySeal(copy.root(), {}).differences);
  ASSERT_EQ(differences.size(), 2u);
  EXPECT_THAT(differences[0], HasSubstr("meta/tasks.parquet: the file is missing"));
  EXPECT_THAT(differences[1], HasSubstr("can't be opened"));
}

TEST(Seal, AChangedDatasetIsSealedAnewOnlyWhenAsked) {
  const SampleCopy copy("v3-tiny");
  const std::string before = SealDataset(copy.root(), false, {}).seal.Id();
  const auto info = copy.root() / "meta/info.json";
  WriteQuickly(info, ReadFile(info) + "\n");
  const SealOutcome refused = SealDataset(copy.root(), false, {});
  EXPECT_FALSE(refused.written);
  EXPECT_THAT(Texts(refused.differences), ElementsAre(HasSubstr("meta/info.json: has another content")));
  EXPECT_THROW(Dataset::Open(copy.root().string()), Error);
  EXPECT_TRUE(SealDataset(copy.root(), true, {}).written);
  EXPECT_NO_THROW(Dataset::Open(copy.root().string()));
  EXPECT_NE(VerifySeal(copy.root(), {}).seal_id, before);
}

TEST(Seal, WhatCantBeReadWholeIsNotSealed) {
  const SampleCopy copy("v3-tiny");
  const std::string video = "videos/observation.images.front/chunk-000/file-000.mp4";
  std::filesystem::resize_file(copy.root() / video, std::filesystem::file_size(copy.root() / video) / 2);
  EXPECT_THAT(ErrorOf([&] { SealDataset(copy.root(), false, {}); }), HasSubstr(video));
  EXPECT_FALSE(std::filesystem::exists(HeddleJsonPath(copy.root())));
}

TEST(Seal, VerifyingWhatHasNoSealIsAUsageError) {
  EXPECT_THAT(ErrorOf([] { VerifySeal(SampleFolder("v3-tiny"), {}); }), HasSubstr("the dataset has no seal"));
}

TEST(HeddleJson, KeepsKeysThatAreNotOurs) {
  const SampleCopy copy("v3-tiny");
  HeddleJson content;
  content.raw["robot"] = {{"serial", 7}};
  content.labels.push_back({.key = "domain", .value = "sim", .by = "kim", .when = "2026-11-21T13:58:00Z"});
  WriteHeddleJson(copy.root(), content);
  SealDataset(copy.root(), false, {});
  const HeddleJson read = *ReadHeddleJson(copy.root());
  EXPECT_EQ(read.raw.at("robot").at("serial"), 7);
  EXPECT_EQ(read.labels, content.labels);
  EXPECT_TRUE(read.seal.has_value());
}

TEST(HeddleJson, EveryFlippedBitIsFoundOrChangesNothing) {
  const SampleCopy copy("v3-tiny");
  HeddleJson content;
  content.labels.push_back({.key = "domain", .value = "sim", .by = "kim", .when = ""});
  content.seal = Seal{{{"meta/info.json", 12, 1700000000000000001, Sha256Hex("x")}}, {Sha256Hex("y")}};
  WriteHeddleJson(copy.root(), content);
  const std::string bytes = ReadFile(HeddleJsonPath(copy.root()));
  const std::string canonical = CanonicalJson(ReadHeddleJson(copy.root())->raw);
  int64_t found = 0;
  for (size_t bit = 0; bit < bytes.size() * 8; bit += 13) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    WriteQuickly(HeddleJsonPath(copy.root()), flipped);
    const std::string error = ErrorOf([&] { EXPECT_EQ(CanonicalJson(ReadHeddleJson(copy.root())->raw), canonical); });
    if (error.empty()) continue;
    EXPECT_THAT(error, HasSubstr("meta/heddle.json"));
    ++found;
  }
  EXPECT_GT(found, static_cast<int64_t>(bytes.size() / 3));
}

}  // namespace
}  // namespace heddle::data

// Damaged datasets: files cut off and flipped bits end in an error or in the same values, and never in a crash.
//
// HEDDLE_DAMAGE_FLIPS is the number of flips a sample and a kind of test; a build with sanitizers shows what a crash
// would not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "heddle/core/random.h"
#include "heddle/core/read_file.h"
#include "heddle/core/stop.h"
#include "heddle/data/convert.h"
#include "heddle/data/dataset.h"
#include "heddle/data/episode_hash.h"
#include "heddle/data/labels/dataset_labels.h"
#include "heddle/data/labels/label_edit.h"
#include "heddle/data/labels/label_table.h"
#include "heddle/data/seal.h"
#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

int64_t FlipsPerSample() {
  const char* text = std::getenv("HEDDLE_DAMAGE_FLIPS");
  return text == nullptr ? 6 : std::atoll(text);
}

// All values that training could see, in short.
std::string ReadWhole(const std::filesystem::path& root) {
  const Dataset dataset = Dataset::Open(root.string());
  EpisodeHasher hasher(dataset);
  std::string values;
  for (const Episode& episode : dataset.episodes()) values += hasher.Hash(episode.index) + "\n";
  const DatasetLabels labels = DatasetLabels::Of(dataset);
  for (const Label& label : labels.All()) values += Describe(label) + "\n";
  return values;
}

void LabelIt(const std::filesystem::path& root) {
  const Dataset dataset = Dataset::Open(root.string());
  const RowContext context = RowContext::Of(dataset, "kim", "2026-11-21T13:58:00Z");
  EditLabels(
      dataset,
      {{},
       {{LabelFromFields({{"key", "domain"}, {"value", "sim"}}, "test", context), "test"},
        {LabelFromFields({{"episode", "1"}, {"key", "strategy"}, {"value", "fast pour"}}, "test", context), "test"}}});
}

// A sample, or one of them as our own writer writes it.
class Damage : public testing::TestWithParam<const char*> {
 protected:
  Damage() : recorded_(GetParam() == std::string("recorded")), copy_(recorded_ ? "v3-multifile" : GetParam()) {
    if (!recorded_) return;
    const StopFlag stop;
    ConvertDataset(Dataset::Open(copy_.root().string()), {.episodes = {0, 3, 5}}, root(), stop, [] {});
  }
  std::filesystem::path root() const { return recorded_ ? copy_.root().parent_path() / "recorded" : copy_.root(); }

 private:
  const bool recorded_;
  const SampleCopy copy_;
};

// What a sealed dataset does with a file that was changed: an error that names it, or the same values.
void ExpectFound(const std::filesystem::path& root, const std::string& file, const std::string& values,
                 const std::string& how) {
  try {
    EXPECT_EQ(ReadWhole(root), values) << file << " " << how;
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(file), std::string::npos) << file << " " << how << ": " << error.what();
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << error.what();
  }
}

void ExpectNoCrash(const std::filesystem::path& root, const std::string& file, const std::string& how) {
  try {
    ReadWhole(root);
  } catch (const Error& error) {
    EXPECT_NE(error.kind(), ErrorKind::kBug) << file << " " << how << ": " << error.what();
  } catch (const std::exception& error) {
    ADD_FAILURE() << file << " " << how << ": not an error of ours: " << error.what();
  }
}

template <class Check>
void CutEveryFile(const std::filesystem::path& root, const Check& check) {
  for (const std::string& file : FilesBelow(root)) {
    const std::string whole = ReadFile(root / file);
    const size_t size = whole.size();
    for (const size_t keep : {size_t{0}, size / 3, size - 1}) {
      if (keep >= size) continue;
      WriteQuickly(root / file, whole.substr(0, keep));
      check(file, "cut to " + std::to_string(keep) + " of " + std::to_string(size) + " bytes");
    }
    WriteQuickly(root / file, whole);
  }
}

template <class Check>
void FlipBits(const std::filesystem::path& root, RandomStream random, const Check& check) {
  const std::vector<std::string> files = FilesBelow(root);
  for (int64_t i = 0; i < FlipsPerSample(); ++i) {
    const std::string& file = files[random.Below(files.size())];
    const std::string whole = ReadFile(root / file);
    const uint64_t bit = random.Below(whole.size() * 8);
    std::string flipped = whole;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    WriteQuickly(root / file, flipped);
    check(file, "with bit " + std::to_string(bit) + " flipped");
    WriteQuickly(root / file, whole);
  }
}

TEST_P(Damage, OfASealedDatasetIsFoundWhereverItIs) {
  LabelIt(root());
  SealDataset(root(), false, {});
  const std::string values = ReadWhole(root());
  const auto check = [&](const std::string& file, const std::string& how) { ExpectFound(root(), file, values, how); };
  CutEveryFile(root(), check);
  FlipBits(root(), RandomStream(17, GetParam()), check);
  EXPECT_EQ(ReadWhole(root()), values);
}

TEST_P(Damage, OfADatasetWithoutSealNeverCrashes) {
  const auto check = [&](const std::string& file, const std::string& how) { ExpectNoCrash(root(), file, how); };
  CutEveryFile(root(), check);
  FlipBits(root(), RandomStream(18, GetParam()), check);
}

INSTANTIATE_TEST_SUITE_P(Samples, Damage,
                         testing::Values("v3-tiny", "v3-multifile", "v3-converted", "v3-language", "v21-tiny",
                                         "recorded"),
                         [](const auto& sample) {
                           std::string name = sample.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace heddle::data

#include "heddle/data/fingerprint.h"

#include <gtest/gtest.h>

#include <fstream>

#include "heddle/core/test/scratch_folder.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

void Write(const fs::path& file, const std::string& bytes) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
}

TEST(Fingerprint, SeesNamesSizesAndTheEndsOfRowsAndIsTheSameElsewhere) {
  ScratchFolder scratch;
  const fs::path root = scratch.path() / "set", rows = root / "data/chunk-000/file-000.parquet";
  Write(root / "meta/info.json", "{}");
  Write(rows, std::string(200'000, 'a'));
  Write(root / "videos/top/file-000.mp4", "film");
  const std::string first = DatasetFingerprint(root);
  fs::copy(root, scratch.path() / "copy", fs::copy_options::recursive);
  EXPECT_EQ(DatasetFingerprint(scratch.path() / "copy"), first);
  Write(root / "data/chunk-000/.file-000.parquet.part", "left by a kill");
  Write(root / "README.md", "words");
  EXPECT_EQ(DatasetFingerprint(root), first);
  const auto sees = [&](const std::string& what, const fs::path& file, const std::string& bytes) {
    fs::remove_all(scratch.path() / "other");
    fs::copy(root, scratch.path() / "other", fs::copy_options::recursive);
    Write(scratch.path() / "other" / file.lexically_relative(root), bytes);
    EXPECT_NE(DatasetFingerprint(scratch.path() / "other"), first) << what;
  };
  sees("footer", rows, std::string(199'999, 'a') + "b");
  sees("size", rows, std::string(200'001, 'a'));
  sees("another file", root / "data/chunk-000/file-001.parquet", "a");
  sees("meta", root / "meta/info.json", "[]");
  sees("a video's size", root / "videos/top/file-000.mp4", "films");
}

}  // namespace
}  // namespace heddle::data

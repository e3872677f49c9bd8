// Copies of the sample datasets that tests may change.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::data {

inline std::filesystem::path SampleFolder(const std::string& sample) {
  return std::filesystem::path(HEDDLE_TESTDATA) / "lerobot" / sample;
}

class SampleCopy {
 public:
  explicit SampleCopy(const std::string& sample) : root_(folder_.path() / sample) {
    std::filesystem::copy(SampleFolder(sample), root_, std::filesystem::copy_options::recursive);
    std::filesystem::remove(root_ / "expected.json");
  }
  const std::filesystem::path& root() const { return root_; }

 private:
  ScratchFolder folder_;
  std::filesystem::path root_;
};

// Relative paths of all files below, sorted.
inline std::vector<std::string> FilesBelow(const std::filesystem::path& root) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(root).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Without syncing it to disk: for tests that write thousands.
inline void WriteQuickly(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

// What the error says; empty if there was none.
template <class Work>
std::string ErrorOf(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace heddle::data

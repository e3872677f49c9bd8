// Seals: SHA-256 of every file and of every decoded episode of a dataset, in meta/heddle.json.
//
// Reading a sealed dataset (heddle/data/dataset.h) holds each file to its hash when it is first read, so that what was
// trained on can be named: Seal::Id(). VerifySeal checks all of it. Sealed are the files under meta/, and the data,
// video and picture files that the episodes name; not the labels, which have a hash of their own that follows them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/data/heddle_json.h"

namespace heddle::data {

struct SealWork {
  ThreadBudget threads{1};
  // Called after each episode with those that are done, one call at a time.
  std::function<void(int64_t done, int64_t total)> progress = nullptr;
};

// What is not as it was sealed: a file, or an episode whose values are others (or can't be read any more).
struct SealDifference {
  std::string file;  // relative to the root; empty for an episode
  int64_t episode = -1;
  std::string what;

  std::string Text() const;
};

struct SealOutcome {
  Seal seal;
  bool written = false;                     // false: it was sealed like this before, or `differences` says why not
  std::vector<SealDifference> differences;  // from the seal that it has
};

// Reads the dataset whole and writes its seal. What can't be read whole is refused with the reader's error. One that
// is sealed already and has changed is left as it is, unless `again`.
SealOutcome SealDataset(const std::filesystem::path& root, bool again, const SealWork& work);

// All that differs, files first. Usage error if it has no seal.
struct SealReport {
  int64_t num_files = 0, num_episodes = 0;  // that were checked
  int64_t num_touched = 0;                  // files whose time alone is another
  std::string seal_id;
  std::vector<SealDifference> differences;
};
SealReport VerifySeal(const std::filesystem::path& root, const SealWork& work);

}  // namespace heddle::data

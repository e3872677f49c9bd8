// meta/heddle.json: what we know of a dataset as a whole, beside LeRobot's own files, which it leaves as they are (and
// LeRobot never looks at it).
//
//   {"schema": 1,
//    "labels": [{"key": "domain", "value": "sim", "by": "kim", "when": "2026-11-21T13:58:00Z"}],
//    "label_table": {"sha256": ".."},         of meta/heddle/labels.parquet
//    "seal": {"files": [{"path", "size_bytes", "mtime_ns", "sha256"}], "episodes": ["sha256 of each episode"]},
//    "content_sha256": ".."}                  of all the rest, so that damage to this file shows as well
//
// Keys that are not ours are kept.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "heddle/data/labels/label.h"

namespace heddle::data {

struct SealedFile {
  std::string path;  // relative to the dataset's root
  int64_t size_bytes = 0;
  int64_t mtime_ns = 0;  // since 1970; no proof of anything: copying changes it
  std::string sha256;
};

struct Seal {
  std::vector<SealedFile> files;      // by path
  std::vector<std::string> episodes;  // position = episode; heddle/data/episode_hash.h

  // One name for the content that was sealed: of the files' paths and hashes.
  std::string Id() const;
};

struct LabelTableHash {
  std::string sha256;
  // What the table may also be: it is replaced after this file says so, and the machine may stop in between.
  std::optional<std::string> before;
};

struct HeddleJson {
  std::vector<Label> labels;  // of the dataset
  std::optional<LabelTableHash> label_table;
  std::optional<Seal> seal;
  nlohmann::ordered_json raw = nlohmann::ordered_json::object();  // as it was read
};

std::filesystem::path HeddleJsonPath(const std::filesystem::path& root);  // root/meta/heddle.json

// Nothing if there is none. kInput, with file and key: not what was written, another schema, a path that leads out.
std::optional<HeddleJson> ReadHeddleJson(const std::filesystem::path& root);
// Atomically.
void WriteHeddleJson(const std::filesystem::path& root, const HeddleJson& content);

}  // namespace heddle::data

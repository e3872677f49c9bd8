// evidence.jsonl: rows are appended and handed to the system one by one, so that a killed evaluation loses at most the
// episode under way.
//
//   EvidenceLog log(run / "evidence.jsonl");
//   log.Append(row);                                             // from any thread
//   const EvidenceFile file = ReadEvidence(run);                 // a run folder, or the file
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "heddle/contract/evidence_row.h"
#include "heddle/core/metrics_log.h"

namespace heddle::contract {

class EvidenceLog {
 public:
  // Opens or makes the file; rows are appended to those that it has. kSystem if it can't be written; kInput, with the
  // line, if it holds anything but JSON objects (a last line without its end is cut off: cut_bytes()).
  explicit EvidenceLog(const std::filesystem::path& file) : log_(file) {}

  // One write, whole or not at all. Safe to call from several threads.
  void Append(const EvidenceRow& row) { log_.Append(ToJson(row)); }

  int64_t rows_at_start() const { return log_.rows_at_start(); }
  int64_t cut_bytes() const { return log_.cut_bytes(); }

 private:
  MetricsLog log_;
};

// "run" -> "run/evidence.jsonl" where `path` is a folder, else `path`.
std::filesystem::path EvidencePath(const std::filesystem::path& path);

// Calls use(row, line) for each row in the file's order, lines counted from 1, and returns the bytes of a torn last
// line (one that has no end and is no whole row), which is passed over: the writer was stopped in the middle of it, or
// is at it. kSystem if the file can't be read; kInput with file and line for anything else that is no row.
int64_t ForEachEvidenceRow(const std::filesystem::path& path,
                           const std::function<void(EvidenceRow row, int64_t line)>& use);

struct EvidenceFile {
  std::vector<EvidenceRow> rows;  // rows[i] is line i + 1
  int64_t torn_bytes = 0;         // of the last line; 0 where it is whole
};
EvidenceFile ReadEvidence(const std::filesystem::path& path);

}  // namespace heddle::contract

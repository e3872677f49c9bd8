// A log of measurements as JSON lines: one object a line, handed to the system when Append returns.
//
//   MetricsLog log(run / "metrics.jsonl");
//   log.Append({{"step", 100}, {"loss", 0.031}});
//
// A run that was killed may leave a line without its end: opening the log again cuts that off, so that the file holds
// whole lines only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <nlohmann/json_fwd.hpp>

namespace heddle {

class MetricsLog {
 public:
  // Opens or makes the file; rows are appended to those it has. kSystem if it can't be written; kInput, with the line,
  // if a line is no JSON object (the last one may be torn): the file then is no log of ours and is left as it was.
  explicit MetricsLog(std::filesystem::path file);
  ~MetricsLog();
  MetricsLog(const MetricsLog&) = delete;
  MetricsLog& operator=(const MetricsLog&) = delete;

  // Safe to call from several threads; rows are never mixed. If the row can't be written whole (a full disk), nothing
  // of it stays and kSystem is thrown. A row that is no object or holds a number that is not finite is our bug.
  void Append(const nlohmann::ordered_json& row);

  // Found when it was opened: whole rows, and bytes of a torn last line, which was cut.
  int64_t rows_at_start() const { return rows_at_start_; }
  int64_t cut_bytes() const { return cut_bytes_; }

 private:
  const std::filesystem::path file_;
  int fd_ = -1;
  int64_t rows_at_start_ = 0, cut_bytes_ = 0;
  std::mutex mutex_;
  int64_t size_ = 0;  // guarded by mutex_
};

}  // namespace heddle

#include "heddle/core/metrics_log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"

namespace heddle {
namespace {

struct WholeLines {
  int64_t rows = 0;
  int64_t bytes = 0;
};

bool IsRow(const std::string& line) {
  return nlohmann::ordered_json::parse(line, nullptr, /*allow_exceptions=*/false).is_object();
}

// A row of ours whose end is missing, or whose blocks a power cut left empty.
bool IsTorn(const std::string& line) { return line[0] == '{' || line[0] == '\0'; }

WholeLines ReadWholeLines(const std::filesystem::path& file) {
  WholeLines whole;
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) {
    const bool has_end = !in.eof();
    if (!has_end || !IsRow(line)) {
      const bool is_last = !has_end || in.peek() == std::ifstream::traits_type::eof();
      if (is_last && !line.empty() && IsTorn(line)) break;
      ThrowInput("this line is no JSON object", file.string() + ":" + std::to_string(whole.rows + 1),
                 "a log of metrics holds nothing else");
    }
    ++whole.rows;
    whole.bytes += static_cast<int64_t>(line.size()) + 1;
  }
  return whole;
}

}  // namespace

MetricsLog::MetricsLog(std::filesystem::path file) : file_(std::move(file)) {
  const WholeLines whole = ReadWholeLines(file_);
  fd_ = open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (fd_ < 0) ThrowSystem("cannot write this log", file_.string(), errno);
  const off_t size = lseek(fd_, 0, SEEK_END);
  if (ftruncate(fd_, whole.bytes) != 0) {
    const int error = errno;
    close(fd_);
    ThrowSystem("cannot cut the torn last line of this log", file_.string(), error);
  }
  rows_at_start_ = whole.rows;
  cut_bytes_ = size - whole.bytes;
  size_ = whole.bytes;
}

MetricsLog::~MetricsLog() { close(fd_); }

void MetricsLog::Append(const nlohmann::ordered_json& row) {
  HEDDLE_DEMAND(row.is_object());
  const std::string line = DumpJson(row) + "\n";
  const std::lock_guard lock(mutex_);
  for (size_t done = 0; done < line.size();) {
    const ssize_t written = write(fd_, line.data() + done, line.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      if (ftruncate(fd_, size_) != 0) ThrowSystem("cannot take a torn line back from this log", file_.string(), errno);
      ThrowSystem("cannot write this log", file_.string(), error);
    }
    done += static_cast<size_t>(written);
  }
  size_ += static_cast<int64_t>(line.size());
}

}  // namespace heddle

#include "heddle/core/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ostream>
#include <string_view>
#include <utility>

namespace heddle {
namespace {

constexpr double kTerminalPeriod_s = 0.1, kPlainPeriod_s = 10;
constexpr int kBarWidth = 20, kDefaultColumns = 80;

int TerminalColumns() {
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : kDefaultColumns;
}

std::string Fixed(double value, int decimals) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
  return buffer.data();
}

// Three figures, by the second or, below one a second, by the minute.
std::string Rate(double per_second) {
  const bool slow = per_second < 1;
  const double rate = slow ? 60 * per_second : per_second;
  return Fixed(rate, rate < 10 ? 2 : rate < 100 ? 1 : 0) + (slow ? "/min" : "/s");
}

// A terminal that breaks the line would leave it behind at every drawing. Not in the middle of a UTF-8 sequence.
std::string CutToColumns(std::string line, size_t columns) {
  if (line.size() <= columns) return line;
  while (columns > 0 && (static_cast<unsigned char>(line[columns]) & 0xC0) == 0x80) --columns;
  line.resize(columns);
  return line;
}

}  // namespace

std::string FormatDuration(double seconds) {
  const auto whole = static_cast<int64_t>(std::llround(std::clamp(seconds, 0.0, 1e12)));
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60, rest = whole % 60;
  const auto two = [](int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  if (hours == 0) return std::to_string(minutes) + ":" + two(rest);
  return std::to_string(hours) + ":" + two(minutes) + ":" + two(rest);
}

ProgressStyle DetectProgressStyle() {
  const char* term = std::getenv("TERM");
  const bool dumb = term == nullptr || std::string_view(term) == "dumb";
  return isatty(STDERR_FILENO) == 1 && !dumb ? ProgressStyle::kTerminal : ProgressStyle::kPlain;
}

Progress::Progress(std::string title, int64_t total, const Clock& clock, std::ostream& out, ProgressStyle style)
    : title_(std::move(title)),
      total_(total),
      clock_(clock),
      out_(out),
      style_(style),
      start_s_(clock.NowSeconds()),
      drawn_s_(start_s_) {}

Progress::~Progress() {
  if (line_open_) out_ << std::endl;
}

void Progress::BeginAt(int64_t done) {
  const std::lock_guard lock(mutex_);
  begun_ = done_ = done;
}

void Progress::Advance(int64_t by) {
  const std::lock_guard lock(mutex_);
  done_ += by;
  DrawIfDue();
}

void Progress::Expect(double left_s) {
  const std::lock_guard lock(mutex_);
  left_s_ = left_s;
}

void Progress::Note(std::string note) {
  const std::lock_guard lock(mutex_);
  note_ = std::move(note);
}

void Progress::Finish() {
  const std::lock_guard lock(mutex_);
  if (finished_) return;
  finished_ = true;
  std::string line = title_ + ": " + (begun_ > 0 ? "from " + std::to_string(begun_) + " to " : "");
  line += std::to_string(done_);
  if (done_ != total_ && total_ > 0) line += " of " + std::to_string(total_);
  line += " in " + FormatDuration(clock_.NowSeconds() - start_s_);
  if (!note_.empty()) line += "  " + note_;
  Draw(line, true);
}

void Progress::DrawIfDue() {
  const double now_s = clock_.NowSeconds();
  const double period_s = style_ == ProgressStyle::kTerminal ? kTerminalPeriod_s : kPlainPeriod_s;
  if (finished_ || now_s - drawn_s_ < period_s) return;
  drawn_s_ = now_s;
  Draw(Line(now_s - start_s_), false);
}

std::string Progress::Line(double elapsed_s) const {
  const double rate = static_cast<double>(done_ - begun_) / elapsed_s;
  std::string line = title_;
  if (total_ > 0) {
    const double share = std::clamp(static_cast<double>(done_) / static_cast<double>(total_), 0.0, 1.0);
    const auto filled = static_cast<size_t>(share * kBarWidth);
    if (style_ == ProgressStyle::kTerminal) {
      line += " [" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
    }
    line += "  " + Fixed(std::floor(100 * share), 0) + "%  " + std::to_string(done_) + "/" + std::to_string(total_);
  } else {
    line += "  " + std::to_string(done_);
  }
  const bool moves = done_ > begun_;
  if (moves) line += "  " + Rate(rate);
  if (moves && done_ < total_) {
    const double mean_s = static_cast<double>(total_ - done_) / rate;
    line += "  " + FormatDuration(left_s_.value_or(mean_s)) + " left";
  }
  if (!note_.empty()) line += "  " + note_;
  return line;
}

void Progress::Draw(const std::string& line, bool last) {
  if (style_ == ProgressStyle::kQuiet) return;
  if (style_ == ProgressStyle::kPlain) {
    out_ << line << std::endl;
    return;
  }
  constexpr const char* kBackAndClear = "\r\033[K";
  out_ << kBackAndClear << CutToColumns(line, static_cast<size_t>(TerminalColumns() - 1));
  if (last) out_ << '\n';
  out_ << std::flush;
  line_open_ = !last;
}

}  // namespace heddle

// Progress of long work, for people: goes to stderr, never into results.
//
//   Progress progress("training 81 cells", 6000, SteadyClock(), std::cerr, DetectProgressStyle());
//   progress.Note("loss 0.031");
//   progress.Advance();
//   progress.Finish();
//
//   training 81 cells [#########...........]  45%  2700/6000  31.2/s  1:46 left  loss 0.031
#pragma once

#include <cstdint>
#include <iosfwd>
#include <mutex>
#include <optional>
#include <string>

#include "heddle/core/clock.h"

namespace heddle {

enum class ProgressStyle {
  kTerminal,  // one line that is drawn over itself, at most ten times a second
  kPlain,     // a whole line at most every 10 s, for logs
  kQuiet,     // nothing
};

// kTerminal if stderr is a terminal (and TERM is not "dumb"), else kPlain.
ProgressStyle DetectProgressStyle();

// Safe to use from several threads. Rate and estimate are means since the beginning, of what was done since
// then.
class Progress {
 public:
  // `total` steps are to be done (0 if that is not known: then there is neither bar nor estimate). `clock` and `out`
  // must outlive it.
  Progress(std::string title, int64_t total, const Clock& clock, std::ostream& out, ProgressStyle style);
  // Ends the line that is being drawn; says nothing of its own if Finish was not called, as the work then failed.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // So much stood already when it began: it is part of the bar, and not of the rate. Before the first Advance.
  void BeginAt(int64_t done);
  void Advance(int64_t by = 1);
  // An estimate of one's own in place of the mean's: for work whose steps don't all take the same.
  void Expect(double left_s);
  // Shown at the end of the line from its next drawing on.
  void Note(std::string note);
  // A last line with the steps done and the time taken. What comes after it is ignored.
  void Finish();

 private:
  void DrawIfDue();
  std::string Line(double elapsed_s) const;
  void Draw(const std::string& line, bool last);

  const std::string title_;
  const int64_t total_;
  const Clock& clock_;
  std::ostream& out_;
  const ProgressStyle style_;
  const double start_s_;

  std::mutex mutex_;  // guards what follows
  int64_t begun_ = 0, done_ = 0;
  std::string note_;
  std::optional<double> left_s_;
  double drawn_s_;
  bool line_open_ = false, finished_ = false;
};

// "0:07", "12:30", "1:02:03".
std::string FormatDuration(double seconds);

}  // namespace heddle

// A verdict that may be looked at after every episode.
//
// For each episode seed d in [-1, 1] is the mean over training seeds of (B succeeded) - (A succeeded). Against "B is
// not better" (the mean of d is at most 0) one bets a share λ of one's wealth on each d:
//
//   E(λ) = product over episodes of (1 + λ d),    E = mean of E(λ) over 32 values of λ from 1/64 to 63/64.
//
// If B is not better, E is a supermartingale that begins at 1, whatever the rates, the dependence within pairs and
// between training seeds: it ever passes 1/a with probability at most a. With one training seed E is the likelihood
// ratio of the discordant pairs' signs, mixed over their probability. The same is done for "A is not better".
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace heddle::stats {

class SequentialTest {
 public:
  // `level`: error over both directions together, and whenever one stops; it is divided by `choices` where B was picked
  // as the best of so many.
  explicit SequentialTest(double level = 0.05, int64_t choices = 1);

  void Add(double difference);  // in [-1, 1] (kBug otherwise)

  enum class Verdict { kKeepGoing, kBIsBetter, kAIsBetter };
  // The first that was reached: it stands even if later episodes look otherwise.
  Verdict verdict() const { return verdict_; }
  std::optional<int64_t> stopped_at() const { return stopped_at_; }  // episodes
  int64_t episodes() const { return episodes_; }
  // Evidence for B (for A) so far; a verdict needs `threshold()`.
  double log_e_b() const { return LogMean(for_b_); }
  double log_e_a() const { return LogMean(for_a_); }
  double log_threshold() const { return log_threshold_; }

  // About how many more episodes until a verdict if they go on as they did, on average; nothing if there is a verdict
  // or no end in sight (more than `most`).
  std::optional<int64_t> ExpectedMore(int64_t most = 20000) const;

 private:
  static constexpr size_t kBets = 32;
  using LogWealth = std::array<double, kBets>;

  static double LogMean(const LogWealth& wealth, double factor = 1);
  bool Reaches(const LogWealth& wealth) const;

  const double log_threshold_;
  std::array<double, kBets> bets_;
  LogWealth for_b_{}, for_a_{};
  int64_t episodes_ = 0;
  Verdict verdict_ = Verdict::kKeepGoing;
  std::optional<int64_t> stopped_at_;
};

}  // namespace heddle::stats

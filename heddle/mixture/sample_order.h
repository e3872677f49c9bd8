// Which windows each batch holds: a pure function of (seed, step).
//
// Any step can be asked for at once, from any thread: nothing is remembered, so a resumed run goes on exactly, and
// ranks agree without talking.
//
// Stratified: each source's share of the batch is fixed, the remainder goes round (heddle/mixture/shares.h), and within
// a source every pass visits each window once, in an order of its own (heddle/mixture/permutation.h). What a source
// does depends on its own name and length, and not on which others there are.
// Drawn: for each row a source by its weight, then one of its windows, with replacement.
//
// Weights may change over training (heddle/mixture/weight_stages.h): passes go on where the stage before left them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/random.h"
#include "heddle/mixture/shares.h"
#include "heddle/mixture/weight_stages.h"

namespace heddle::mixture {

enum class Drawing { kStratified, kDrawn };

// The windows of one source: one at each of the first `windows[i]` frames (at the mixture's rate) of `episodes[i]`.
struct SourceWindows {
  std::string name;
  double weight = 1;
  std::vector<int64_t> episodes, windows;
};

struct Sample {
  int32_t source = 0;
  int64_t episode = 0, frame = 0;  // the frame at the mixture's rate

  friend auto operator<=>(const Sample&, const Sample&) = default;
};

struct OrderOptions {
  int64_t batch_size = 64;  // of all ranks together
  uint64_t seed = 0;
  Drawing drawing = Drawing::kStratified;
  int rank = 0, ranks = 1;  // this one gets rows rank, rank + ranks, rank + 2 ranks, ... of the batch
  // As the sources are; empty: their own weights from first to last.
  std::vector<WeightStage> stages = {};
};

class SampleOrder {
 public:
  // Usage error: a source with a weight and without windows, a batch that the ranks can't share evenly, stages that
  // CheckStages refuses.
  SampleOrder(std::vector<SourceWindows> sources, const OrderOptions& options);

  int64_t rows() const { return options_.batch_size / options_.ranks; }  // of this rank's batches
  std::vector<Sample> Step(int64_t step) const;                          // this rank's
  // How many times the source's windows were gone through before the step (drawn: expected).
  double Passes(size_t source, int64_t step) const;
  int64_t num_windows(size_t source) const { return ends_[source].empty() ? 0 : ends_[source].back(); }
  // The weights that hold in the step, 1 in sum.
  std::vector<double> WeightsAt(int64_t step) const;

 private:
  Sample At(size_t source, int64_t window) const;
  std::vector<Sample> Stratified(int64_t step) const;
  std::vector<Sample> Drawn(int64_t step) const;
  size_t StageAt(int64_t step) const;
  int64_t RowsBefore(size_t source, int64_t step) const;
  void CheckWindows() const;

  std::vector<SourceWindows> sources_;
  OrderOptions options_;
  RandomStream random_;
  std::vector<WeightStage> stages_;
  std::vector<Shares> shares_;              // as stages_
  std::vector<std::vector<int64_t>> ends_;  // source -> running sums of `windows`
};

// A number for a set of samples: the sum over them of a 64-bit mix of (domain, episode, frame), so that the ranks' add
// up to the whole batch's. `domains`: source -> domain.
uint64_t HashOf(const std::vector<Sample>& samples, const std::vector<int32_t>& domains);
// One for all steps so far: the next from the last and the step's.
uint64_t RollHash(uint64_t rolling, uint64_t step_hash);

}  // namespace heddle::mixture

// The sweep: one net for every (Δz, w) of the grid and every seed, and one trained on the target alone for every Δz and
// seed. All nets are one stack (heddle/nn/mlp.h); the threads take them one after the other, train each to its end in
// the core's own cache, sample it, and put the analytic optimum of the same data beside it.
//
// Of a seed, all nets see the same data and the same sampling noise (the seed is a block of the experiment); initial
// weights and batches are each net's own. A net's result depends on the options, its Δz, its w and its seed, and
// neither on the rest of the grid nor on the number of threads.
#pragma once

#include <functional>
#include <vector>

#include "heddle/core/parallel.h"
#include "heddle/toy/denoiser.h"
#include "heddle/toy/fields.h"
#include "heddle/toy/outcome.h"

namespace heddle::toy {

// Which net: indices into the grid; w == the grid's size in w means target-only (w = 1).
struct NetKey {
  int seed = 0, delta_z = 0, w = 0;
};

struct NetOutcome {
  bool complete = false;
  bool diverged = false;  // trained, but its loss is no number: never complete
  double training_loss = 0;
  double seconds = 0;
  Losses loss, optimum;
  Following following;
  std::vector<float> samples;         // of the first seed; empty for the others
  std::vector<FieldsAtPoint> fields;  // likewise, and empty for target-only
};

class Sweep {
 public:
  explicit Sweep(const ToyOptions& options);

  const ToyOptions& options() const { return options_; }
  const Denoiser& denoiser() const { return denoiser_; }
  const EvaluationGrid& grid() const { return grid_; }
  const World& world(int seed) const { return worlds_[std::size_t(seed)]; }
  // The width of the optimum's kernel on raw inputs, by leave-one-out likelihood on this seed's source inputs; 0 as
  // long as Run has not come to it.
  double kernel_width(int seed) const { return kernel_widths_[std::size_t(seed)]; }

  int nets() const { return stack_.nets(); }
  int num_delta_z() const { return static_cast<int>(options_.delta_z.size()); }
  int num_w() const { return static_cast<int>(options_.w.size()); }
  NetKey KeyOf(int net) const;
  int NetOf(const NetKey& key) const;
  double w_of(const NetKey& key) const { return key.w == num_w() ? 1.0 : options_.w[std::size_t(key.w)]; }
  double delta_z_of(const NetKey& key) const { return options_.delta_z[std::size_t(key.delta_z)]; }

  // Trains and measures all nets, seed after seed. `done` is called after each, from any thread, one call at a time.
  // Returns false if `stop` cut it short: outcomes that are complete stand.
  bool Run(const ThreadBudget& budget, const StopFlag* stop, const std::function<void(int net)>& done);

  const NetOutcome& outcome(const NetKey& key) const { return outcomes_[std::size_t(NetOf(key))]; }
  std::span<const float> parameters(const NetKey& key) const { return stack_.parameters(NetOf(key)); }
  // Seeds of which every net is complete.
  std::vector<int> CompleteSeeds() const;
  std::vector<NetKey> Diverged() const;
  RandomStream StreamOfSeed(int seed) const;

 private:
  // Which net is trained as the n-th: the target-only net of a row before the cells that are held against it.
  int NetInOrder(int n) const;
  void RunNet(int net, nn::MlpWorker& worker, const StopFlag* stop);

  ToyOptions options_;
  Denoiser denoiser_;
  EvaluationGrid grid_;
  std::vector<World> worlds_;
  std::vector<double> kernel_widths_;
  nn::MlpStack stack_;
  std::vector<NetOutcome> outcomes_;
};

}  // namespace heddle::toy

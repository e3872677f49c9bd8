// The held-out windows of every domain, fixed for a whole run: what validation, meters and the latents file look at.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/policy/acting.h"
#include "heddle/train/setup.h"

namespace heddle::train {

// What the policy makes of them. Rows in the order of the batches; with the weights that are in force.
struct HoldoutPass {
  std::vector<contract::RowOrigin> origins;
  at::Tensor shallow_NW, z_NW;
  std::map<std::string, double> loss;          // domain -> imitation loss
  std::map<std::string, double> source_loss;   // source -> the same
  std::map<std::string, double> action_error;  // domain -> root mean square of sampled chunks, normalised units; only
                                               // of domains that act as the target does
};

using Stopped = std::function<bool()>;

class Holdout {
 public:
  // Takes the same windows for the same setup: log.holdout_windows of each domain that has some, of its sources in
  // equal shares, in batches that are looked at in a second or so.
  explicit Holdout(const RunSetup& setup);

  bool empty() const { return batches_.empty(); }
  // Nothing if it was stopped, which is asked before each batch.
  std::optional<HoldoutPass> Pass(RunSetup& setup, bool with_actions, const Stopped& stopped) const;
  const std::vector<contract::Batch>& batches() const { return batches_; }

 private:
  std::vector<contract::Batch> batches_;
};

}  // namespace heddle::train

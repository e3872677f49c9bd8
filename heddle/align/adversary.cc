#include "heddle/align/adversary.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "heddle/align/reversal.h"

namespace heddle::align {
namespace {

class Adversary final : public Objective {
 public:
  Adversary(const AdversaryOptions& options, const ObjectiveSetup& setup)
      : options_(options), net_(AdversaryOptions::kName, options.net, setup) {}

  std::string name() const override { return AdversaryOptions::kName; }

  ObjectiveValue operator()(const AlignBatch& batch) override {
    const double strength = ReversalStrength(batch.step, batch.steps, options_.warm_up);
    const LabelNet::Verdict verdict = net_(ReverseGradient(batch.z_BD, strength), batch);
    return {.loss = verdict.loss * options_.weight,
            .scalars = {{"loss", verdict.loss.detach()},
                        {"accuracy", verdict.accuracy},
                        {"strength", at::scalar_tensor(strength)}},
            .note = verdict.note};
  }

 private:
  AdversaryOptions options_;
  LabelNet net_;
};

}  // namespace

double ReversalStrength(int64_t step, int64_t steps, double warm_up) {
  const double rise = warm_up * static_cast<double>(steps);
  if (!(rise > 0)) return 1;
  const double progress = std::min(static_cast<double>(step) / rise, 1.0);
  return 2 / (1 + std::exp(-10 * progress)) - 1;
}

std::unique_ptr<Objective> AdversaryOptions::Make(const ObjectiveSetup& setup) const {
  return std::make_unique<Adversary>(*this, setup);
}

}  // namespace heddle::align

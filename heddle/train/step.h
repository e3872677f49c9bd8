// One step of training.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/nn/adamw.h"
#include "heddle/policy/imitation.h"
#include "heddle/train/common_actions.h"
#include "heddle/train/setup.h"
#include "heddle/train/shared_parameters.h"

namespace heddle::train {

// One term of the loss, weighted.
struct LossTerm {
  std::string name;
  at::Tensor value;  // with its weight
};

// Of a domain's imitation gradient on what all domains share (heddle/train/shared_parameters.h).
struct DomainGradient {
  double norm = 0;
  std::optional<double> cosine;  // with the target's; nothing for the target and where the batch has no row of it
};

struct StepReport {
  double loss = 0, gradient_norm = 0;
  std::map<std::string, double> terms;                     // each as it stands in the loss
  std::map<std::string, double> gradients;                 // norm of each term's gradient, where it was asked for
  std::map<std::string, DomainGradient> domain_gradients;  // of each that the batch has actions of, likewise
  std::map<std::string, at::Tensor> scalars;               // of objectives: "adversary/accuracy"
  std::vector<std::string> notes;                          // of objectives: what was left out of this batch, and why
  bool skipped = false;
  std::vector<contract::RowOrigin> blame;  // rows whose loss is not finite
};

class TrainStep {
 public:
  // What it refers to must outlive it.
  TrainStep(RunSetup& setup, nn::AdamW& optimiser);

  // Changes the parameters, unless the loss or the gradient is not finite: then the step is skipped and says so.
  StepReport operator()(const contract::Batch& batch, int64_t step, bool with_gradients);

 private:
  std::vector<LossTerm> TermsOf(const policy::Imitation& imitation, const contract::Batch& batch, int64_t step,
                                StepReport& report);
  align::AlignBatch AlignBatchOf(const policy::Imitation& imitation, const contract::Batch& batch, int64_t step) const;
  void MeasureTerms(const std::vector<LossTerm>& terms, StepReport& report) const;
  void MeasureDomains(const policy::Imitation& imitation, const contract::Batch& batch, StepReport& report) const;

  RunSetup& setup_;
  nn::AdamW& optimiser_;
  RandomStream random_;
  CommonActions common_actions_;
  std::vector<SharedPart> shared_;
};

}  // namespace heddle::train

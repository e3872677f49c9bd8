// A mixture sheet made ready for training: datasets opened, their features fitted to one layout, weights dealt out,
// statistics taken.
//
//   const Sheet sheet = Sheet::Load("mixture.yaml");
//   const BoundSheet bound = BindSheet(sheet, {.action_steps = 16});
//   Loader loader(bound.mixture, options);
//
// All embodiments live in one layout. observation.state and action are a feature per embodiment (and representation),
// which sources of other embodiments do not have: the batch's is_present is 0 there. Other observations are shared by
// the sources that have them, where the names of their dimensions agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/statistics.h"
#include "heddle/mixture/sheet/bound_feature.h"
#include "heddle/mixture/sheet/sheet.h"
#include "heddle/mixture/sheet/terms.h"
#include "heddle/mixture/sheet/weights.h"
#include "heddle/mixture/source.h"
#include "heddle/mixture/weight_stages.h"

namespace heddle::mixture {

// What a run wants to see of each source.
struct WindowChoice {
  int64_t observation_steps = 1;  // at control_hz: now and before
  int64_t action_steps = 16;      // the chunk, beginning now
  // Observations by the datasets' names; empty: all numeric observation.* that the target's sources have.
  std::vector<std::string> numbers = {};
  std::vector<CameraLayout> cameras = {};  // none: a state policy
};

struct BoundSheet {
  Mixture mixture;                     // its sources' weights are the resulting shares; in the sheet's order
  std::vector<BoundFeature> features;  // as mixture.layout.numbers
  std::vector<std::string> domains;    // in the order of their first source
  int32_t target_domain = 0;
  std::string target_embodiment, target_representation;
  std::vector<SourceSize> sizes;  // as the sources
  SheetWeights weights;
  double w = 0;  // the target's share
  // Per feature of the layout (heddle/mixture/sheet/pooled_statistics.h).
  contract::Statistics statistics;
  SheetTerms terms;                   // for the card
  std::vector<std::string> warnings;  // about licenses
  // What each source's dataset is: its seal, else its fingerprint (heddle/data/fingerprint.h).
  std::vector<std::string> dataset_ids;
  std::string hash;  // SHA-256 of the sheet and of these
};

// `w`: the target's share in place of the sheet's. `tau`: in place of the sheet's. Usage errors with the sheet's line,
// also for a license that forbids the sheet's use; what reading the datasets throws.
BoundSheet BindSheet(const Sheet& sheet, const WindowChoice& choice, std::optional<double> w = std::nullopt,
                     std::optional<double> tau = std::nullopt);

// All of it but what takes reading rows or is only for training: statistics, terms and warnings stay empty.
BoundSheet PrepareSheet(const Sheet& sheet, const WindowChoice& choice, std::optional<double> w = std::nullopt,
                        std::optional<double> tau = std::nullopt);

// A schedule of w over training as the weights of the sources, for OrderOptions::stages. Each w as WeighSources takes
// it.
std::vector<WeightStage> StagesOf(const Sheet& sheet, const BoundSheet& bound, const std::vector<ShareStage>& shares,
                                  std::optional<double> tau = std::nullopt);

}  // namespace heddle::mixture

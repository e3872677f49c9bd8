// A checkpoint made ready to act, for whoever asks it: an evaluation in this process, a server.
//
//   ActingPolicy policy(LoadCheckpoint("runs/first"), {.guidance = 0.5});
//   at::Tensor actions_1HD = policy.Act(moment).actions_BHD;
//
// One moment at a time, whoever asks: libraries choose their way of computing by the shape, so only then are a moment's
// actions the same numbers in an evaluation and through a server; and a robot does not wait for rows that nobody needs.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "heddle/policy/acting.h"
#include "heddle/policy/acting_changes.h"
#include "heddle/policy/checkpoint.h"
#include "heddle/policy/observation.h"

namespace heddle::policy {

// When a policy is asked, and what it sees then. Its chance is a function of seed and step.
struct Moment {
  Observation observation;
  uint64_t episode_seed = 0;
  int64_t step = 0;
};

// What a policy made of a moment on the way to its actions.
struct Thoughts {
  Latents latents;
  at::Tensor chunk_BC;  // its actions before they were cut off, normalised
  at::Tensor effect_B;  // heddle/policy/label_effect.h
};

// What of the card decides how its policy is guided, beside lambda: "guidance_over_time" where it is not constant, and
// "against_KEY" where the other branch has a label. Nothing where lambda is 0.
std::map<std::string, std::string> GuidanceDetails(const contract::AdaptationCard& card);

class ActingPolicy {
 public:
  // Usage error, with the nearest right name, for a condition or value that the policy was not trained with, and for a
  // guidance where it has no conditions or that is not finite.
  explicit ActingPolicy(Checkpoint checkpoint, const ActingChanges& changes = {});

  // One row. kInput, with the feature's name, for what an observation lacks or has in another size. One thread at a
  // time.
  Acted Act(const Moment& moment);
  // The same, and what it made of it. With conditions it takes two to three times as long.
  Acted Act(const Moment& moment, Thoughts& thoughts);

  // As above, of another guidance from here on.
  void SetGuidance(double lambda);

  // What evidence says of how it acts, beside the card's guidance and strategy: GuidanceDetails and the labels that
  // changed.
  std::map<std::string, std::string> acting() const;

  // With the changes.
  const contract::AdaptationCard& card() const { return checkpoint_.card; }
  const Checkpoint& checkpoint() const { return checkpoint_; }
  const PolicyLayout& layout() const { return checkpoint_.policy->layout(); }
  // Of each condition the value that it acts under, plus 1; 0: none.
  const std::vector<int64_t>& told() const { return plan_.act; }

 private:
  struct Asked {
    PolicyRows rows;
    at::Tensor noise_BHD;
  };
  Asked AskedOf(const Moment& moment) const;
  void ActAs(const std::string& key, const std::string& value);

  Checkpoint checkpoint_;
  std::map<std::string, std::string> changed_;  // labels in place of the card's
  ActPlan plan_;
};

}  // namespace heddle::policy

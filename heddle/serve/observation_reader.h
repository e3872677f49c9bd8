// What a client sent, as a moment that a policy can act from; what does not fit the card is refused by name.
//
// Each number feature of the card is a key of its own, with a slash where its name has its first point, and so is each
// picture:
//
//   observation.state              observation/state               [D], any number type
//   observation.images.agentview   observation/images/agentview    uint8 [height, width, 3]
//
// More than the policy reads is ignored (openpi's clients send what they have). Who says `embodiment`, `control_hz` or
// `action_representation` has that checked, too.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "heddle/contract/card.h"
#include "heddle/policy/normaliser.h"
#include "heddle/policy/observation.h"
#include "heddle/wire/value.h"

namespace heddle::serve {

// "observation.state" -> "observation/state".
std::string KeyOf(const std::string& feature);

// Further from what the policy was trained on than so many deviations is no reading (another unit, a broken sensor).
// Coarse on purpose: a dimension that never moved in training has a deviation of next to nothing.
inline constexpr double kMostDeviations = 1e6;

// Of each dimension that the card's body has, what it was in training.
class ObservationReader {
 public:
  // kInput where the card is not of this policy. `card` must outlive it.
  ObservationReader(const contract::AdaptationCard& card, const policy::PolicyLayout& layout,
                    const policy::Normaliser& normaliser);

  // Pictures point into `observation`. kInput: all that is missing, of another size or type, in one line, else the
  // first number that is not finite or beyond kMostDeviations, with its dimension's name.
  policy::Observation Read(const wire::Value& observation) const;

 private:
  struct Range {
    double centre, scale;
  };
  const contract::AdaptationCard& card_;
  std::map<std::string, std::vector<Range>> ranges_;  // by the feature's name
};

// From which the chance of a client's chunk is drawn.
struct Chance {
  uint64_t episode_seed;
  int64_t step;
};
// `episode_seed` and `step`; nothing where the client says neither. kInput for one without the other, or for what is
// no whole number from 0.
std::optional<Chance> ChanceOf(const wire::Value& observation);

}  // namespace heddle::serve

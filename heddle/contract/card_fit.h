// Whether a world, a robot or a client fits a policy's card: what does not, by the card's fields.
#pragma once

#include <string>
#include <vector>

#include "heddle/contract/card.h"

namespace heddle::contract {

// What is offered to a policy. Parts that are not known are left empty and not checked.
struct OfferedBody {
  std::string embodiment = {};
  double control_hz = 0;
  std::vector<CardNumbers> numbers = {};  // more than the policy reads is no misfit
  std::vector<CardCamera> cameras = {};
  std::string action_representation = {};
  std::vector<std::string> action_names = {};
};

struct CardMisfit {
  std::string field;          // "observation.numbers.observation.state", "control_hz"
  std::string card, offered;  // what each has

  // "control_hz: the card has 20, offered is 10".
  std::string Text() const;
};

std::vector<CardMisfit> Misfits(const AdaptationCard& card, const OfferedBody& offered);

}  // namespace heddle::contract

#include "heddle/contract/card_fit.h"

#include <algorithm>

#include "heddle/core/text.h"

namespace heddle::contract {
namespace {

std::string ListText(const std::vector<std::string>& names) { return "[" + Join(names, ", ") + "]"; }

class Comparison {
 public:
  void Check(const std::string& field, const std::string& card, const std::string& offered) {
    if (card != offered) misfits.push_back({field, card, offered});
  }
  std::vector<CardMisfit> misfits;
};

void CheckNumbers(const CardNumbers& wanted, const OfferedBody& offered, Comparison& comparison) {
  const std::string field = "observation.numbers." + wanted.name;
  const auto found = std::ranges::find(offered.numbers, wanted.name, &CardNumbers::name);
  if (found == offered.numbers.end()) {
    comparison.Check(field, ListText(wanted.names), "nothing of that name");
  } else {
    comparison.Check(field, ListText(wanted.names), ListText(found->names));
  }
}

void CheckCamera(const CardCamera& wanted, const OfferedBody& offered, Comparison& comparison) {
  const std::string field = "observation.cameras." + wanted.name;
  const auto size = [](const CardCamera& camera) {
    return std::to_string(camera.width) + "x" + std::to_string(camera.height);
  };
  const auto found = std::ranges::find(offered.cameras, wanted.name, &CardCamera::name);
  if (found == offered.cameras.end()) {
    comparison.Check(field, size(wanted), "no camera of that name");
  } else {
    comparison.Check(field, size(wanted), size(*found));
  }
}

}  // namespace

std::string CardMisfit::Text() const { return field + ": the card has " + card + ", offered is " + offered; }

std::vector<CardMisfit> Misfits(const AdaptationCard& card, const OfferedBody& offered) {
  Comparison comparison;
  if (!offered.embodiment.empty()) comparison.Check("embodiment", card.embodiment, offered.embodiment);
  if (offered.control_hz > 0)
    comparison.Check("control_hz", FormatDouble(card.control_hz), FormatDouble(offered.control_hz));
  for (const CardNumbers& wanted : card.observation.numbers) CheckNumbers(wanted, offered, comparison);
  for (const CardCamera& wanted : card.observation.cameras) CheckCamera(wanted, offered, comparison);
  if (!offered.action_representation.empty())
    comparison.Check("action.representation", card.action.representation, offered.action_representation);
  if (!offered.action_names.empty())
    comparison.Check("action.names", ListText(card.action.names), ListText(offered.action_names));
  return std::move(comparison.misfits);
}

}  // namespace heddle::contract

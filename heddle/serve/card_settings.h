// heddle policy set: what of a checkpoint's card may be changed without training, and the evidence for it.
//
//   guidance=-0.5        lambda, -10 .. 10
//   over_time=early      constant, early or late
//   against.domain=sim   guidance's other branch; nothing behind the = is without the label
//   execute=4            actions of a chunk before the policy is asked again
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/card.h"
#include "heddle/policy/checkpoint.h"

namespace heddle::serve {

struct CardChange {
  std::string field, before, after;
};

struct CardEdit {
  contract::AdaptationCard card;    // as it is to be
  std::vector<CardChange> changes;  // fields that are given, even where their value stays
  std::vector<std::string> notes;   // for whoever reads
};

// Usage error, with the nearest right name, for a field that can't be set, for a value that can't be, and for none.
//
// `evidence`: a folder of rows (or their file) that the guidance was picked on; empty: none. What it says of this
// checkpoint goes into the card: how many values were tried, and how each did. kInput where it has no row of this
// checkpoint with the guidance that the card then has. New guidance without evidence empties what the card says of it.
CardEdit EditCard(const policy::Checkpoint& checkpoint, std::span<const std::string> settings,
                  const std::filesystem::path& evidence = {});

}  // namespace heddle::serve

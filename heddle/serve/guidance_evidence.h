// How a checkpoint did by several lambdas, from the rows of an evaluation.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "heddle/contract/card.h"

namespace heddle::serve {

// Of the rows of this checkpoint, in each set-up in which the card's lambda was tried:
//
//   {"file": .., "sha256": .., "chosen_from": 4,
//    "setups": [{"task": .., "gap": .., "suite": .., "values": [{"guidance": -0.5, "success_any": 31, "n": 50}, ..]}]}
//
// `chosen_from` is the largest number of lambdas in one of them. kInput where there is no such row.
nlohmann::ordered_json GuidanceEvidence(const std::filesystem::path& path, const std::string& checkpoint_hash,
                                        const contract::AdaptationCard& card);

}  // namespace heddle::serve

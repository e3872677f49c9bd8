// Small policies of two bodies, and batches for them.
#pragma once

#include <memory>
#include <vector>

#include "heddle/contract/batch.h"
#include "heddle/contract/card.h"
#include "heddle/policy/policy.h"

namespace heddle::policy {

// Reads 3 numbers of "arm", 2 of "hand", 1 that both share; chunks of 4 actions, 2 numbers for the arm, 3 for the hand;
// told the domain ("real", "sim").
PolicyLayout SmallLayout();
std::unique_ptr<Policy> SmallPolicy(HeadOptions head = {}, TrunkOptions trunk = {}, bool embedded = false);
// Row r is the arm's where r is even, else the hand's; every fifth row has no actions. Numbers are normal.
contract::Batch SmallBatch(int64_t rows, uint64_t seed = 1);
// That acts as the arm in domain "real".
contract::AdaptationCard SmallCard(const Policy& policy);

}  // namespace heddle::policy

// What a corpus is missing: what its format allows, its training would use, and it does not have. Dense, synchronised
// streams, tagged by domain and labelled by strategy, are what lets a policy align domains and keep them apart.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heddle/data/audit/facts.h"

namespace heddle::data::audit {

struct MissingItem {
  std::string code;  // kebab-case
  int rank = 0;      // 1 is what would help most
  std::string what, why;
  std::string command;                // that adds it, for the first of the datasets
  std::vector<std::string> datasets;  // that lack it
};

// Of several datasets, each item once.
std::vector<MissingItem> WhatIsMissing(std::span<const DatasetFacts> datasets);

// All items that there are, for the reference page.
std::vector<MissingItem> AllMissingItems();

}  // namespace heddle::data::audit

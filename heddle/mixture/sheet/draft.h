// A first mixture sheet from what datasets say of themselves: what `heddle mix init` prints.
//
// The first dataset is taken for the target. What is not said but told by names, labels, numbers or by the absence of
// something is marked `# guessed`, with the reason: each such line is to be read before anything is trained.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/data/dataset.h"

namespace heddle::mixture {

// One value that a dataset does not state.
struct Guess {
  std::string value;
  std::string why;  // empty: it is stated
};

Guess GuessKind(const data::Dataset& dataset);
Guess GuessEmbodiment(const data::Dataset& dataset);
// From the front matter of the dataset's README.md, as dataset hubs have it.
Guess GuessLicense(const data::Dataset& dataset);
// By the names of the action's dimensions, else by how the state follows the action
// (heddle/data/audit/action_meaning.h).
Guess GuessActions(const data::Dataset& dataset);

// `names`: as datasets were named, at least one; paths in the sheet are relative to `folder`, where it will stand.
// What opening a dataset throws; usage error for one that is named twice.
std::string DraftSheet(const std::vector<std::string>& names, const std::filesystem::path& folder);

}  // namespace heddle::mixture

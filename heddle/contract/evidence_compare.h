// Which rows may be compared: set-ups are equal, and of the policies only the one field differs that is meant to, with
// what follows from it.
//
// Fields have the short names of EvidenceFields() ("w", "gap", "horizon"). What follows from a field stands in one
// table (evidence_compare.cc): another w makes another mixture sheet, another method another align and discern, and
// every change of a policy other checkpoints. A recipe is what a policy is without what tells its training runs apart
// (training seed, checkpoint hash, name): runs of one recipe are one policy, stratified by training seed.
//
// Never compared, as they say nothing of what was run: target_passes and chosen_from, and the name where both
// checkpoint hashes are known.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "heddle/contract/evidence_row.h"

namespace heddle::contract {

struct FieldDifference {
  std::string field;
  std::string a, b;  // values as JSON; of objects only the members that differ

  friend bool operator==(const FieldDifference&, const FieldDifference&) = default;
};

// In the table's order.
std::vector<FieldDifference> EvidenceDifferences(const EvidenceRow& a, const EvidenceRow& b);

// Names that `--over` takes; "policy" stands for all fields of the policy.
std::vector<std::string> EvidenceFields();
// The field that a user means by "w" or "policy.training.w"; a usage error with the nearest right name otherwise.
std::string EvidenceField(const std::string& name);

// Whether `field` may differ where `over` is meant to: it is that field or follows from it.
bool MayDiffer(const std::string& field, const std::string& over);
// The one field from which all the others follow, if there is one and it is the policy's. A set-up is never taken to
// differ on purpose unless the user says so.
std::optional<std::string> ExplainingField(std::span<const FieldDifference> differences);

// Whether an episode seed still means the same beginning of the episode where `over` differs, so that outcomes come in
// pairs: not for another task, its options or its dataset.
bool KeepsResets(const std::string& over);

// Equal for rows of one set-up and recipe; where `over` is one of the fields that a recipe leaves out, equal for rows
// of one set-up and policy.
std::string RecipeKey(const EvidenceRow& row, const std::string& over = "");

}  // namespace heddle::contract

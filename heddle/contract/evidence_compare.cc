#include "heddle/contract/evidence_compare.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"

namespace heddle::contract {
namespace {

using Json = nlohmann::ordered_json;
using Names = std::vector<std::string>;

struct Rule {
  std::string name;
  std::string path;   // in the row's JSON
  Names follow = {};  // fields that may differ with it, beside those of kRunFields for a field of the policy
  bool keeps_resets = true;
};

// What tells training runs of one recipe apart: it follows from every field of the policy.
const Names kRunFields = {"training_seed", "checkpoint_hash", "name"};

// The order is that in which a cause is looked for: what stands above may explain what stands below.
const std::vector<Rule>& Rules() {
  static const std::vector<Rule> rules = {
      {"task", "/setup/task", {"task_options", "horizon", "observation_contract_hash", "action_contract_hash"}, false},
      {"task_options", "/setup/task_options", {}, false},
      // A gap may give another body, which sees and acts differently.
      {"gap", "/setup/gap", {"embodiment", "observation_contract_hash", "action_contract_hash"}},
      {"embodiment", "/setup/embodiment", {"observation_contract_hash", "action_contract_hash"}},
      {"suite", "/setup/suite"},
      {"dataset", "/setup/dataset", {}, false},
      {"observation_contract_hash", "/setup/observation_contract_hash"},
      {"action_contract_hash", "/setup/action_contract_hash"},
      {"horizon", "/setup/horizon"},
      {"actions_per_chunk", "/setup/actions_per_chunk"},
      {"control_hz", "/setup/control_hz"},
      {"simulator", "/setup/simulator"},
      {"renderer", "/setup/renderer"},
      {"kind",
       "/policy/kind",
       {"method", "align", "discern", "w", "mixture_hash", "data_seals", "step", "guidance", "sampler", "sampler_steps",
        "strategy", "acting"}},
      {"method", "/policy/training/method", {"align", "discern", "guidance", "acting"}},
      {"align", "/policy/training/align", {"method"}},
      {"discern", "/policy/training/discern", {"method", "guidance", "acting"}},
      {"w", "/policy/training/w", {"mixture_hash"}},
      {"data_seals", "/policy/training/data_seals", {"mixture_hash"}},
      {"mixture_hash", "/policy/training/mixture_hash", {"data_seals"}},
      {"guidance", "/policy/guidance"},
      {"sampler", "/policy/sampler", {"sampler_steps"}},
      {"sampler_steps", "/policy/sampler_steps"},
      {"strategy", "/policy/strategy", {"acting"}},
      {"acting", "/policy/acting", {"strategy"}},
      {"step", "/policy/training/step"},
      {"training_seed", "/policy/training/training_seed"},
      {"checkpoint_hash", "/policy/checkpoint_hash", {"step"}},
      {"name", "/policy/name"},
  };
  return rules;
}

const Rule& RuleOf(const std::string& name) {
  const auto found = std::find_if(Rules().begin(), Rules().end(), [&](const Rule& rule) { return rule.name == name; });
  HEDDLE_DEMAND(found != Rules().end());
  return *found;
}

bool Contains(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsOfPolicy(const Rule& rule) { return rule.path.starts_with("/policy"); }

Json ValueAt(const Json& row, const std::string& path) {
  const Json::json_pointer pointer(path);
  return row.contains(pointer) ? row.at(pointer) : Json(nullptr);
}

// Of objects the members that differ; of a gap that has another name, the name, of two of one name what they resolve to
// (its hash follows from that).
std::pair<Json, Json> Differing(const Json& a, const Json& b) {
  if (!a.is_object() || !b.is_object()) return {a, b};
  if (a.contains("text") && b.contains("text") && a.at("text") != b.at("text")) return {a.at("text"), b.at("text")};
  const bool resolves_otherwise =
      a.contains("resolved") && b.contains("resolved") && a.at("resolved") != b.at("resolved");
  if (resolves_otherwise) return Differing(a.at("resolved"), b.at("resolved"));
  Json of_a = Json::object(), of_b = Json::object();
  for (const auto& [key, value] : a.items()) {
    if (!b.contains(key)) of_a[key] = value;
    if (b.contains(key) && b.at(key) != value) std::tie(of_a[key], of_b[key]) = Differing(value, b.at(key));
  }
  for (const auto& [key, value] : b.items()) {
    if (!a.contains(key)) of_b[key] = value;
  }
  return {of_a, of_b};
}

bool IsNamedByHash(const EvidenceRow& row) { return !row.policy.checkpoint_hash.empty(); }

}  // namespace

std::vector<FieldDifference> EvidenceDifferences(const EvidenceRow& a, const EvidenceRow& b) {
  const Json json_a = ToJson(a), json_b = ToJson(b);
  std::vector<FieldDifference> differences;
  for (const Rule& rule : Rules()) {
    if (rule.name == "name" && IsNamedByHash(a) && IsNamedByHash(b)) continue;
    const Json value_a = ValueAt(json_a, rule.path), value_b = ValueAt(json_b, rule.path);
    if (CanonicalJson(value_a) == CanonicalJson(value_b)) continue;
    const auto [part_a, part_b] = Differing(value_a, value_b);
    differences.push_back({rule.name, DumpJson(part_a), DumpJson(part_b)});
  }
  return differences;
}

Names EvidenceFields() {
  Names names = {"policy"};
  for (const Rule& rule : Rules()) names.push_back(rule.name);
  return names;
}

std::string EvidenceField(const std::string& name) {
  for (const Rule& rule : Rules()) {
    std::string dotted = rule.path.substr(1);
    std::replace(dotted.begin(), dotted.end(), '/', '.');
    if (name == rule.name || name == dotted) return rule.name;
  }
  if (name == "policy") return name;
  ThrowUsage("evidence rows have no field '" + name + "'", "--over", SuggestName(name, EvidenceFields()));
}

bool MayDiffer(const std::string& field, const std::string& over) {
  if (field == over) return true;
  if (over == "policy") return IsOfPolicy(RuleOf(field));
  const Rule& rule = RuleOf(over);
  return Contains(rule.follow, field) || (IsOfPolicy(rule) && Contains(kRunFields, field));
}

std::optional<std::string> ExplainingField(std::span<const FieldDifference> differences) {
  for (const FieldDifference& cause : differences) {
    if (!IsOfPolicy(RuleOf(cause.field))) return std::nullopt;
  }
  for (const FieldDifference& cause : differences) {
    const bool explains_all = std::all_of(differences.begin(), differences.end(),
                                          [&](const FieldDifference& d) { return MayDiffer(d.field, cause.field); });
    if (explains_all) return cause.field;
  }
  return std::nullopt;
}

bool KeepsResets(const std::string& over) { return over == "policy" || RuleOf(over).keeps_resets; }

std::string RecipeKey(const EvidenceRow& row, const std::string& over) {
  EvidenceRow plain = row;
  plain.outcome = {};
  plain.policy.chosen_from.reset();
  if (IsNamedByHash(row)) plain.policy.name.clear();
  if (plain.policy.training) {
    plain.policy.training->target_passes.reset();
    if (!Contains(kRunFields, over)) {
      plain.policy.training->training_seed.reset();
      plain.policy.checkpoint_hash.clear();
      plain.policy.name.clear();
    }
  }
  return Sha256Hex(CanonicalJson(ToJson(plain)));
}

}  // namespace heddle::contract

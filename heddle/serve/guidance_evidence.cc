#include "heddle/serve/guidance_evidence.h"

#include <algorithm>
#include <map>
#include <vector>

#include "heddle/contract/evidence_log.h"
#include "heddle/core/error.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"
#include "heddle/policy/acting_policy.h"

namespace heddle::serve {
namespace {

using Json = nlohmann::ordered_json;
using contract::EvidenceRow;

struct Setup {
  contract::EvidenceSetup example;
  // lambda -> episode seed -> success. Answered rows alone; the last of a seed counts.
  std::map<double, std::map<int64_t, bool>> values;
};

// By the set-up's hash. Rows of this checkpoint that were guided in the card's way.
std::map<std::string, Setup> SetupsOf(const std::filesystem::path& path, const std::string& checkpoint_hash,
                                      const contract::AdaptationCard& card) {
  const auto details = policy::GuidanceDetails(card);
  std::map<std::string, Setup> setups;
  contract::ForEachEvidenceRow(path, [&](const EvidenceRow& row, int64_t) {
    const contract::EvidencePolicy& policy = row.policy;
    const bool same_way = policy.guidance == 0 ? policy.acting.empty() : policy.acting == details;
    if (policy.checkpoint_hash != checkpoint_hash || !policy.guidance || !same_way) return;
    if (contract::IsUnanswered(row.outcome.failure)) return;
    Setup& setup = setups[contract::SetupHash(row.setup)];
    setup.example = row.setup;
    setup.values[*policy.guidance][row.outcome.episode_seed] = row.outcome.success_any;
  });
  return setups;
}

Json SetupJson(const Setup& setup) {
  Json values = Json::array();
  for (const auto& [lambda, episodes] : setup.values) {
    const auto successes = std::ranges::count_if(episodes, [](const auto& episode) { return episode.second; });
    values.push_back({{"guidance", lambda}, {"success_any", successes}, {"n", episodes.size()}});
  }
  return {{"task", setup.example.task},
          {"gap", setup.example.gap.text},
          {"suite", setup.example.suite},
          {"values", std::move(values)}};
}

}  // namespace

Json GuidanceEvidence(const std::filesystem::path& path, const std::string& checkpoint_hash,
                      const contract::AdaptationCard& card) {
  const std::string file = contract::EvidencePath(path).string();
  const double lambda = card.guidance.lambda;
  Json setups = Json::array();
  size_t chosen_from = 0;
  for (const auto& [hash, setup] : SetupsOf(path, checkpoint_hash, card)) {
    if (!setup.values.contains(lambda)) continue;
    setups.push_back(SetupJson(setup));
    chosen_from = std::max(chosen_from, setup.values.size());
  }
  if (setups.empty()) {
    ThrowInput("has no row of this checkpoint with guidance " + FormatDouble(lambda), file,
               "make them with heddle eval CHECKPOINT TASK --sweep guidance=0," + FormatDouble(lambda));
  }
  return {{"file", file},
          {"sha256", Sha256OfFile(file).sha256},
          {"chosen_from", chosen_from},
          {"setups", std::move(setups)}};
}

}  // namespace heddle::serve

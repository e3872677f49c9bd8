#include "heddle/eval/compare/fooled.h"

#include <algorithm>
#include <set>

#include "heddle/core/text.h"
#include "heddle/eval/compare/wording.h"

namespace heddle::eval {
namespace {

using State = Doubt::State;

// Passes that differ by less than this factor count as equal.
constexpr double kEqualPasses = 1.05;

// Candidates that A or B may be the best of, by what their own rows say.
Doubt Picked(const VerdictContext& c) {
  const int64_t said = std::max(c.a.chosen_from, c.b.chosen_from);
  const int64_t corrected = c.comparison.family;
  const bool elsewhere = c.set.tuning_policies > 0;
  if (said > corrected && !elsewhere) {
    return {"picked", State::kFound,
            "picked as the best of " + std::to_string(said) +
                " candidates, which p does not know of unless they were "
                "judged on other episodes (--picked-best-of " +
                std::to_string(said) + " corrects)"};
  }
  if (said > 1) {
    return {"picked", State::kClear,
            "the pick from " + std::to_string(said) + " candidates is " +
                (said > corrected ? "on tuning episodes that are not counted here" : "corrected for")};
  }
  if (corrected > 1)
    return {"picked", State::kClear, "the choice among " + std::to_string(corrected) + " is corrected for"};
  const bool trained = c.a.example.policy.training || c.b.example.policy.training;
  if (said == 0 && trained) {
    return {"picked", State::kUnknown, "rows do not say whether the checkpoints were picked from several"};
  }
  return {"picked", State::kClear, "nothing was picked from several"};
}

std::pair<int64_t, int64_t> AnyButNotEnd(const PolicyEvidence& policy) {
  int64_t lost = 0, any = 0;
  for (const auto& [training_seed, episodes] : policy.episodes) {
    for (const auto& [episode_seed, outcome] : episodes) {
      lost += outcome.success_any && !outcome.success_end;
      any += outcome.success_any;
    }
  }
  return {lost, any};
}

Doubt NotAtTheEnd(const VerdictContext& c) {
  const auto [lost_a, any_a] = AnyButNotEnd(c.a);
  const auto [lost_b, any_b] = AnyButNotEnd(c.b);
  if (lost_a + lost_b == 0) return {"not-at-the-end", State::kClear, "all successes last until the end"};
  CompareOptions other = c.options;
  other.metric = c.options.metric == Metric::kSuccessAny ? Metric::kSuccessEnd : Metric::kSuccessAny;
  std::vector<Comparison> alone = {CompareTwo(c.a, c.b, c.comparison.is_paired, c.comparison.family, other)};
  Decide(alone, other);
  const std::string counts = std::to_string(lost_a) + " of " + std::to_string(any_a) + " successes of " + c.a.label +
                             " and " + std::to_string(lost_b) + " of " + std::to_string(any_b) + " of " + c.b.label +
                             " did not last until the end";
  const std::string by = std::string("by ") + MetricName(other.metric) + " the difference is " +
                         SignedWithInterval(alone[0].difference, alone[0].interval) + " on " + NumberOfTrials(alone[0]);
  if (alone[0].decision != c.comparison.decision) {
    return {"not-at-the-end", State::kFound, counts + "; " + by + ": " + DecisionPhrase(alone[0])};
  }
  return {"not-at-the-end", State::kFound, counts + "; " + by + ", the same verdict"};
}

Doubt TuningSeeds(const VerdictContext& c) {
  if (c.a.example.setup.suite == "tuning") {
    return {"tuning-seeds", State::kFound, "all these episodes are of the tuning suite"};
  }
  if (c.set.tuning_policies == 0) {
    return {"tuning-seeds", State::kUnknown,
            "no rows of a tuning suite were given, so seeds seen in tuning can't be told"};
  }
  std::set<int64_t> seen;
  for (const PolicyEvidence* policy : {&c.a, &c.b}) {
    for (const auto& [training_seed, episodes] : policy->episodes) {
      for (const auto& [episode_seed, outcome] : episodes) {
        if (c.set.tuning_seeds.contains(episode_seed)) seen.insert(episode_seed);
      }
    }
  }
  if (seen.empty()) {
    return {"tuning-seeds", State::kClear,
            "none of the " + std::to_string(c.set.tuning_seeds.size()) + " tuning seeds is among them"};
  }
  return {"tuning-seeds", State::kFound,
          Counted(static_cast<int64_t>(seen.size()), "episode seed") + " were seen in tuning"};
}

Doubt Passes(const VerdictContext& c) {
  if (!c.a.example.policy.training || !c.b.example.policy.training) {
    return {"target-passes", State::kClear, "not both were trained, so passes over the target are no matter"};
  }
  if (c.a.target_passes.empty() || c.b.target_passes.empty()) {
    return {"target-passes", State::kUnknown, "rows do not say how often the target's data was gone through"};
  }
  const auto [least, most] = std::minmax({*c.a.target_passes.begin(), *c.b.target_passes.begin(),
                                          *c.a.target_passes.rbegin(), *c.b.target_passes.rbegin()});
  const std::string passes = PlainNumber(*c.a.target_passes.rbegin()) + " (" + c.a.label + ") and " +
                             PlainNumber(*c.b.target_passes.rbegin()) + " (" + c.b.label + ") passes over the target";
  if (most > kEqualPasses * least) return {"target-passes", State::kFound, "unequal: " + passes};
  return {"target-passes", State::kClear, "equal: " + passes};
}

Doubt TooFew(const VerdictContext& c) {
  const Power& power = c.comparison.power;
  const std::string need =
      std::to_string(power.needed) + " would find a difference of " + PlainNumber(power.delta) + " four times in five";
  if (power.enough) return {"too-few", State::kClear, NumberOfTrials(c.comparison) + ", enough: " + need};
  return {"too-few", State::kFound, "too few trials: " + NumberOfTrials(c.comparison) + ", and " + need};
}

Doubt Peeking(const VerdictContext& c) {
  if (!c.comparison.sequential) {
    return {"peeking", State::kUnknown, "p holds if the number of trials was fixed beforehand"};
  }
  if (c.options.sequential) return {"peeking", State::kClear, "the verdict holds whenever one looks"};
  const bool decided = c.comparison.corrected_p <= kLevel;
  if (decided && !c.comparison.sequential->stopped_at) {
    return {"peeking", State::kFound,
            "p holds if the number of trials was fixed beforehand; for who looked and went on it is not decided yet"};
  }
  return {"peeking", State::kClear, "looking early would not change the verdict"};
}

Doubt Causes(const VerdictContext& c) {
  std::vector<std::string> causes;
  for (const auto& d : c.comparability.changes[c.place]) {
    if (d.field != "name" && d.field != "checkpoint_hash" && d.field != "training_seed") causes.push_back(d.field);
  }
  const std::string& over = c.comparability.over;
  if ((over == "policy" || over == "kind") && causes.size() > 1) {
    return {"several-causes", State::kFound,
            "more than one thing differs (" + Join(causes, ", ") + "), so none of them is shown to be the cause"};
  }
  return {"several-causes", State::kClear, "one thing differs"};
}

Doubt Identity(const VerdictContext& c) {
  if (c.a.is_unnamed || c.b.is_unnamed) {
    return {"unknown-policy", State::kUnknown, "a server does not tell which checkpoint it runs"};
  }
  return {"unknown-policy", State::kClear, "the policies are known by their hashes or names"};
}

Doubt Unanswered(const VerdictContext& c) {
  int64_t unanswered = 0, all = 0;
  for (const PolicyEvidence* policy : {&c.a, &c.b}) {
    for (const auto& [seed, episodes] : policy->episodes) {
      for (const auto& [episode, outcome] : episodes) unanswered += contract::IsUnanswered(outcome.failure) ? 1 : 0;
      all += static_cast<int64_t>(episodes.size());
    }
  }
  if (unanswered == 0) return {"unanswered", State::kClear, "the policies answered in every episode"};
  return {"unanswered", State::kFound,
          "in " + Counted(unanswered, "episode") + " of " + std::to_string(all) +
              " a policy gave no answer, which counts as a failure: run these again"};
}

Doubt LeftOut(const VerdictContext& c) {
  int64_t torn = 0;
  for (const EvidenceSource& source : c.set.sources) torn += source.torn_bytes > 0;
  const int64_t alone = c.comparison.without_partner_a + c.comparison.without_partner_b;
  if (torn + alone == 0) return {"left-out", State::kClear, "no row was left out"};
  std::string what;
  if (alone > 0) what = Counted(alone, "row") + " without a partner counted in no pair";
  if (torn > 0)
    what += (what.empty() ? "" : "; ") + Counted(torn, "file") + " with a torn last line: still being written?";
  return {"left-out", State::kFound, what};
}

Doubt TrainingSeeds(const VerdictContext& c) {
  const bool trained = c.a.example.policy.training && c.b.example.policy.training;
  if (!trained) return {"training-seeds", State::kClear, "not both were trained"};
  const auto& interval = c.comparison.over_training_seeds;
  if (!interval) {
    return {"training-seeds", State::kFound,
            "it holds for these checkpoints: " +
                Counted(std::max<int64_t>(1, c.comparison.training_seeds), "training seed") +
                ", and from 3 on it could be said how much the next ones may differ"};
  }
  const bool holds = interval->low > 0 || interval->high < 0;
  const bool decided = c.comparison.decision == Decision::kBetter || c.comparison.decision == Decision::kWorse;
  if (decided && !holds) {
    return {"training-seeds", State::kFound,
            "it holds for these checkpoints; over training seeds the difference is " +
                SignedWithInterval(c.comparison.difference, *interval) + ", not decided"};
  }
  return {"training-seeds", State::kClear, "over training seeds it is the same"};
}

}  // namespace

const char* StateName(Doubt::State state) {
  switch (state) {
    case State::kClear: return "clear";
    case State::kFound: return "found";
    case State::kUnknown: return "unknown";
  }
  return "";
}

std::vector<Doubt> LookForDoubts(const VerdictContext& context) {
  return {Picked(context),     NotAtTheEnd(context),   TuningSeeds(context), Passes(context),
          TooFew(context),     Peeking(context),       Causes(context),      Identity(context),
          Unanswered(context), TrainingSeeds(context), LeftOut(context)};
}

}  // namespace heddle::eval

#include "heddle/serve/card_settings.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/policy/acting.h"
#include "heddle/serve/guidance_evidence.h"

namespace heddle::serve {
namespace {

constexpr double kMostGuidance = 10;
constexpr std::string_view kAgainst = "against.";

// All of the text as a number.
template <class T>
std::optional<T> NumberFrom(const std::string& text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string SetGuidance(contract::AdaptationCard& card, const std::string& text) {
  const auto lambda = NumberFrom<double>(text);
  if (!lambda || !(std::abs(*lambda) <= kMostGuidance))
    ThrowUsage("'" + text + "' is no number from -10 to 10", "guidance");
  return FormatDouble(std::exchange(card.guidance.lambda, *lambda + 0.0));
}

std::string SetOverTime(contract::AdaptationCard& card, const std::string& text) {
  policy::OverTimeFromName(text);
  return std::exchange(card.guidance.over_time, text);
}

std::string SetExecute(contract::AdaptationCard& card, const std::string& text) {
  const auto execute = NumberFrom<int64_t>(text);
  if (!execute || *execute < 1 || *execute > card.action.steps)
    ThrowUsage("'" + text + "' is no number from 1 to " + std::to_string(card.action.steps) + ", the steps of a chunk",
               "execute");
  return std::to_string(std::exchange(card.action.execute, *execute));
}

std::string SetAgainst(contract::CardCondition& condition, const std::string& text) {
  if (!text.empty() && std::ranges::find(condition.values, text) == condition.values.end())
    ThrowUsage("the policy was not trained with " + condition.key + " '" + text + "'",
               std::string(kAgainst) + condition.key, SuggestName(text, condition.values));
  return std::exchange(condition.against, text);
}

// The value of before.
std::string SetField(contract::AdaptationCard& card, const std::string& field, const std::string& text) {
  if (field == "execute") return SetExecute(card, text);
  std::vector<std::string> fields = {"guidance", "over_time", "execute"};
  for (contract::CardCondition& condition : card.conditions) {
    fields.push_back(std::string(kAgainst) + condition.key);
    if (field == fields.back()) return SetAgainst(condition, text);
  }
  const bool is_guidance = field == "guidance" || field == "over_time" || field.starts_with(kAgainst);
  if (is_guidance && card.conditions.empty())
    ThrowUsage("this policy was told no label in training, so there is nothing to guide it by", field,
               "train one with a method that conditions, such as cfg");
  if (field == "guidance") return SetGuidance(card, text);
  if (field == "over_time") return SetOverTime(card, text);
  ThrowUsage("'" + field + "' can't be set", "policy set", SuggestName(field, fields));
}

}  // namespace

CardEdit EditCard(const policy::Checkpoint& checkpoint, std::span<const std::string> settings,
                  const std::filesystem::path& evidence) {
  if (settings.empty() && evidence.empty())
    ThrowUsage("there is nothing to set", "policy set", "say e.g. guidance=-0.5");
  CardEdit edit{.card = checkpoint.card, .changes = {}, .notes = {}};
  std::set<std::string> given;
  for (const std::string& setting : settings) {
    const size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      ThrowUsage("'" + setting + "' is not FIELD=VALUE", "policy set", "say e.g. guidance=-0.5");
    const std::string field = setting.substr(0, equals), text = setting.substr(equals + 1);
    if (!given.insert(field).second) ThrowUsage("is given twice", field);
    const std::string before = SetField(edit.card, field, text);
    edit.changes.push_back({field, before, text});
  }
  const auto guides = [](const contract::AdaptationCard& card) {
    auto guidance = card.guidance;
    guidance.evidence.clear();
    std::vector<std::string> against;
    for (const contract::CardCondition& condition : card.conditions) against.push_back(condition.against);
    return std::pair(guidance, against);
  };
  if (!evidence.empty()) {
    edit.card.guidance.evidence = GuidanceEvidence(evidence, checkpoint.hash, edit.card);
    const auto from = edit.card.guidance.evidence.at("chosen_from").get<int64_t>();
    if (from > 1)
      edit.notes.push_back("picked from " + std::to_string(from) +
                           " values on these same episodes, which flatters it: rows of others carry that, too");
  } else if (!(guides(edit.card) == guides(checkpoint.card))) {
    edit.card.guidance.evidence = nlohmann::ordered_json::object();
    edit.notes.emplace_back("no evidence is given for this guidance; --evidence FOLDER takes a sweep's rows");
  }
  return edit;
}

}  // namespace heddle::serve

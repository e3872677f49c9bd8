#include "heddle/contract/card.h"

#include <algorithm>
#include <cmath>

#include "heddle/contract/record_json.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"

namespace heddle::contract {
namespace {

using Json = nlohmann::ordered_json;

void CheckSchema(const Json& json, const std::string& place) {
  const auto schema = json.is_object() ? json.find("schema") : json.end();
  if (!json.is_object() || schema == json.end()) ThrowInput("this is no adaptation card: it has no 'schema'", place);
  if (*schema != kCardSchema) {
    ThrowInput("the card has schema " + DumpJson(*schema) + ", and this program reads " + std::to_string(kCardSchema),
               place, "use the version that wrote it");
  }
}

void CheckLimits(const AdaptationCard& card, const std::string& place) {
  const CardLimits& limits = card.limits;
  const size_t dimensions = card.action.names.size();
  if (limits.low.size() != dimensions || limits.high.size() != dimensions) {
    ThrowInput("'limits' has " + std::to_string(limits.low.size()) + " and " + std::to_string(limits.high.size()) +
                   " numbers for " + Counted(static_cast<int64_t>(dimensions), "action dimension"),
               place);
  }
  for (size_t i = 0; i < dimensions; ++i) {
    if (!(limits.low[i] <= limits.high[i]))
      ThrowInput("'limits.low' is above 'limits.high' for " + card.action.names[i], place);
  }
}

void CheckConditions(const AdaptationCard& card, const std::string& place) {
  for (const CardCondition& condition : card.conditions) {
    for (const auto& [field, value] : {std::pair("act", condition.act), std::pair("against", condition.against)}) {
      if (!value.empty() && std::ranges::find(condition.values, value) == condition.values.end()) {
        ThrowInput(
            "condition '" + condition.key + "': '" + field + "' is '" + value + "', which it was not trained with",
            place, SuggestName(value, condition.values));
      }
    }
  }
}

}  // namespace

Json ToJson(const AdaptationCard& card) {
  Json json = {{"schema", kCardSchema}};
  json.update(RecordWriter::Of(card));
  return json;
}

AdaptationCard CardFromJson(const Json& json, const std::string& place) {
  CheckSchema(json, place);
  AdaptationCard card;
  int64_t schema = 0;
  RecordReader reader(json, place, "");
  reader.Field("schema", schema);
  AdaptationCard::Visit(card, reader);
  reader.RefuseOthers();
  if (!(card.control_hz > 0)) ThrowInput("'control_hz' must be above 0", place);
  if (card.action.execute > card.action.steps)
    ThrowInput("'action.execute' is more than the " + std::to_string(card.action.steps) + " steps of a chunk", place);
  if (!std::isfinite(card.guidance.lambda)) ThrowInput("'guidance.lambda' must be finite", place);
  CheckLimits(card, place);
  CheckConditions(card, place);
  return card;
}

std::string ObservationHash(const CardObservation& observation) {
  return Sha256Hex(CanonicalJson(RecordWriter::Of(observation)));
}
std::string ActionHash(const CardAction& action) { return Sha256Hex(CanonicalJson(RecordWriter::Of(action))); }

}  // namespace heddle::contract

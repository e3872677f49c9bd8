#include "heddle/contract/evidence_row.h"

#include "heddle/contract/record_json.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"

namespace heddle::contract {
namespace {

using Json = nlohmann::ordered_json;

void CheckSchema(const Json& json, const std::string& place) {
  const auto schema = json.is_object() ? json.find("schema") : json.end();
  if (!json.is_object() || schema == json.end()) {
    ThrowInput("this is no evidence row: it has no 'schema'", place, "give a file that heddle eval wrote");
  }
  if (*schema != kEvidenceSchema) {
    ThrowInput(
        "this row has schema " + DumpJson(*schema) + ", and this program reads " + std::to_string(kEvidenceSchema),
        place, "use the version that wrote it");
  }
}

void CheckRanges(const EvidenceRow& row, const std::string& place) {
  if (!(row.setup.control_hz > 0)) ThrowInput("'setup.control_hz' must be above 0", place);
  if (row.policy.chosen_from && *row.policy.chosen_from < 1) {
    ThrowInput("'policy.chosen_from' must be at least 1", place);
  }
  const std::optional<double> w = row.policy.training ? row.policy.training->w : std::nullopt;
  if (w && !(*w >= 0 && *w <= 1)) ThrowInput("'policy.training.w' must be between 0 and 1", place);
  if (row.outcome.success_end && !row.outcome.success_any) {
    ThrowInput("'outcome.success_end' is true and 'outcome.success_any' is false", place,
               "the end is a step, too: who succeeds there has succeeded at some step");
  }
}

}  // namespace

Json ToJson(const EvidenceRow& row) {
  Json json = {{"schema", kEvidenceSchema}};
  json["setup"] = RecordWriter::Of(row.setup);
  json["policy"] = RecordWriter::Of(row.policy);
  json["outcome"] = RecordWriter::Of(row.outcome);
  return json;
}

EvidenceRow EvidenceRowFromJson(const Json& json, const std::string& place) {
  CheckSchema(json, place);
  EvidenceRow row;
  int64_t schema = 0;
  RecordReader reader(json, place, "");
  reader.Field("schema", schema);
  reader.Field("setup", row.setup);
  reader.Field("policy", row.policy);
  reader.Field("outcome", row.outcome);
  reader.RefuseOthers();
  CheckRanges(row, place);
  return row;
}

std::string SetupHash(const EvidenceSetup& setup) { return Sha256Hex(CanonicalJson(RecordWriter::Of(setup))); }
std::string PolicyHash(const EvidencePolicy& policy) { return Sha256Hex(CanonicalJson(RecordWriter::Of(policy))); }

bool IsUnanswered(const std::string& failure) { return failure.starts_with("policy-"); }

}  // namespace heddle::contract

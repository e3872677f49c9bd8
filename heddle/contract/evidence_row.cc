#include "heddle/contract/evidence_row.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/sha256.h"
#include "heddle/core/text.h"

namespace heddle::contract {
namespace {

using Json = nlohmann::ordered_json;

class Writer {
 public:
  template <class T>
  void Field(const char* name, const T& value, int64_t /*min*/ = 0) {
    json[name] = Of(value);
  }
  template <class T>
  void Optional(const char* name, const T& value) {
    json[name] = Of(value);
  }
  template <class T>
  static Json Of(const T& value) {
    if constexpr (requires(Writer& w) { T::Visit(value, w); }) {
      Writer inner;
      T::Visit(value, inner);
      return std::move(inner.json);
    } else {
      return value;
    }
  }
  template <class T>
  static Json Of(const std::optional<T>& value) {
    return value ? Of(*value) : Json(nullptr);
  }

  Json json = Json::object();
};

// Reads one object: asked for each of its members in turn, it then knows which others must not be there.
class Reader {
 public:
  Reader(const Json& json, std::string place, std::string path)
      : json_(json), place_(std::move(place)), path_(std::move(path)) {
    if (!json.is_object()) Fail("", "must be an object");
  }

  template <class T>
  void Field(const char* name, T& value, int64_t min = std::numeric_limits<int64_t>::min()) {
    names_.emplace_back(name);
    const auto found = json_.find(name);
    if (found == json_.end()) Fail(name, "is missing");
    Read(*found, name, value);
    if constexpr (std::is_same_v<T, int64_t>) {
      if (value < min) Fail(name, "must be at least " + std::to_string(min));
    }
  }
  template <class T>
  void Optional(const char* name, T& value) {
    names_.emplace_back(name);
    const auto found = json_.find(name);
    if (found != json_.end() && !found->is_null()) Read(*found, name, value);
  }
  void RefuseOthers() const {
    for (const auto& [key, value] : json_.items()) {
      if (std::find(names_.begin(), names_.end(), key) == names_.end()) {
        ThrowInput("unknown key '" + PathOf(key) + "'", place_, SuggestName(key, names_));
      }
    }
  }

 private:
  template <class T>
  void Read(const Json& json, const char* name, std::optional<T>& value) {
    Read(json, name, value.emplace());
  }
  template <class T>
  void Read(const Json& json, const char* name, T& value) {
    if constexpr (requires(Reader& r) { T::Visit(value, r); }) {
      Reader inner(json, place_, PathOf(name));
      T::Visit(value, inner);
      inner.RefuseOthers();
    } else {
      ReadPlain(json, name, value);
    }
  }
  void ReadPlain(const Json& json, const char* name, std::string& value) const {
    if (!json.is_string()) Fail(name, "must be text");
    value = json.get<std::string>();
  }
  void ReadPlain(const Json& json, const char* name, bool& value) const {
    if (!json.is_boolean()) Fail(name, "must be true or false");
    value = json.get<bool>();
  }
  void ReadPlain(const Json& json, const char* name, double& value) const {
    if (!json.is_number()) Fail(name, "must be a number");
    value = json.get<double>();
  }
  void ReadPlain(const Json& json, const char* name, int64_t& value) const {
    constexpr double kMost = 9.2e18;
    const bool is_whole = json.is_number() && std::nearbyint(json.get<double>()) == json.get<double>();
    if (!is_whole || std::abs(json.get<double>()) > kMost) Fail(name, "must be a whole number");
    value = json.get<int64_t>();
  }
  void ReadPlain(const Json& json, const char* name, std::vector<std::string>& value) const {
    if (!json.is_array()) Fail(name, "must be a list of texts");
    value.resize(json.size());
    for (size_t i = 0; i < json.size(); ++i) ReadPlain(json[i], name, value[i]);
  }
  void ReadPlain(const Json& json, const char* name, Json& value) const {
    if (!json.is_object()) Fail(name, "must be an object");
    value = json;
  }

  std::string PathOf(const std::string& name) const {
    return path_.empty() || name.empty() ? path_ + name : path_ + "." + name;
  }
  [[noreturn]] void Fail(const std::string& name, const std::string& what) const {
    const std::string path = PathOf(name);
    ThrowInput(path.empty() ? "a row " + what : "'" + path + "' " + what, place_);
  }

  const Json& json_;
  const std::string place_, path_;
  std::vector<std::string> names_;
};

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
  json["setup"] = Writer::Of(row.setup);
  json["policy"] = Writer::Of(row.policy);
  json["outcome"] = Writer::Of(row.outcome);
  return json;
}

EvidenceRow EvidenceRowFromJson(const Json& json, const std::string& place) {
  CheckSchema(json, place);
  EvidenceRow row;
  int64_t schema = 0;
  Reader reader(json, place, "");
  reader.Field("schema", schema);
  reader.Field("setup", row.setup);
  reader.Field("policy", row.policy);
  reader.Field("outcome", row.outcome);
  reader.RefuseOthers();
  CheckRanges(row, place);
  return row;
}

std::string SetupHash(const EvidenceSetup& setup) { return Sha256Hex(CanonicalJson(Writer::Of(setup))); }
std::string PolicyHash(const EvidencePolicy& policy) { return Sha256Hex(CanonicalJson(Writer::Of(policy))); }

bool IsUnanswered(const std::string& failure) { return failure.starts_with("policy-"); }

}  // namespace heddle::contract

#include "heddle/data/lerobot/json_fields.h"

#include <cmath>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53

std::string Shown(const nlohmann::ordered_json& value) {
  std::string text = value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  if (text.size() > 40) text = text.substr(0, 40) + "...";
  return text;
}

}  // namespace

JsonFields::JsonFields(const nlohmann::ordered_json& json, std::string place, std::string path)
    : json_(json), place_(std::move(place)), path_(std::move(path)) {
  if (!json_.is_object()) {
    ThrowInput("a JSON object is needed here, and it is " + Shown(json_), place_ + (path_.empty() ? "" : ": " + path_));
  }
}

std::string JsonFields::PathOf(const std::string& key) const { return path_.empty() ? key : path_ + "." + key; }

std::string JsonFields::PlaceOf(const std::string& key) const { return place_ + ": " + PathOf(key); }

void JsonFields::Fail(const std::string& key, const std::string& what, const std::string& mend) const {
  ThrowInput(what, PlaceOf(key), mend);
}

const nlohmann::ordered_json* JsonFields::Find(const std::string& key) const {
  const auto found = json_.find(key);
  return found == json_.end() || found->is_null() ? nullptr : &*found;
}

const nlohmann::ordered_json& JsonFields::Require(const std::string& key) const {
  if (const auto* value = Find(key)) return *value;
  Fail(key, "the key is missing");
}

std::string JsonFields::Text(const std::string& key) const {
  const auto& value = Require(key);
  if (!value.is_string()) Fail(key, "must be text, and is " + Shown(value));
  return value.get<std::string>();
}

std::string JsonFields::TextOr(const std::string& key, const std::string& otherwise) const {
  return Find(key) ? Text(key) : otherwise;
}

int64_t JsonFields::Whole(const std::string& key, int64_t min) const {
  const double value = Number(key);
  if (value != std::floor(value) || value < static_cast<double>(min) || value > kLargestWhole) {
    Fail(key, "must be a whole number from " + std::to_string(min) + " to 2^53, and is " + Shown(Require(key)));
  }
  return static_cast<int64_t>(value);
}

int64_t JsonFields::WholeOr(const std::string& key, int64_t otherwise, int64_t min) const {
  return Find(key) ? Whole(key, min) : otherwise;
}

double JsonFields::Number(const std::string& key) const {
  const auto& value = Require(key);
  if (!value.is_number()) Fail(key, "must be a number, and is " + Shown(value));
  return value.get<double>();
}

double JsonFields::NumberOr(const std::string& key, double otherwise) const {
  return Find(key) ? Number(key) : otherwise;
}

bool JsonFields::FlagOr(const std::string& key, bool otherwise) const {
  const auto* value = Find(key);
  if (!value) return otherwise;
  if (!value->is_boolean()) Fail(key, "must be true or false, and is " + Shown(*value));
  return value->get<bool>();
}

JsonFields JsonFields::Object(const std::string& key) const { return JsonFields(Require(key), place_, PathOf(key)); }

}  // namespace heddle::data

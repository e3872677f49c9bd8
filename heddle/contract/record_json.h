// Records as JSON: a struct with `static void Visit(auto& self, auto& v)` that names its fields in order, written whole
// and read strictly.
//
//   v.Field("name", self.name);         must be there
//   v.Field("steps", self.steps, 1);    at least 1
//   v.Optional("note", self.note);      may be left out or null when it is read
//
// A field is a bool, int64_t, double, text, JSON object, a record, or an optional, vector or map by text of these.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::contract {

class RecordWriter {
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
  static nlohmann::ordered_json Of(const T& value) {
    if constexpr (requires(RecordWriter& w) { T::Visit(value, w); }) {
      RecordWriter inner;
      T::Visit(value, inner);
      return std::move(inner.json);
    } else {
      return value;
    }
  }
  template <class T>
  static nlohmann::ordered_json Of(const std::optional<T>& value) {
    return value ? Of(*value) : nlohmann::ordered_json(nullptr);
  }

  template <class T>
  static nlohmann::ordered_json Of(const std::vector<T>& values) {
    auto json = nlohmann::ordered_json::array();
    for (const T& value : values) json.push_back(Of(value));
    return json;
  }
  template <class T>
  static nlohmann::ordered_json Of(const std::map<std::string, T>& values) {
    auto json = nlohmann::ordered_json::object();
    for (const auto& [key, value] : values) json[key] = Of(value);
    return json;
  }

  nlohmann::ordered_json json = nlohmann::ordered_json::object();
};

// Reads one object: asked for each of its members in turn, it then knows which others must not be there.
class RecordReader {
 public:
  RecordReader(const nlohmann::ordered_json& json, std::string place, std::string path)
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
  void Read(const nlohmann::ordered_json& json, const char* name, std::optional<T>& value) {
    Read(json, name, value.emplace());
  }
  template <class T>
  void Read(const nlohmann::ordered_json& json, const char* name, std::vector<T>& values) {
    if (!json.is_array()) Fail(name, "must be a list");
    values.clear();
    for (size_t i = 0; i < json.size(); ++i) {
      T value{};
      Read(json[i], (name + ("[" + std::to_string(i) + "]")).c_str(), value);
      values.push_back(std::move(value));
    }
  }
  template <class T>
  void Read(const nlohmann::ordered_json& json, const char* name, std::map<std::string, T>& values) {
    if (!json.is_object()) Fail(name, "must be an object");
    values.clear();
    for (const auto& [key, value] : json.items()) Read(value, (name + ("." + key)).c_str(), values[key]);
  }
  template <class T>
  void Read(const nlohmann::ordered_json& json, const char* name, T& value) {
    if constexpr (requires(RecordReader& r) { T::Visit(value, r); }) {
      RecordReader inner(json, place_, PathOf(name));
      T::Visit(value, inner);
      inner.RefuseOthers();
    } else {
      ReadPlain(json, name, value);
    }
  }
  void ReadPlain(const nlohmann::ordered_json& json, const char* name, std::string& value) const {
    if (!json.is_string()) Fail(name, "must be text");
    value = json.get<std::string>();
  }
  void ReadPlain(const nlohmann::ordered_json& json, const char* name, bool& value) const {
    if (!json.is_boolean()) Fail(name, "must be true or false");
    value = json.get<bool>();
  }
  void ReadPlain(const nlohmann::ordered_json& json, const char* name, double& value) const {
    if (!json.is_number()) Fail(name, "must be a number");
    value = json.get<double>();
  }
  void ReadPlain(const nlohmann::ordered_json& json, const char* name, int64_t& value) const {
    constexpr double kMost = 9.2e18;
    const bool is_whole = json.is_number() && std::nearbyint(json.get<double>()) == json.get<double>();
    if (!is_whole || std::abs(json.get<double>()) > kMost) Fail(name, "must be a whole number");
    value = json.get<int64_t>();
  }
  void ReadPlain(const nlohmann::ordered_json& json, const char* name, nlohmann::ordered_json& value) const {
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

  const nlohmann::ordered_json& json_;
  const std::string place_, path_;
  std::vector<std::string> names_;
};

}  // namespace heddle::contract

// Members of a JSON object, of the type that is wanted or an error that names file and key.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace heddle::data {

class JsonFields {
 public:
  // `place`: the file; `path`: the object's own key in it, empty at the top. kInput if `json` is no object. Both must
  // outlive this.
  JsonFields(const nlohmann::ordered_json& json, std::string place, std::string path = "");

  // Null if it is not there or is null.
  const nlohmann::ordered_json* Find(const std::string& key) const;
  const nlohmann::ordered_json& Require(const std::string& key) const;

  std::string Text(const std::string& key) const;
  std::string TextOr(const std::string& key, const std::string& otherwise) const;
  // A whole number in [min, 2^53].
  int64_t Whole(const std::string& key, int64_t min = 0) const;
  int64_t WholeOr(const std::string& key, int64_t otherwise, int64_t min = 0) const;
  double Number(const std::string& key) const;
  double NumberOr(const std::string& key, double otherwise) const;
  bool FlagOr(const std::string& key, bool otherwise) const;
  JsonFields Object(const std::string& key) const;

  const nlohmann::ordered_json& json() const { return json_; }
  // "meta/info.json: features.action.shape" and so on.
  std::string PlaceOf(const std::string& key) const;
  [[noreturn]] void Fail(const std::string& key, const std::string& what, const std::string& mend = "") const;

 private:
  std::string PathOf(const std::string& key) const;

  const nlohmann::ordered_json& json_;
  std::string place_, path_;
};

}  // namespace heddle::data

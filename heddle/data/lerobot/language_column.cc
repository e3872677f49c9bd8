#include "heddle/data/lerobot/language_column.h"

#include <arrow/api.h>

#include <algorithm>
#include <vector>

#include "heddle/core/json.h"
#include "heddle/core/text.h"
#include "heddle/data/lerobot/arrow_check.h"

namespace heddle::data {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> KeysOf(const std::string& column) {
  if (LanguageHasTimes(column)) return {"role", "content", "style", "timestamp", "camera", "tool_calls"};
  return {"role", "content", "style", "camera", "tool_calls"};
}

std::shared_ptr<arrow::DataType> TypeOfKey(const std::string& key) {
  if (key == "timestamp") return arrow::float32();
  if (key == "tool_calls") return arrow::list(arrow::field("element", arrow::utf8()));
  return arrow::utf8();
}

const Json& At(const Json& row, const std::string& key) {
  static const Json null;
  const auto found = row.find(key);
  return found == row.end() ? null : *found;
}

void CheckValue(const std::string& key, const Json& value, const std::string& where) {
  const bool required = key == "role" || key == "timestamp";
  const bool right = value.is_null()       ? !required
                     : key == "timestamp"  ? value.is_number()
                     : key == "tool_calls" ? value.is_array()
                                           : value.is_string();
  if (!right) ThrowInput("the annotation's '" + key + "' is missing or of the wrong type", where);
}

void AppendValue(const std::string& key, const Json& value, arrow::ArrayBuilder& builder) {
  if (value.is_null()) return RequireBuilt(builder.AppendNull());
  if (key == "timestamp") {
    return RequireBuilt(static_cast<arrow::FloatBuilder&>(builder).Append(value.get<float>()));
  }
  if (key != "tool_calls") {
    return RequireBuilt(static_cast<arrow::StringBuilder&>(builder).Append(value.get<std::string>()));
  }
  auto& list = static_cast<arrow::ListBuilder&>(builder);
  RequireBuilt(list.Append());
  for (const Json& call : value) {
    const std::string text = call.is_string() ? call.get<std::string>() : DumpJson(call);
    RequireBuilt(static_cast<arrow::StringBuilder&>(*list.value_builder()).Append(text));
  }
}

}  // namespace

bool LanguageHasTimes(const std::string& column) { return column == "language_persistent"; }

void CheckLanguage(const std::string& column, const Json& rows, const std::string& where) {
  if (!rows.is_array()) ThrowInput("annotations must be a list of rows", where);
  const std::vector<std::string> keys = KeysOf(column);
  for (const Json& row : rows) {
    if (!row.is_object()) ThrowInput("an annotation must be an object", where);
    for (const auto& [key, value] : row.items()) {
      if (std::find(keys.begin(), keys.end(), key) == keys.end()) {
        ThrowInput("an annotation has no key '" + key + "'", where, SuggestName(key, keys));
      }
    }
    for (const std::string& key : keys) CheckValue(key, At(row, key), where);
  }
}

std::shared_ptr<arrow::DataType> LanguageType(const std::string& column) {
  arrow::FieldVector fields;
  for (const std::string& key : KeysOf(column)) fields.push_back(arrow::field(key, TypeOfKey(key)));
  return arrow::list(arrow::field("element", arrow::struct_(fields)));
}

std::shared_ptr<arrow::Array> LanguageArray(const std::string& column, std::span<const Json> frames) {
  auto made = arrow::MakeBuilder(LanguageType(column));
  RequireBuilt(made.status());
  auto& list = static_cast<arrow::ListBuilder&>(**made);
  auto& rows = static_cast<arrow::StructBuilder&>(*list.value_builder());
  const std::vector<std::string> keys = KeysOf(column);
  for (const Json& frame : frames) {
    RequireBuilt(list.Append());
    for (const Json& row : frame) {
      RequireBuilt(rows.Append());
      for (size_t i = 0; i < keys.size(); ++i) {
        AppendValue(keys[i], At(row, keys[i]), *rows.field_builder(static_cast<int>(i)));
      }
    }
  }
  std::shared_ptr<arrow::Array> array;
  RequireBuilt(list.Finish(&array));
  return array;
}

Json LanguageHubType(const std::string& column) {
  const auto value = [](const char* dtype) { return Json{{"dtype", dtype}, {"_type", "Value"}}; };
  Json row = Json::object();
  for (const std::string& key : KeysOf(column)) {
    row[key] = key == "timestamp"    ? value("float32")
               : key == "tool_calls" ? Json{{"feature", value("string")}, {"_type", "List"}}
                                     : value("string");
  }
  return {{"feature", row}, {"_type", "List"}};
}

}  // namespace heddle::data

// Language columns of data files: lists of annotation rows, one list a frame.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <string>

namespace arrow {
class Array;
class DataType;
}  // namespace arrow

namespace heddle::data {

// The column `language_persistent` has a time in each row, any other (`language_events`) has not.
bool LanguageHasTimes(const std::string& column);

// kInput with `where`: not a list of objects, a key that no row has, a role or time that is missing, a value of
// another type.
void CheckLanguage(const std::string& column, const nlohmann::ordered_json& rows, const std::string& where);

std::shared_ptr<arrow::DataType> LanguageType(const std::string& column);
// `frames`: lists that were checked.
std::shared_ptr<arrow::Array> LanguageArray(const std::string& column, std::span<const nlohmann::ordered_json> frames);
// What the file's metadata says of the column.
nlohmann::ordered_json LanguageHubType(const std::string& column);

}  // namespace heddle::data

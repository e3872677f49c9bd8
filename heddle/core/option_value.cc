#include "heddle/core/option_value.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/json.h"
#include "heddle/core/text.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

std::string Quoted(const std::string& text) { return "'" + text + "'"; }

[[noreturn]] void ThrowAt(const FieldPlace& at, const std::string& what, const std::string& mend = "") {
  ThrowUsage(at.path + " " + what, at.place, mend);
}

// What the user gave, in words and never long.
std::string Given(const Json& value) {
  constexpr size_t kLongest = 40;
  if (value.is_null()) return "has no value";
  if (value.is_object()) return "is a group of keys";
  if (value.is_string()) {
    const std::string& text = value.get_ref<const std::string&>();
    return "is the text " + Quoted(text.size() <= kLongest ? text : text.substr(0, kLongest) + "...");
  }
  if (value.is_number_float()) return "is " + FormatDouble(value.get<double>());
  if (value.is_array()) return value.empty() ? "is an empty list" : "is a list";
  return "is " + value.dump();
}

// Each returns nothing if the value is of another type.
template <class T>
std::optional<T> Take(const Json& value);

template <>
std::optional<bool> Take(const Json& value) {
  return value.is_boolean() ? std::optional(value.get<bool>()) : std::nullopt;
}

template <>
std::optional<double> Take(const Json& value) {
  return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

// 1e5 and 3.0 are whole, too.
template <>
std::optional<int64_t> Take(const Json& value) {
  constexpr double kExactIntegers = 0x1p53;
  if (value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX}) return std::nullopt;
  if (value.is_number_integer()) return value.get<int64_t>();
  if (!value.is_number_float()) return std::nullopt;
  const double number = value.get<double>();
  const bool whole = std::abs(number) <= kExactIntegers && number == std::floor(number);
  return whole ? std::optional(static_cast<int64_t>(number)) : std::nullopt;
}

template <>
std::optional<std::string> Take(const Json& value) {
  return value.is_string() ? std::optional(value.get<std::string>()) : std::nullopt;
}

bool InRange(const FieldInfo& info, double value) {
  return value >= info.min && value <= info.max && value > info.above && value < info.below;
}

void CheckNumber(const FieldInfo& info, double value, const FieldPlace& at) {
  if (!std::isfinite(value)) ThrowAt(at, "is " + FormatDouble(value), "give a finite number");
  if (InRange(info, value)) return;
  const std::string unit = info.unit.empty() ? "" : " " + info.unit;
  ThrowAt(at, "is " + FormatDouble(value) + unit + ", which is out of range", "it must lie in " + RangeText(info));
}

void CheckText(const FieldInfo& info, const std::string& value, const FieldPlace& at) {
  if (!IsUtf8(value)) ThrowAt(at, "is no UTF-8 text");
  const bool free = info.names.empty();
  if (free || std::find(info.names.begin(), info.names.end(), value) != info.names.end()) return;
  ThrowAt(at, "can't be " + Quoted(value), SuggestName(value, info.names));
}

constexpr const char* kAuto = "auto";

template <class T>
void CheckValue(const FieldInfo& info, const T& value, const FieldPlace& at) {
  if constexpr (std::is_same_v<T, std::optional<double>>) {
    if (value) CheckNumber(info, *value, at);
  } else if constexpr (std::is_same_v<T, std::string>) {
    CheckText(info, value, at);
  } else if constexpr (!std::is_same_v<T, bool>) {
    CheckNumber(info, static_cast<double>(value), at);
  }
}

template <class T>
void CheckList(const FieldInfo& info, const std::vector<T>& values, const FieldPlace& at) {
  if (static_cast<int64_t>(values.size()) < info.min_items) {
    ThrowAt(at, "has " + std::to_string(values.size()) + " values", "give at least " + std::to_string(info.min_items));
  }
  for (size_t i = 0; i < values.size(); ++i) {
    CheckValue(info, values[i], {at.place, at.path + "[" + std::to_string(i) + "]"});
  }
}

template <class T>
T TakeOrThrow(const OptionField& field, const Json& value, const FieldPlace& at) {
  if (auto taken = Take<T>(value)) return *std::move(taken);
  const std::string type = TypeText(field);
  const std::string article = type[0] == 'i' ? "an " : type == "text" ? "" : "a ";
  const bool too_long = value.is_number() && type == "integer" && std::abs(value.get<double>()) > 0x1p53;
  const std::string mend = value.is_null() ? "give one, or leave the key out"
                           : too_long      ? "it must be an integer of at most 64 bits, written in full"
                                           : "it must be " + article + type;
  ThrowAt(at, Given(value), mend);
}

template <class T>
void TakeList(const OptionField& field, const Json& value, const FieldPlace& at, std::vector<T>& list) {
  if (!value.is_array()) ThrowAt(at, Given(value), "it must be a " + TypeText(field) + ": [1st, 2nd, ...]");
  list.clear();
  for (size_t i = 0; i < value.size(); ++i) {
    auto item = Take<T>(value[i]);
    const FieldPlace item_at{at.place, at.path + "[" + std::to_string(i) + "]"};
    if (!item) ThrowAt(item_at, Given(value[i]), at.path + " must be a " + TypeText(field));
    list.push_back(*std::move(item));
  }
}

int64_t IndexOfName(const OptionField& field, const Json& value, const FieldPlace& at) {
  if (!value.is_string()) ThrowAt(at, Given(value), "it must be one of: " + Join(field.info.names, ", "));
  const std::string name = value.get<std::string>();
  CheckText(field.info, name, at);
  return std::find(field.info.names.begin(), field.info.names.end(), name) - field.info.names.begin();
}

// Text that means itself in YAML without quotes: plain letters, and no word that a reader takes for something else.
bool IsPlainYaml(const std::string& text) {
  static const std::vector<std::string> kWords = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"};
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto inside = [&letter](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
  if (text.empty() || !letter(text[0]) || !std::all_of(text.begin(), text.end(), inside)) return false;
  std::string lower = text;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

std::string YamlOf(const Json& value) {
  if (value.is_array()) {
    std::vector<std::string> items;
    for (const Json& item : value) items.push_back(YamlOf(item));
    return "[" + Join(items, ", ") + "]";
  }
  if (value.is_number_float()) return FormatDouble(value.get<double>());
  if (value.is_string() && IsPlainYaml(value.get_ref<const std::string&>())) return value.get<std::string>();
  return DumpJson(value);
}

}  // namespace

void AssignField(const OptionField& field, const Json& value, const FieldPlace& at) {
  std::visit(Overloaded{[&](const EnumField& to) { to.set(IndexOfName(field, value, at)); },
                        [&]<class T>(std::vector<T>* to) { TakeList(field, value, at, *to); },
                        [&](std::optional<double>* to) {
                          *to = value == kAuto ? std::nullopt : std::optional(TakeOrThrow<double>(field, value, at));
                        },
                        [&]<class T>(T* to) { *to = TakeOrThrow<T>(field, value, at); }},
             field.value);
  CheckField(field, at);
}

void CheckField(const OptionField& field, const FieldPlace& at) {
  const FieldInfo& info = field.info;
  const auto names = static_cast<int64_t>(info.names.size());
  std::visit(Overloaded{[&](const EnumField& value) { HEDDLE_DEMAND(value.get() >= 0 && value.get() < names); },
                        [&]<class T>(std::vector<T>* value) { CheckList(info, *value, at); },
                        [&]<class T>(T* value) { CheckValue(info, *value, at); }},
             field.value);
}

Json FieldJson(const OptionField& field) {
  const auto name_of = [&](const EnumField& value) { return field.info.names.at(static_cast<size_t>(value.get())); };
  return std::visit(Overloaded{[&](const EnumField& value) { return Json(name_of(value)); },
                               [](const std::optional<double>* value) { return *value ? Json(**value) : Json(kAuto); },
                               [](const auto* value) { return Json(*value); }},
                    field.value);
}

std::string FieldYaml(const OptionField& field) { return YamlOf(FieldJson(field)); }

std::string TypeText(const OptionField& field) {
  if (!field.info.names.empty()) return "name";
  return std::visit(
      Overloaded{[](bool*) { return "truth value (true or false)"; },                                            //
                 [](int64_t*) { return "integer"; },                                                             //
                 [](double*) { return "number"; },                                                               //
                 [](std::optional<double>*) { return "number, or auto"; }, [](std::string*) { return "text"; },  //
                 [](const EnumField&) { return "name"; },                                                        //
                 [](std::vector<int64_t>*) { return "list of integers"; },
                 [](std::vector<double>*) { return "list of numbers"; },
                 [](std::vector<std::string>*) { return "list of texts"; }},
      field.value);
}

std::string RangeText(const FieldInfo& info) {
  const bool low_open = info.above >= info.min, high_open = info.below <= info.max;
  const double low = std::max(info.above, info.min), high = std::min(info.below, info.max);
  if (std::isinf(low) && std::isinf(high)) return "";
  if (std::isinf(high)) return (low_open ? "> " : ">= ") + FormatDouble(low);
  if (std::isinf(low)) return (high_open ? "< " : "<= ") + FormatDouble(high);
  return (low_open ? "(" : "[") + FormatDouble(low) + ", " + FormatDouble(high) + (high_open ? ")" : "]");
}

}  // namespace heddle

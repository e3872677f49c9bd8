#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/core/yaml_document.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;
using Kind = YamlNode::Kind;

// A whole number or a decimal one in the notation of YAML 1.2; from_chars alone would take "inf" and refuse "+1".
std::optional<Json> NumberOf(std::string_view text, const std::string& place) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  const bool numeric = !digits.empty() && digits.find_first_not_of("0123456789+-.eE") == std::string_view::npos &&
                       digits.find_first_of("0123456789") != std::string_view::npos;
  if (!numeric || (digits != text && digits.starts_with('-'))) return std::nullopt;
  const char* end = digits.data() + digits.size();
  int64_t integer = 0;
  const auto whole = std::from_chars(digits.data(), end, integer);
  if (whole.ptr == end && whole.ec == std::errc()) return Json(integer);
  double number = 0;
  const auto read = std::from_chars(digits.data(), end, number);
  if (read.ptr != end) return std::nullopt;
  if (read.ec != std::errc()) ThrowUsage("the number " + std::string(text) + " is too large or too small", place);
  return Json(number);
}

// What a scalar without quotes means, by YAML 1.2.
Json PlainScalar(const std::string& text, const std::string& place) {
  static const std::map<std::string, Json, std::less<>> kWords = {
      {"true", true},       {"True", true},       {"TRUE", true},     {"false", false},   {"False", false},
      {"FALSE", false},     {"null", nullptr},    {"Null", nullptr},  {"NULL", nullptr},  {"~", nullptr},
      {"", nullptr},        {".inf", INFINITY},   {".Inf", INFINITY}, {".INF", INFINITY}, {"-.inf", -INFINITY},
      {"-.Inf", -INFINITY}, {"-.INF", -INFINITY}, {".nan", NAN},      {".NaN", NAN},      {".NAN", NAN}};
  if (const auto word = kWords.find(text); word != kWords.end()) return word->second;
  if (auto number = NumberOf(text, place)) return *std::move(number);
  return Json(text);
}

Json ScalarOf(const YamlNode& node, const std::string& place) {
  if (node.kind == Kind::kNull) return Json(nullptr);
  if (node.tag == "!") return Json(node.text);
  if (!node.tag.empty() && node.tag != "?") ThrowUsage("the tag " + node.tag + " is not taken", place, "leave it out");
  return PlainScalar(node.text, place);
}

}  // namespace

Json ValueOf(const YamlNode& node, const YamlSource& source) {
  if (node.kind == Kind::kMap) return Json::object();
  if (node.kind != Kind::kList) return ScalarOf(node, source.Place(node.line));
  Json list = Json::array();
  for (const YamlNode& item : node.items) {
    const bool deeper = item.kind == Kind::kList || item.kind == Kind::kMap;
    list.push_back(!deeper                    ? ScalarOf(item, source.Place(item.line))
                   : item.kind == Kind::kList ? Json::array()
                                              : Json::object());
  }
  return list;
}

}  // namespace heddle

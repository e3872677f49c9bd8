#include "heddle/core/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 200;

class Writer {
 public:
  Writer(int indent, bool sorted) : indent_(indent), sorted_(sorted) {}

  void Write(const Json& json, const std::string& path, int depth) {
    switch (json.type()) {
      case Json::value_t::object: return WriteObject(json, path, depth);
      case Json::value_t::array: return WriteArray(json, path, depth);
      case Json::value_t::string: return WriteString(json.get_ref<const std::string&>(), path);
      case Json::value_t::number_float: return WriteNumber(json.get<double>(), path);
      default: text_ += json.dump();
    }
  }

  std::string text() && { return std::move(text_); }

 private:
  void WriteObject(const Json& json, const std::string& path, int depth) {
    std::vector<std::pair<std::string, const Json*>> members;
    for (const auto& [key, value] : json.items()) members.emplace_back(key, &value);
    if (sorted_) std::sort(members.begin(), members.end());
    text_ += '{';
    for (size_t i = 0; i < members.size(); ++i) {
      if (i > 0) text_ += ',';
      NewLine(depth + 1);
      WriteString(members[i].first, path);
      text_ += indent_ < 0 ? ":" : ": ";
      Write(*members[i].second, path + "." + members[i].first, depth + 1);
    }
    if (!members.empty()) NewLine(depth);
    text_ += '}';
  }

  void WriteArray(const Json& json, const std::string& path, int depth) {
    const bool flat = std::none_of(json.begin(), json.end(), [](const Json& item) { return item.is_structured(); });
    text_ += '[';
    for (size_t i = 0; i < json.size(); ++i) {
      if (i > 0) text_ += flat && indent_ >= 0 ? ", " : ",";
      if (!flat) NewLine(depth + 1);
      Write(json[i], path + "[" + std::to_string(i) + "]", depth + 1);
    }
    if (!flat) NewLine(depth);
    text_ += ']';
  }

  void WriteString(const std::string& value, const std::string& path) {
    if (!IsUtf8(value)) ThrowInput("this text is not UTF-8", Place(path));
    text_ += Json(value).dump();
  }

  void WriteNumber(double value, const std::string& path) {
    if (!std::isfinite(value)) {
      throw Error(ErrorKind::kBug, "the number " + FormatDouble(value) + " can't stand in JSON", Place(path));
    }
    text_ += value == 0 ? "0" : FormatDouble(value);
  }

  void NewLine(int depth) {
    if (indent_ < 0) return;
    text_ += '\n';
    text_.append(static_cast<size_t>(indent_ * depth), ' ');
  }

  static std::string Place(const std::string& path) { return path.starts_with('.') ? path.substr(1) : path; }

  const int indent_;
  const bool sorted_;
  std::string text_;
};

// Line and column of a byte, counted from 1.
std::string PlaceInText(std::string_view text, size_t byte, const std::string& place) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return place + ":" + std::to_string(line) + ":" + std::to_string(before.size() - line_begin + 1);
}

// Sees every key as it is parsed, and remembers those of the objects that are still open.
class KeyGuard {
 public:
  explicit KeyGuard(const std::string& place) : place_(place) {}

  bool operator()(int depth, Json::parse_event_t event, const Json& parsed) {
    if (depth > kMaxDepth) ThrowInput("JSON nested deeper than " + std::to_string(kMaxDepth) + " levels", place_);
    if (event == Json::parse_event_t::object_start) open_.emplace_back();
    if (event == Json::parse_event_t::object_end) open_.pop_back();
    if (event == Json::parse_event_t::key && !open_.back().insert(parsed.get<std::string>()).second) {
      ThrowInput("the key '" + parsed.get<std::string>() + "' is given twice", place_, "keep one of them");
    }
    return true;
  }

 private:
  const std::string& place_;
  std::vector<std::set<std::string>> open_;
};

}  // namespace

std::string DumpJson(const Json& json, int indent) {
  Writer writer(indent, false);
  writer.Write(json, "", 0);
  return std::move(writer).text();
}

std::string CanonicalJson(const Json& json) {
  Writer writer(-1, true);
  writer.Write(json, "", 0);
  return std::move(writer).text();
}

Json ParseJson(std::string_view text, const std::string& place) {
  KeyGuard guard(place);
  try {
    return Json::parse(text, std::ref(guard));
  } catch (const Json::parse_error& error) {
    ThrowInput("this is not JSON", PlaceInText(text, error.byte == 0 ? 0 : error.byte - 1, place));
  } catch (const Json::exception&) {
    ThrowInput("this JSON holds a number that is out of range", place);
  }
}

}  // namespace heddle

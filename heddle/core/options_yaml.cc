#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include "heddle/core/error.h"
#include "heddle/core/option_value.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

std::string LineOf(const YAML::Mark& mark, const std::string& source) {
  return mark.line < 0 ? source : source + ":" + std::to_string(mark.line + 1);
}

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

Json ScalarOf(const YAML::Node& node, const std::string& place) {
  if (node.IsNull()) return Json(nullptr);
  if (node.Tag() == "!") return Json(node.Scalar());
  if (!node.Tag().empty() && node.Tag() != "?")
    ThrowUsage("the tag " + node.Tag() + " is not taken", place, "leave it out");
  return PlainScalar(node.Scalar(), place);
}

// Lists hold scalars; what is deeper is only told apart, never walked (an alias may make it endless).
Json ValueOf(const YAML::Node& node, const std::string& place) {
  if (node.IsMap()) return Json::object();
  if (!node.IsSequence()) return ScalarOf(node, place);
  Json list = Json::array();
  for (const YAML::Node& item : node) {
    list.push_back(item.IsMap() ? Json::object() : item.IsSequence() ? Json::array() : ScalarOf(item, place));
  }
  return list;
}

class YamlReader {
 public:
  YamlReader(const OptionTree& root, const std::string& file_name) : root_(root), file_name_(file_name) {}

  // `path` is the path of the tree with a dot behind it, or nothing.
  void ReadGroup(const OptionTree& tree, const YAML::Node& node, const std::string& path) const {
    if (node.IsNull()) return;
    if (!node.IsMap()) {
      const std::string what = path.empty() ? "the options" : path.substr(0, path.size() - 1);
      ThrowUsage(what + " must be keys with values", LineOf(node.Mark(), file_name_), SuggestName("", tree.Names()));
    }
    std::map<std::string, int> lines;
    for (const auto& entry : node) {
      const YAML::Node &key_node = entry.first, &value = entry.second;
      const std::string place = LineOf(key_node.Mark(), file_name_);
      if (!key_node.IsScalar()) ThrowUsage("a key must be a name", place);
      const std::string& key = key_node.Scalar();
      const auto [first, is_new] = lines.emplace(key, key_node.Mark().line + 1);
      if (!is_new) {
        ThrowUsage(path + key + " is given twice (first on line " + std::to_string(first->second) + ")", place,
                   "keep one of them");
      }
      ReadKey(tree, key, value, {place, path});
    }
  }

 private:
  void ReadKey(const OptionTree& tree, const std::string& key, const YAML::Node& value, const FieldPlace& at) const {
    if (const OptionField* field = tree.FindField(key)) {
      AssignField(*field, ValueOf(value, at.place), {at.place, at.path + key});
    } else if (const OptionTree* group = tree.FindGroup(key)) {
      ReadGroup(*group, value, at.path + key + ".");
    } else {
      ThrowUnknownKey(root_, {at.place, at.path + key});
    }
  }

  const OptionTree& root_;
  const std::string& file_name_;
};

// yaml-cpp's own message is one short sentence; its place is given apart.
[[noreturn]] void ThrowBroken(const YAML::Exception& error, const std::string& source) {
  ThrowUsage("this is not YAML: " + error.msg, LineOf(error.mark, source));
}

void WriteGroup(const OptionTree& tree, const std::string& indent, std::string& text) {
  for (const OptionField& field : tree.fields()) text += indent + field.name + ": " + FieldYaml(field) + "\n";
  for (const OptionTree& group : tree.groups()) {
    text += indent + group.name() + ":\n";
    WriteGroup(group, indent + "  ", text);
  }
}

struct Target {
  const OptionField* field;
  std::string path;
};

Target FindByPath(const OptionTree& root, std::string_view path, const std::string& place) {
  const OptionTree* tree = &root;
  const std::string own_name = root.name() + ".";
  const bool named = path.starts_with(own_name) && root.FindGroup(root.name()) == nullptr;
  const std::string whole(named ? path.substr(own_name.size()) : path);
  std::string rest = whole;
  for (size_t dot; (dot = rest.find('.')) != std::string::npos; rest = rest.substr(dot + 1)) {
    const std::string name = rest.substr(0, dot);
    if (tree->FindField(name) != nullptr) ThrowUsage(name + " is a value and not a group", place);
    tree = tree->FindGroup(name);
    if (tree == nullptr) ThrowUnknownKey(root, {place, whole});
  }
  if (const OptionField* field = tree->FindField(rest)) return {field, whole};
  if (const OptionTree* group = tree->FindGroup(rest)) {
    ThrowUsage(whole + " is a group", place, "set one of its options: " + Join(group->Names(), ", "));
  }
  ThrowUnknownKey(root, {place, whole});
}

}  // namespace

void ReadYaml(const OptionTree& tree, std::string_view text, const std::string& file_name) {
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(std::string(text));
    if (documents.empty()) return;
    if (documents.size() > 1)
      ThrowUsage("there are several documents", LineOf(documents[1].Mark(), file_name), "keep one");
    YamlReader(tree, file_name).ReadGroup(tree, documents[0], "");
  } catch (const YAML::Exception& error) {
    ThrowBroken(error, file_name);
  }
}

std::string WriteYaml(const OptionTree& tree) {
  std::string text;
  WriteGroup(tree, "", text);
  return text;
}

void SetByPath(const OptionTree& tree, std::string_view assignment) {
  const std::string place = "--set " + std::string(assignment);
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0) ThrowUsage("this sets nothing", place, "write --set PATH=VALUE");
  const Target target = FindByPath(tree, assignment.substr(0, equals), place);
  try {
    const YAML::Node value = YAML::Load(std::string(assignment.substr(equals + 1)));
    AssignField(*target.field, ValueOf(value, place), {place, target.path});
  } catch (const YAML::Exception& error) {
    ThrowBroken(error, place);
  }
}

}  // namespace heddle

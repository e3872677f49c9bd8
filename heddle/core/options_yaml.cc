#include <map>

#include "heddle/core/error.h"
#include "heddle/core/option_value.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/core/yaml_document.h"

namespace heddle {
namespace {

using Kind = YamlNode::Kind;

class YamlReader {
 public:
  YamlReader(const OptionTree& root, const YamlSource& source) : root_(root), source_(source) {}

  // `path` is the path of the tree with a dot behind it, or nothing.
  void ReadGroup(const OptionTree& tree, const YamlNode& node, const std::string& path) const {
    if (node.kind == Kind::kNull) return;
    if (node.kind != Kind::kMap) {
      const std::string what = path.empty() ? "the options" : path.substr(0, path.size() - 1);
      ThrowUsage(what + " must be keys with values", source_.Place(node.line), SuggestName("", tree.Names()));
    }
    std::map<std::string, int> lines;
    for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
      const YamlNode& key = node.items[i];
      const FieldPlace at{source_.Place(key.line), path};
      if (key.kind != Kind::kScalar) ThrowUsage("a key must be a name", at.place);
      const auto [first, is_new] = lines.emplace(key.text, key.line);
      if (!is_new) {
        ThrowUsage(path + key.text + " is given twice (first on line " + std::to_string(first->second) + ")", at.place,
                   "keep one of them");
      }
      ReadKey(tree, key.text, node.items[i + 1], at);
    }
  }

 private:
  void ReadKey(const OptionTree& tree, const std::string& key, const YamlNode& value, const FieldPlace& at) const {
    if (const OptionField* field = tree.FindField(key)) {
      AssignField(*field, ValueOf(value, source_), {at.place, at.path + key});
    } else if (const OptionTree* group = tree.FindGroup(key)) {
      ReadGroup(*group, value, at.path + key + ".");
    } else {
      ThrowUnknownKey(root_, {at.place, at.path + key});
    }
  }

  const OptionTree& root_;
  const YamlSource& source_;
};

void WriteGroup(const OptionTree& tree, const std::string& indent, std::string& text) {
  for (const OptionField& field : tree.fields()) text += indent + field.name + ": " + FieldYaml(field) + "\n";
  for (const OptionTree& group : tree.groups()) {
    text += indent + group.name() + ":\n";
    WriteGroup(group, indent + "  ", text);
  }
}

}  // namespace

void ReadYaml(const OptionTree& tree, std::string_view text, const std::string& file_name) {
  const YamlSource source{file_name};
  YamlReader(tree, source).ReadGroup(tree, ParseYaml(text, source), "");
}

std::string WriteYaml(const OptionTree& tree) {
  std::string text;
  WriteGroup(tree, "", text);
  return text;
}

}  // namespace heddle

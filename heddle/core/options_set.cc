#include "heddle/core/error.h"
#include "heddle/core/option_value.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"
#include "heddle/core/yaml_document.h"

namespace heddle {
namespace {

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

void SetByPath(const OptionTree& tree, std::string_view assignment) {
  const YamlSource source{"--set " + std::string(assignment), /*has_lines=*/false};
  const size_t equals = assignment.find('=');
  if (equals == std::string_view::npos || equals == 0)
    ThrowUsage("this sets nothing", source.name, "write --set PATH=VALUE");
  const Target target = FindByPath(tree, assignment.substr(0, equals), source.name);
  const YamlNode value = ParseYaml(assignment.substr(equals + 1), source);
  AssignField(*target.field, ValueOf(value, source), {source.name, target.path});
}

}  // namespace heddle

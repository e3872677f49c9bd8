#include "heddle/core/error.h"
#include "heddle/core/option_value.h"
#include "heddle/core/options.h"
#include "heddle/core/text.h"

namespace heddle {
namespace {

// Text in a cell of a table.
std::string Cell(const std::string& text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|' || c == '\\') cell += '\\';
    cell += c;
  }
  return cell;
}

std::string Code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

std::string Type(const OptionField& field) {
  if (field.info.names.empty()) return TypeText(field);
  std::vector<std::string> names;
  for (const std::string& name : field.info.names) names.push_back(Code(name));
  return Join(names, ", ");
}

std::string Range(const FieldInfo& info) {
  std::string text = RangeText(info);
  if (info.min_items > 0) text += (text.empty() ? "" : "; ") + std::to_string(info.min_items) + " or more";
  return text;
}

void DescribeGroup(const OptionTree& tree, const std::string& path, int heading_level, std::string& text) {
  text += std::string(static_cast<size_t>(heading_level), '#') + " " + path + "\n\n";
  if (!tree.doc().empty()) text += tree.doc() + "\n\n";
  text += "| key | type | unit | range | default | what it is |\n| --- | --- | --- | --- | --- | --- |\n";
  for (const OptionField& field : tree.fields()) {
    text += "| " + Code(field.name) + " | " + Cell(Type(field)) + " | " + Cell(field.info.unit) + " | " +
            Cell(Range(field.info)) + " | " + Code(Cell(field.default_text)) + " | " + Cell(field.info.doc) + " |\n";
  }
  for (const OptionTree& group : tree.groups()) {
    text += "\n";
    DescribeGroup(group, path + "." + group.name(), heading_level + 1, text);
  }
}

}  // namespace

std::string DescribeMarkdown(const OptionTree& tree, int heading_level) {
  std::string text;
  DescribeGroup(tree, tree.name(), heading_level, text);
  return text;
}

}  // namespace heddle

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/core/option_value.h"
#include "heddle/core/text.h"

namespace heddle {
namespace {

void CollectPaths(const OptionTree& tree, const std::string& path, std::vector<std::string>& paths) {
  for (const std::string& name : tree.Names()) paths.push_back(path + name);
  for (const OptionTree& group : tree.groups()) CollectPaths(group, path + group.name() + ".", paths);
}

std::string LastName(const std::string& path) { return path.substr(path.rfind('.') + 1); }

// A right name in the wrong group is meant to be moved; else the whole path may be mistyped, or its last name alone.
std::optional<std::string> NearestPath(const OptionTree& root, const std::string& path) {
  std::vector<std::string> paths, names;
  CollectPaths(root, "", paths);
  for (const std::string& each : paths) names.push_back(LastName(each));
  const auto path_of = [&](const std::string& name) {
    return paths[static_cast<size_t>(std::find(names.begin(), names.end(), name) - names.begin())];
  };
  const std::string name = LastName(path);
  if (std::find(names.begin(), names.end(), name) != names.end()) return path_of(name);
  if (auto near = Nearest(path, paths)) return near;
  if (const auto near = Nearest(name, names)) return path_of(*near);
  return std::nullopt;
}

// What may stand where the path's last name stands.
std::vector<std::string> NamesBeside(const OptionTree& root, const std::string& path) {
  const OptionTree* tree = &root;
  size_t from = 0;
  for (size_t dot; (dot = path.find('.', from)) != std::string::npos; from = dot + 1) {
    const OptionTree* group = tree->FindGroup(path.substr(from, dot - from));
    if (!group) break;
    tree = group;
  }
  return tree->Names();
}

}  // namespace

void ThrowUnknownKey(const OptionTree& root, const FieldPlace& at) {
  const auto near = NearestPath(root, at.path);
  const std::string mend = near ? "did you mean '" + *near + "'?" : "one of: " + Join(NamesBeside(root, at.path), ", ");
  ThrowUsage("there is no option '" + at.path + "'", at.place, mend);
}

}  // namespace heddle

#include "heddle/core/option_tree.h"

#include <algorithm>

#include "heddle/core/check.h"
#include "heddle/core/error.h"
#include "heddle/core/option_value.h"

namespace heddle {

const OptionField* OptionTree::FindField(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const auto& field) { return field.name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

const OptionTree* OptionTree::FindGroup(std::string_view name) const {
  const auto found =
      std::find_if(groups_.begin(), groups_.end(), [&](const auto& group) { return group.name() == name; });
  return found == groups_.end() ? nullptr : &*found;
}

std::vector<std::string> OptionTree::Names() const {
  std::vector<std::string> names;
  for (const OptionField& field : fields_) names.push_back(field.name);
  for (const OptionTree& group : groups_) names.push_back(group.name());
  return names;
}

void OptionTree::Add(std::string name, FieldPointer value, FieldInfo info) {
  HEDDLE_DEMAND(!name.empty() && !info.doc.empty());
  HEDDLE_DEMAND(FindField(name) == nullptr && FindGroup(name) == nullptr);
  HEDDLE_DEMAND(!std::holds_alternative<EnumField>(value) || !info.names.empty());
  fields_.push_back({std::move(name), std::move(info), std::move(value), ""});
}

void OptionTree::Add(OptionTree group) {
  HEDDLE_DEMAND(!group.name().empty() && !group.doc().empty());
  HEDDLE_DEMAND(FindField(group.name()) == nullptr && FindGroup(group.name()) == nullptr);
  groups_.push_back(std::move(group));
}

void OptionTree::TakeDefaults(const OptionTree& defaults) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    try {
      CheckField(defaults.fields_[i], {"the default of " + name_, fields_[i].name});
    } catch (const Error& error) {
      throw Error(ErrorKind::kBug, error.message(), error.where(), error.mend());
    }
    fields_[i].default_text = FieldYaml(defaults.fields_[i]);
  }
  for (size_t i = 0; i < groups_.size(); ++i) groups_[i].TakeDefaults(defaults.groups_[i]);
}

}  // namespace heddle

// A struct of options with its types erased, so that the functions of heddle/core/options.h are no templates.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace heddle {

// What is to be known about a field besides its name and type. A range applies to each element of a list.
struct FieldInfo {
  std::string doc = "";   // one line: what it is, and why this default
  std::string unit = "";  // "steps", "seconds"; empty for a pure number
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  double above = -std::numeric_limits<double>::infinity();  // as min and max, with the bound itself shut out
  double below = std::numeric_limits<double>::infinity();
  int64_t min_items = 0;                // of a list
  std::vector<std::string> names = {};  // of an enum, in the order of its enumerators; of a string: all it may be
};

// An enum of any type, seen as the index of its name.
struct EnumField {
  std::function<int64_t()> get;
  std::function<void(int64_t)> set;
};

using FieldPointer = std::variant<bool*, int64_t*, double*, std::optional<double>*, std::string*, EnumField,
                                  std::vector<int64_t>*, std::vector<double>*, std::vector<std::string>*>;

struct OptionField {
  std::string name;
  FieldInfo info;
  FieldPointer value;
  std::string default_text;  // as YAML writes it
};

// The fields and groups of a struct, each in the order of its Visit. Points into the struct, which must outlive it.
class OptionTree {
 public:
  // Also makes a T of its own to learn the defaults. It is our bug if two names are equal, a field has no doc, or a
  // default lies outside its range.
  template <class T>
  static OptionTree Of(std::string name, T& options);

  const std::string& name() const { return name_; }
  const std::string& doc() const { return doc_; }
  const std::vector<OptionField>& fields() const { return fields_; }
  const std::vector<OptionTree>& groups() const { return groups_; }

  // nullptr if there is none.
  const OptionField* FindField(std::string_view name) const;
  const OptionTree* FindGroup(std::string_view name) const;
  std::vector<std::string> Names() const;  // of all fields, then of all groups

 private:
  class Builder;
  OptionTree(std::string name, std::string doc) : name_(std::move(name)), doc_(std::move(doc)) {}
  void Add(std::string name, FieldPointer value, FieldInfo info);
  void Add(OptionTree group);
  void TakeDefaults(const OptionTree& defaults);

  std::string name_, doc_;
  std::vector<OptionField> fields_;
  std::vector<OptionTree> groups_;
};

// What a struct's Visit is called with.
class OptionTree::Builder {
 public:
  explicit Builder(OptionTree& tree) : tree_(tree) {}

  template <class T>
  void Field(std::string name, T& value, FieldInfo info) {
    if constexpr (std::is_enum_v<T>) {
      EnumField field{[&value] { return static_cast<int64_t>(value); },
                      [&value](int64_t index) { value = static_cast<T>(index); }};
      tree_.Add(std::move(name), std::move(field), std::move(info));
    } else {
      static_assert(
          std::is_constructible_v<FieldPointer, T*>,
          "a field is a bool, int64_t, double, a double or nothing, std::string, an enum, or a vector of three of "
          "these");
      tree_.Add(std::move(name), &value, std::move(info));
    }
  }

  template <class T>
  void Group(std::string name, T& value, std::string doc) {
    OptionTree group(std::move(name), std::move(doc));
    Builder builder(group);
    value.Visit(builder);
    tree_.Add(std::move(group));
  }

 private:
  OptionTree& tree_;
};

template <class T>
OptionTree OptionTree::Of(std::string name, T& options) {
  const auto build = [&name](T& of) {
    OptionTree tree(name, "");
    Builder builder(tree);
    of.Visit(builder);
    return tree;
  };
  OptionTree tree = build(options);
  T defaults{};
  tree.TakeDefaults(build(defaults));
  return tree;
}

}  // namespace heddle

// The keys of a YAML map, strictly read: each once, none that is not known, each value of the type that is wanted.
// All that is wrong is a usage error with file and line, the key and the mend.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "heddle/core/yaml_document.h"

namespace heddle::mixture {

class YamlFields {
 public:
  // `what` stands before keys in errors: "source robot"; empty at the top. `known`: the keys that there are; empty:
  // any. Node and source must outlive this.
  YamlFields(const YamlNode& node, const YamlSource& source, std::string what, const std::vector<std::string>& known);

  bool Has(const std::string& key) const { return Find(key) != nullptr; }
  const YamlNode* Find(const std::string& key) const;  // null if it is not there
  const YamlNode& Require(const std::string& key) const;

  std::string Text(const std::string& key) const;  // not empty
  std::string TextOr(const std::string& key, const std::string& otherwise) const;
  std::optional<double> Number(const std::string& key) const;  // finite; nothing if it is not there
  // The place of the text in `names`, or `otherwise` if it is not there.
  size_t ChoiceOr(const std::string& key, const std::vector<std::string>& names, size_t otherwise) const;

  std::vector<std::string> keys() const;     // in the file's order
  int LineOf(const std::string& key) const;  // of the map if it is not there
  std::string PlaceOf(const std::string& key) const;
  [[noreturn]] void Fail(const std::string& key, const std::string& what, const std::string& mend = "") const;

  const YamlSource& source() const { return source_; }

 private:
  const YamlNode& node_;
  const YamlSource& source_;
  std::string what_;
};

// One scalar as a text, a finite number, a whole number. `what` names it in errors.
std::string YamlText(const YamlNode& node, const YamlSource& source, const std::string& what);
double YamlNumber(const YamlNode& node, const YamlSource& source, const std::string& what);
int64_t YamlWhole(const YamlNode& node, const YamlSource& source, const std::string& what);

}  // namespace heddle::mixture

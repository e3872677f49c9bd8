// Tables, labelled lines and colours for a terminal.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "heddle/eval/compare/comparison.h"

namespace heddle::eval {

// Columns as wide as their widest cell, indented by two; the first row is the head. Control characters are replaced.
std::string TextTable(std::span<const std::vector<std::string>> rows);

// "  name           text", folded to 120 columns under itself.
std::string Labelled(const std::string& name, const std::string& text);

class Ink {
 public:
  explicit Ink(bool colour) : colour_(colour) {}
  std::string Bold(const std::string& text) const { return Paint("1", text); }
  std::string Decision(Decision decision, const std::string& text) const;

 private:
  std::string Paint(const char* code, const std::string& text) const;
  bool colour_;
};

}  // namespace heddle::eval

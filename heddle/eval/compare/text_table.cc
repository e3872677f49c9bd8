#include "heddle/eval/compare/text_table.h"

#include <algorithm>
#include <sstream>

#include "heddle/core/text.h"

namespace heddle::eval {
namespace {

constexpr size_t kWidth = 120, kNameWidth = 15;

// Characters, not bytes.
size_t Width(const std::string& text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

std::string Padded(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, Width(text)), ' ');
}

}  // namespace

std::string TextTable(std::span<const std::vector<std::string>> rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], Width(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (size_t i = 0; i < row.size(); ++i) line += Padded(WithoutControls(row[i]), widths[i]) + "   ";
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string Labelled(const std::string& name, const std::string& text) {
  const std::string margin(2 + kNameWidth, ' ');
  std::string all, line = "  " + Padded(name, kNameWidth);
  bool is_empty = true;
  std::istringstream words(text);
  for (std::string word; words >> word; is_empty = false) {
    if (!is_empty && Width(line) + 1 + Width(word) > kWidth) {
      all += line + "\n";
      line = margin;
      is_empty = true;
    }
    line += (is_empty ? "" : " ") + word;
  }
  return all + line + "\n";
}

std::string Ink::Paint(const char* code, const std::string& text) const {
  return colour_ ? "\033[" + std::string(code) + "m" + text + "\033[0m" : text;
}

std::string Ink::Decision(eval::Decision decision, const std::string& text) const {
  switch (decision) {
    case eval::Decision::kBetter: return Paint("32;1", text);
    case eval::Decision::kWorse: return Paint("31;1", text);
    case eval::Decision::kNotWorse: return Paint("36;1", text);
    case eval::Decision::kNotDecided: return Paint("33;1", text);
  }
  return text;
}

}  // namespace heddle::eval

#include "heddle/core/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace heddle {
namespace {

constexpr int kMostEdits = 3;
constexpr size_t kShortestPrefix = 3;

std::string Simplified(std::string_view name) {
  std::string simple;
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    simple += c == '-' ? '_' : upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return simple;
}

}  // namespace

std::string FormatDouble(double value) {
  constexpr double kExactIntegers = 1e15;
  if (value == 0) return std::signbit(value) ? "-0.0" : "0";  // "-0" would be read as an integer
  std::array<char, 40> buffer{};
  const bool large = std::abs(value) >= kExactIntegers;
  const bool whole = !large && value == std::floor(value);
  const auto end = large   ? std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::scientific)
                   : whole ? std::to_chars(buffer.begin(), buffer.end(), value, std::chars_format::fixed)
                           : std::to_chars(buffer.begin(), buffer.end(), value);
  std::string text(buffer.data(), end.ptr);
  const size_t exponent = text.find('e');
  if (exponent != std::string::npos && text.find('.') == std::string::npos) text.insert(exponent, ".0");
  return text;
}

std::string Join(std::span<const std::string> parts, std::string_view separator) {
  std::string text;
  for (const std::string& part : parts) {
    if (&part != parts.data()) text += separator;
    text += part;
  }
  return text;
}

int EditDistance(std::string_view a, std::string_view b) {
  // Row i holds the distances of a's first i bytes to every beginning of b; a swap looks two rows back.
  std::vector<int> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      const int change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::optional<std::string> Nearest(std::string_view name, std::span<const std::string> candidates) {
  const std::string simple = Simplified(name);
  const std::string* nearest = nullptr;
  int least = kMostEdits + 1;
  for (const std::string& candidate : candidates) {
    const std::string other = Simplified(candidate);
    const int longer = static_cast<int>(std::max(simple.size(), other.size()));
    int distance = EditDistance(simple, other);
    if (distance >= longer) continue;  // nothing in common
    if (distance > std::max(1, std::min(kMostEdits, longer / 3))) {
      if (simple.size() < kShortestPrefix || !other.starts_with(simple)) continue;
      distance = kMostEdits;
    }
    if (distance < least) {
      least = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::nullopt : std::optional(*nearest);
}

std::string SuggestName(std::string_view name, std::span<const std::string> candidates) {
  if (const auto near = Nearest(name, candidates)) return "did you mean '" + *near + "'?";
  return "one of: " + Join(candidates, ", ");
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = [&](size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
    const uint32_t lead = byte(i);
    const int more = lead < 0x80 ? 0 : lead >= 0xC2 && lead < 0xE0 ? 1 : (lead & 0xF0) == 0xE0 ? 2 : 3;
    if (more == 3 && (lead < 0xF0 || lead > 0xF4)) return false;
    uint32_t code = more == 0 ? lead : lead & (0x3Fu >> more);
    for (int k = 1; k <= more; ++k) {
      const uint32_t next = byte(i + static_cast<size_t>(k));
      if ((next & 0xC0) != 0x80) return false;
      code = code << 6 | (next & 0x3F);
    }
    const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    i += static_cast<size_t>(more) + 1;
  }
  return true;
}

std::string Counted(int64_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

std::string WithoutControls(std::string text) {
  for (char& c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) c = '?';
  }
  return text;
}

}  // namespace heddle

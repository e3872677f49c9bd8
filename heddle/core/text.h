// Small things with text: numbers as text, the nearest name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace heddle {

// The shortest decimal that reads back as the same double: "0.1", "300", "1.0e-05". Always with a point before an
// exponent, as some YAML readers take "1e-05" for text. Not finite: "nan", "inf", "-inf".
std::string FormatDouble(double value);

std::string Join(std::span<const std::string> parts, std::string_view separator);

// Fewest insertions, deletions, substitutions and swaps of neighbours that turn a into b (bytes).
int EditDistance(std::string_view a, std::string_view b);

// The candidate that `name` was probably meant to be: of least edit distance (letters' case and '-' or '_' don't
// count), if that is at most a third of the longer name's length, and never more than 3. A name of which `name` is a
// prefix of three letters or more counts as near, too. Of several equally near ones, the first.
std::optional<std::string> Nearest(std::string_view name, std::span<const std::string> candidates);

// "did you mean 'X'?" where something is near, else "one of: A, B, C".
std::string SuggestName(std::string_view name, std::span<const std::string> candidates);

// "1 file", "3 files".
std::string Counted(int64_t count, std::string_view one);

bool IsUtf8(std::string_view text);

// For terminals: control characters but '\n' become '?', so that text from a file can't steer them.
std::string WithoutControls(std::string text);

}  // namespace heddle

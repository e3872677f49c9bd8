#include "heddle/wire/tree_path.h"

#include "heddle/core/text.h"

namespace heddle::wire {
namespace {

constexpr size_t kMaxShown = 64;

std::string Shown(std::string_view key) {
  size_t size = std::min(key.size(), kMaxShown);
  // Not in the middle of a character.
  while (size < key.size() && size > 0 && (key[size] & 0xC0) == 0x80) --size;
  std::string text(key.substr(0, size));
  if (!IsUtf8(text)) return "?";
  return WithoutControls(size < key.size() ? text + "..." : text);
}

}  // namespace

std::string TreePath::Text() const {
  if (keys_.empty()) return "message";
  std::string text;
  for (const auto& [key, index] : keys_) {
    if (!text.empty()) text += "/";
    text += index > 0 ? "[" + std::to_string(index - 1) + "]" : Shown(key);
  }
  return text;
}

}  // namespace heddle::wire

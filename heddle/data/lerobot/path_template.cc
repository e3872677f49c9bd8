#include "heddle/data/lerobot/path_template.h"

#include <algorithm>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

std::string Padded(int64_t number, size_t width) {
  std::string digits = std::to_string(number);
  if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
  return digits;
}

// The N of "0Nd" or "d"; nothing for anything else.
bool ParseWidth(const std::string& format, size_t& width) {
  if (format.empty() || format.back() != 'd') return false;
  const std::string digits = format.substr(0, format.size() - 1);
  if (digits.size() > 3 || !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return false;
  }
  width = digits.empty() ? 0 : static_cast<size_t>(std::stoi(digits));
  return digits.empty() || digits.front() == '0';
}

std::string ExpandField(const std::string& field, const std::map<std::string, int64_t>& numbers,
                        const std::map<std::string, std::string>& texts, const std::string& place) {
  const size_t colon = field.find(':');
  const std::string name = field.substr(0, colon);
  if (const auto number = numbers.find(name); number != numbers.end()) {
    size_t width = 0;
    if (colon == std::string::npos || ParseWidth(field.substr(colon + 1), width)) return Padded(number->second, width);
  } else if (const auto text = texts.find(name); text != texts.end() && colon == std::string::npos) {
    return text->second;
  }
  ThrowInput("the path template has a field that is not known: {" + field + "}", place);
}

bool IsInside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

// <cache>/datasets--owner--name for a root of <cache>/datasets--owner--name/snapshots/<revision>, else the root.
std::filesystem::path AllowedFolder(const std::filesystem::path& root) {
  const auto snapshots = root.parent_path();
  return snapshots.filename() == "snapshots" ? snapshots.parent_path() : root;
}

}  // namespace

std::string ExpandTemplate(const std::string& path_template, const std::map<std::string, int64_t>& numbers,
                           const std::map<std::string, std::string>& texts, const std::string& place) {
  std::string path;
  for (size_t i = 0; i < path_template.size();) {
    if (path_template[i] == '}') ThrowInput("the path template has a '}' without '{': " + path_template, place);
    if (path_template[i] != '{') {
      path += path_template[i++];
      continue;
    }
    const size_t end = path_template.find('}', i);
    if (end == std::string::npos) ThrowInput("the path template has a '{' without '}': " + path_template, place);
    path += ExpandField(path_template.substr(i + 1, end - i - 1), numbers, texts, place);
    i = end + 1;
  }
  RequirePlainPath(path, place);
  return path;
}

void RequirePlainPath(const std::string& relative, const std::string& place) {
  const auto refuse = [&](const char* why) {
    ThrowInput(std::string("the path '") + relative.substr(0, 200) + "' " + why, place,
               "paths in a dataset lead to files inside of it");
  };
  if (relative.empty()) refuse("is empty");
  if (relative.find_first_of(std::string_view("\\\0", 2)) != std::string::npos) refuse("holds a backslash or a NUL");
  for (size_t begin = 0; begin <= relative.size();) {
    const size_t end = std::min(relative.find('/', begin), relative.size());
    const std::string part = relative.substr(begin, end - begin);
    if (part.empty() || part == "." || part == "..") refuse("is absolute, or has an empty part, '.' or '..'");
    begin = end + 1;
  }
}

std::filesystem::path ResolveInside(const std::filesystem::path& root, const std::string& relative) {
  RequirePlainPath(relative, root.string());
  const auto path = root / relative;
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  if (error) ThrowSystem("can't be followed", path.string(), error.value());
  const auto allowed = AllowedFolder(std::filesystem::canonical(root));
  if (!IsInside(real, allowed)) {
    ThrowInput("is a symbolic link that leads out of the dataset, to " + real.string(), path.string(),
               "put the file itself there");
  }
  const auto kind = std::filesystem::status(real, error).type();
  using std::filesystem::file_type;
  if (kind != file_type::regular && kind != file_type::directory && kind != file_type::not_found) {
    ThrowInput("is no ordinary file", path.string(), "put the file itself there");
  }
  return path;
}

}  // namespace heddle::data

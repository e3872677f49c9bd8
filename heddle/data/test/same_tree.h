// Whether two folders hold the same files, byte for byte.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "heddle/core/read_file.h"

namespace heddle::data {

// Relative path -> bytes of every file below.
inline std::map<std::string, std::string> TreeOf(const std::filesystem::path& folder) {
  std::map<std::string, std::string> tree;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    tree[std::filesystem::relative(entry.path(), folder).string()] = ReadFile(entry.path());
  }
  return tree;
}

// Names what differs, rather than printing the bytes.
inline void ExpectSameTree(const std::filesystem::path& found, const std::filesystem::path& wanted) {
  const auto have = TreeOf(found), want = TreeOf(wanted);
  for (const auto& [path, bytes] : want) {
    const auto at = have.find(path);
    if (at == have.end()) {
      ADD_FAILURE() << path << " is missing in " << found;
    } else {
      EXPECT_TRUE(at->second == bytes) << path << " differs in " << found << ": " << at->second.size() << " against "
                                       << bytes.size() << " bytes";
    }
  }
  for (const auto& [path, bytes] : have) EXPECT_TRUE(want.contains(path)) << path << " is too much in " << found;
}

}  // namespace heddle::data

// Paths inside a dataset: made from the templates of info.json, and never leading out of its folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace heddle::data {

// "data/chunk-{chunk_index:03d}/file-{file_index:03d}.parquet" with {chunk_index: 7, file_index: 12} becomes
// "data/chunk-007/file-012.parquet". Fields are {name} or {name:0Nd} (padded to at least N digits). kInput, naming
// `place`, for any other field and for a result that is absolute, has '..', '.', an empty part or a backslash.
std::string ExpandTemplate(const std::string& path_template, const std::map<std::string, int64_t>& numbers,
                           const std::map<std::string, std::string>& texts, const std::string& place);

// kInput if `relative` is no plain path below a folder: absolute, with '..', '.', empty parts, a backslash, a NUL.
void RequirePlainPath(const std::string& relative, const std::string& place);

// root / relative, after the check above, and kInput unless what is there, symbolic links followed, lies inside of
// `root` (itself followed). One exception: `root` inside a Hugging Face cache's `snapshots`, whose files are links into
// the same repository's `blobs`. What is not there is returned as it is.
std::filesystem::path ResolveInside(const std::filesystem::path& root, const std::string& relative);

}  // namespace heddle::data

#include "heddle/data/sealed_files.h"

#include <sys/stat.h>

#include <algorithm>

#include "heddle/core/error.h"
#include "heddle/core/sha256.h"
#include "heddle/data/lerobot/path_template.h"

namespace heddle::data {
namespace {

bool SaysWhatTheDatasetHolds(const std::string& relative) {
  if (relative == "meta/heddle.json" || relative.starts_with("meta/heddle/")) return false;
  if (relative.find("/.") != std::string::npos) return false;
  return relative.ends_with(".json") || relative.ends_with(".jsonl") || relative.ends_with(".parquet");
}

std::string Bytes(int64_t count) { return std::to_string(count) + " bytes"; }

}  // namespace

std::vector<std::string> MetaFiles(const std::filesystem::path& root) {
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator at(root / "meta", error);
  for (; !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    const std::string relative = at->path().lexically_relative(root).generic_string();
    if (SaysWhatTheDatasetHolds(relative) && !at->is_directory(error)) files.push_back(relative);
  }
  if (error) ThrowSystem("cannot list this folder", (root / "meta").string(), error.value());
  std::sort(files.begin(), files.end());
  return files;
}

SealedFile LookAtFile(const std::filesystem::path& root, const std::string& relative) {
  const auto file = ResolveInside(root, relative);
  struct stat facts{};
  if (stat(file.c_str(), &facts) != 0) ThrowInput("the file is missing", file.string());
  if (!S_ISREG(facts.st_mode)) ThrowInput("is no file", file.string());
  const int64_t mtime_ns = int64_t{facts.st_mtim.tv_sec} * 1'000'000'000 + facts.st_mtim.tv_nsec;
  return {relative, facts.st_size, mtime_ns, ""};
}

std::string SizeFault(const std::filesystem::path& root, const SealedFile& sealed) {
  try {
    const int64_t size = LookAtFile(root, sealed.path).size_bytes;
    if (size == sealed.size_bytes) return "";
    return "has " + Bytes(size) + ", and had " + Bytes(sealed.size_bytes) + " when the dataset was sealed";
  } catch (const Error& error) {
    return error.message();
  }
}

std::string ContentFault(const std::filesystem::path& root, const SealedFile& sealed) {
  if (std::string fault = SizeFault(root, sealed); !fault.empty()) return fault;
  const FileHash hash = Sha256OfFile(ResolveInside(root, sealed.path));
  if (hash.sha256 == sealed.sha256) return "";
  return "has another content than when the dataset was sealed (SHA-256 " + hash.sha256.substr(0, 12) + "..., sealed " +
         sealed.sha256.substr(0, 12) + "...)";
}

}  // namespace heddle::data

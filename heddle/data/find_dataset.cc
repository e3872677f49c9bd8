#include "heddle/data/find_dataset.h"

#include <algorithm>
#include <cstdlib>

#include "heddle/core/error.h"
#include "heddle/core/read_file.h"

namespace heddle::data {
namespace {

namespace fs = std::filesystem;

bool IsDataset(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "meta/info.json", error);
}

// "owner/name": two plain parts.
bool IsName(const std::string& text) {
  const size_t slash = text.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == text.size()) return false;
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' || c == '/';
  };
  return text.find('/', slash + 1) == std::string::npos && std::all_of(text.begin(), text.end(), allowed) &&
         text.find("..") == std::string::npos && text.front() != '.' && text[slash + 1] != '.';
}

// The snapshot that refs/main names, else the one changed last.
std::optional<fs::path> Snapshot(const fs::path& repository) {
  std::error_code error;
  if (fs::exists(repository / "refs/main", error)) {
    std::string revision = ReadFile(repository / "refs/main");
    while (!revision.empty() && std::isspace(static_cast<unsigned char>(revision.back()))) revision.pop_back();
    const fs::path named = repository / "snapshots" / revision;
    if (revision.find('/') == std::string::npos && IsDataset(named)) return named;
  }
  std::vector<std::pair<fs::file_time_type, fs::path>> snapshots;
  for (const auto& entry : fs::directory_iterator(repository / "snapshots", error)) {
    if (IsDataset(entry.path())) snapshots.emplace_back(entry.last_write_time(), entry.path());
  }
  if (snapshots.empty()) return std::nullopt;
  return std::max_element(snapshots.begin(), snapshots.end())->second;
}

struct CacheFolders {
  fs::path lerobot, hub;
};

CacheFolders Folders(const Environment& environment) {
  const auto or_else = [](const std::string& value, const fs::path& otherwise) {
    return value.empty() ? otherwise : fs::path(value);
  };
  const fs::path cache = or_else(environment("XDG_CACHE_HOME"), fs::path(environment("HOME")) / ".cache");
  const fs::path home = or_else(environment("HF_HOME"), cache / "huggingface");
  return {or_else(environment("HF_LEROBOT_HOME"), home / "lerobot"),
          or_else(environment("HF_HUB_CACHE"), home / "hub")};
}

}  // namespace

Environment ProcessEnvironment() {
  return [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::string(value ? value : "");
  };
}

fs::path FindDataset(const std::string& text, const Environment& environment) {
  std::error_code error;
  if (fs::is_directory(text, error)) {
    if (IsDataset(text)) return text;
    ThrowUsage("is a folder, but no LeRobot dataset: it has no meta/info.json", text,
               "give the folder that holds meta/, data/ and videos/");
  }
  if (fs::exists(text, error)) ThrowUsage("is a file; a dataset is a folder", text);
  if (!IsName(text))
    ThrowUsage("there is no such folder", text, "give a folder, or owner/name of a downloaded dataset");
  const CacheFolders folders = Folders(environment);
  const fs::path plain = folders.lerobot / text;
  if (IsDataset(plain)) return plain;
  const std::string repository = "datasets--" + std::string(text).replace(text.find('/'), 1, "--");
  for (const fs::path& hub : {folders.hub, folders.lerobot / "hub"}) {
    if (const auto snapshot = Snapshot(hub / repository)) return *snapshot;
  }
  ThrowUsage("is neither a folder nor in the caches (looked in " + plain.string() + " and " +
                 (folders.hub / repository).string() + ")",
             text, "download it: hf download --repo-type dataset " + text + " --local-dir " + plain.string());
}

}  // namespace heddle::data

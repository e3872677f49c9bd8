#include "heddle/data/seal_guard.h"

#include <map>
#include <mutex>

#include "heddle/core/error.h"
#include "heddle/data/sealed_files.h"

namespace heddle::data {
namespace {

[[noreturn]] void Refuse(const std::filesystem::path& root, const std::string& relative, const std::string& why) {
  throw SealBroken(ErrorKind::kInput, why, (root / relative).string(),
                   "take a copy that is whole; if the change is meant: heddle data seal --again " + root.string());
}

}  // namespace

struct SealGuard::Parts {
  struct File {
    SealedFile sealed;
    std::mutex mutex;  // guards `whole`; files are hashed side by side
    bool whole = false;
  };
  std::filesystem::path root;
  bool sealed = false;
  std::map<std::string, File> files;
};

SealGuard::SealGuard(const std::filesystem::path& root, bool hold) : parts_(std::make_unique<Parts>()) {
  parts_->root = root;
  if (!hold) return;
  const auto content = ReadHeddleJson(root);
  if (!content || !content->seal) return;
  parts_->sealed = true;
  for (const SealedFile& file : content->seal->files) {
    if (const std::string fault = SizeFault(root, file); !fault.empty()) Refuse(root, file.path, fault);
    parts_->files[file.path].sealed = file;
  }
}

SealGuard::~SealGuard() = default;

bool SealGuard::sealed() const { return parts_->sealed; }

std::optional<std::string> SealGuard::HashOf(const std::string& relative) const {
  const auto found = parts_->files.find(relative);
  if (found == parts_->files.end()) return std::nullopt;
  return found->second.sealed.sha256;
}

void SealGuard::CheckMeta() {
  if (!parts_->sealed) return;
  for (const std::string& relative : MetaFiles(parts_->root)) Check(relative);
}

void SealGuard::Check(const std::string& relative) {
  if (!parts_->sealed) return;
  const auto found = parts_->files.find(relative);
  if (found == parts_->files.end()) Refuse(parts_->root, relative, "was not there when the dataset was sealed");
  auto& file = found->second;
  const std::lock_guard lock(file.mutex);
  if (file.whole) return;
  if (const std::string fault = ContentFault(parts_->root, file.sealed); !fault.empty()) {
    Refuse(parts_->root, relative, fault);
  }
  file.whole = true;
}

}  // namespace heddle::data

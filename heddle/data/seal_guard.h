// Holds a sealed dataset to its seal while it is read (heddle/data/seal.h makes seals).
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "heddle/core/error.h"

namespace heddle::data {

// A file is not the one that was sealed: kInput, with the file.
class SealBroken : public Error {
 public:
  using Error::Error;
};

// Safe for several threads. A dataset without a seal passes everything. What does not pass is thrown as SealBroken.
class SealGuard {
 public:
  // Reads the seal, if meta/heddle.json has one, and compares the sizes of the files that it names with those that are
  // there. With `hold` false nothing is read and everything passes.
  explicit SealGuard(const std::filesystem::path& root, bool hold = true);
  ~SealGuard();

  bool sealed() const;
  // The SHA-256 that the seal has for a file; nothing where there is no seal or it does not name the file.
  std::optional<std::string> HashOf(const std::string& relative) const;
  // Hashes the files under meta/ at once; one that has come since is refused, as it would be read.
  void CheckMeta();
  // Hashes the file when it is first asked for, whatever its time says: a flipped bit leaves that as it was.
  void Check(const std::string& relative);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data

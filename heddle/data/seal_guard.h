// Holds a sealed dataset to its seal while it is read (heddle/data/seal.h makes seals).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace heddle::data {

// Safe for several threads. A dataset without a seal passes everything.
class SealGuard {
 public:
  // Reads the seal, if meta/heddle.json has one; compares the files that it names with those that are there, by size.
  // kInput naming the file that is missing or of another size.
  explicit SealGuard(const std::filesystem::path& root);
  ~SealGuard();

  bool sealed() const;
  // Hashes the small files under meta/ at once.
  void CheckMeta();
  // Hashes the file when it is first asked for. kInput if its content is not what was sealed.
  void Check(const std::string& relative);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace heddle::data

// Several files that take their places one after another, the last of them making all count.
//
// Each was made whole in a staging folder of the same disk. All are brought to disk first; then they are renamed in
// order, and before the last rename the folders of the others are brought to disk too, so that even after a power cut
// the last one never stands without them.
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace heddle::data {

class Commit {
 public:
  // `before_rename` is called with each final path; a test that throws or exits there stops between two renames.
  explicit Commit(std::function<void(const std::filesystem::path&)> before_rename = {});

  // Folders of `final` are made as needed.
  void Add(std::filesystem::path staged, std::filesystem::path final);
  // kSystem, with the path, if anything fails; those before it have taken their places then.
  void Run();

 private:
  struct Move {
    std::filesystem::path staged, final;
  };
  std::function<void(const std::filesystem::path&)> before_rename_;
  std::vector<Move> moves_;
};

// A small file, whole. kSystem if it can't be written.
void WriteStaged(const std::filesystem::path& staged, std::string_view bytes);

}  // namespace heddle::data

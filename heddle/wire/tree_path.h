// Where in a tree of Values one is, for messages: "observation/image", "poses/[3]".
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace heddle::wire {

class TreePath {
 public:
  // One level down while it lives. The key must outlive it.
  class Step {
   public:
    Step(TreePath& path, std::string_view key) : path_(path) { path.keys_.push_back({key, 0}); }
    Step(TreePath& path, size_t index) : path_(path) { path.keys_.push_back({{}, index + 1}); }
    ~Step() { path_.keys_.pop_back(); }
    Step(const Step&) = delete;
    Step& operator=(const Step&) = delete;

   private:
    TreePath& path_;
  };

  // "message" at the root. A long key is cut, and one that is not text is shown as '?'.
  std::string Text() const;

 private:
  struct Level {
    std::string_view key;
    size_t index;  // counted from 1; 0: the key holds
  };
  std::vector<Level> keys_;
};

}  // namespace heddle::wire

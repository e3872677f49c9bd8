// Memory from the system in pages: of a file, or empty.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace heddle::mixture {

class Mapping {
 public:
  Mapping() = default;
  // Zeroed address space; a page takes memory when it is first written. `what` stands in errors, which are kSystem.
  static Mapping Anonymous(size_t bytes, const std::string& what);
  // The first bytes of an open file, to be read. The file must not become shorter while this lives.
  static Mapping OfFile(int fd, size_t bytes, const std::string& file);

  ~Mapping();
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;

  uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  // Of a file: gives the pages back to the system's cache, where they are found again as long as it has room.
  void Drop() const;

 private:
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace heddle::mixture

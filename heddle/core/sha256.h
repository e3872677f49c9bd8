// SHA-256: what names the content of options, files, contracts and data.
//
//   Sha256 hash;
//   while (...) hash.Update(block);
//   hash.Hex();
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace heddle {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void Update(std::span<const std::byte> bytes);
  void Update(std::string_view bytes) { Update(std::as_bytes(std::span(bytes))); }
  // 64 hexadecimal digits of all that was given. Once; nothing can be given after it.
  std::string Hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Of bytes in memory.
std::string Sha256Hex(std::string_view bytes);

// Of a file's content and its size, read in blocks. kSystem if it can't be read.
struct FileHash {
  std::string sha256;
  int64_t size_bytes = 0;
};
FileHash Sha256OfFile(const std::filesystem::path& file);

}  // namespace heddle

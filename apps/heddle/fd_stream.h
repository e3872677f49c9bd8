// A stream to a file descriptor that knows why writing failed: std::cout forgets it, and with it the difference between
// a full disk (an error) and `heddle --help | head -1` (none).
#pragma once

#include <array>
#include <ostream>
#include <streambuf>

namespace heddle::cli {

class FdBuffer final : public std::streambuf {
 public:
  explicit FdBuffer(int fd);

  // errno of the first write that failed, or 0.
  int error() const { return error_; }

 private:
  int_type overflow(int_type c) override;
  int sync() override;

  const int fd_;
  int error_ = 0;
  std::array<char, 1 << 14> bytes_;
};

class FdStream final : public std::ostream {
 public:
  explicit FdStream(int fd) : std::ostream(nullptr), buffer_(fd) { rdbuf(&buffer_); }
  ~FdStream() override { flush(); }

  int error() const { return buffer_.error(); }

 private:
  FdBuffer buffer_;
};

}  // namespace heddle::cli

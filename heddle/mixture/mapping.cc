#include "heddle/mixture/mapping.h"

#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "heddle/core/check.h"
#include "heddle/core/error.h"

namespace heddle::mixture {

Mapping Mapping::Anonymous(size_t bytes, const std::string& what) {
  HEDDLE_DEMAND(bytes > 0);
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) ThrowSystem("there is no memory of " + std::to_string(bytes) + " bytes", what, errno);
  Mapping mapping;
  mapping.data_ = static_cast<uint8_t*>(memory);
  mapping.size_ = bytes;
  return mapping;
}

Mapping Mapping::OfFile(int fd, size_t bytes, const std::string& file) {
  HEDDLE_DEMAND(bytes > 0);
  void* memory = mmap(nullptr, bytes, PROT_READ, MAP_SHARED, fd, 0);
  if (memory == MAP_FAILED) ThrowSystem("cannot map this file into memory", file, errno);
  Mapping mapping;
  mapping.data_ = static_cast<uint8_t*>(memory);
  mapping.size_ = bytes;
  return mapping;
}

Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, size_);
}

Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

void Mapping::Drop() const { madvise(data_, size_, MADV_DONTNEED); }

}  // namespace heddle::mixture

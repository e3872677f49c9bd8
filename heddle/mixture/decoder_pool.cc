#include "heddle/mixture/decoder_pool.h"

#include <algorithm>
#include <utility>

namespace heddle::mixture {

DecoderPool::Lease::Lease(DecoderPool& pool, std::string file, std::unique_ptr<data::VideoReader> reader)
    : pool_(pool), file_(std::move(file)), reader_(std::move(reader)) {}

DecoderPool::Lease::~Lease() {
  if (reader_ != nullptr) pool_.GiveBack(std::move(file_), std::move(reader_));
}

DecoderPool::Lease DecoderPool::Take(const std::filesystem::path& file) {
  const std::string name = file.string();
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find(idle_, name, &Idle::file);
    if (found != idle_.end()) {
      Idle idle = std::move(*found);
      idle_.erase(found);
      bytes_ -= idle.bytes;
      return {*this, std::move(idle.file), std::move(idle.reader)};
    }
  }
  return {*this, name, std::make_unique<data::VideoReader>(file, 1)};
}

void DecoderPool::GiveBack(std::string file, std::unique_ptr<data::VideoReader> reader) {
  std::list<Idle> closed;  // destroyed without the lock
  const size_t bytes = reader->MemoryBytes();
  const std::lock_guard lock(mutex_);
  idle_.push_front({std::move(file), std::move(reader), bytes});
  bytes_ += bytes;
  while (!idle_.empty() && (bytes_ > max_bytes_ || idle_.size() > max_files_)) {
    bytes_ -= idle_.back().bytes;
    closed.splice(closed.begin(), idle_, std::prev(idle_.end()));
  }
}

size_t DecoderPool::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

size_t DecoderPool::files() const {
  const std::lock_guard lock(mutex_);
  return idle_.size();
}

}  // namespace heddle::mixture

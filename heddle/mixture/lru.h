// What was used last, up to so many bytes. Several threads at once.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace heddle::mixture {

template <class Key, class Value>
class Lru {
 public:
  explicit Lru(size_t max_bytes) : max_bytes_(max_bytes) {}

  // Null if it is not there.
  std::shared_ptr<const Value> Find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end()) return nullptr;
    uses_.splice(uses_.begin(), uses_, found->second.use);
    return found->second.value;
  }

  // The last one stays, however large it is. Where another thread was as quick, its value stays.
  void Keep(const Key& key, std::shared_ptr<const Value> value, size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (entries_.contains(key)) return;
    uses_.push_front(key);
    entries_[key] = {std::move(value), bytes, uses_.begin()};
    bytes_ += bytes;
    while (bytes_ > max_bytes_ && uses_.size() > 1) {
      const auto oldest = entries_.find(uses_.back());
      bytes_ -= oldest->second.bytes;
      entries_.erase(oldest);
      uses_.pop_back();
    }
  }

  size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  struct Entry {
    std::shared_ptr<const Value> value;
    size_t bytes = 0;
    typename std::list<Key>::iterator use;
  };

  const size_t max_bytes_;
  mutable std::mutex mutex_;
  std::map<Key, Entry> entries_;
  std::list<Key> uses_;  // the last used in front
  size_t bytes_ = 0;
};

}  // namespace heddle::mixture

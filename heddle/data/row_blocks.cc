#include "heddle/data/row_blocks.h"

#include <algorithm>

#include "heddle/core/error.h"

namespace heddle::data {
namespace {

constexpr size_t kMostOpenFiles = 32;

}  // namespace

RowBlocks::RowBlocks(OpenFile open, size_t most_bytes) : open_(std::move(open)), most_bytes_(most_bytes) {}

std::shared_ptr<ParquetFile> RowBlocks::File(const std::string& relative) {
  {
    const std::lock_guard lock(mutex_);
    for (auto it = files_.begin(); it != files_.end(); ++it) {
      if (it->first != relative) continue;
      files_.splice(files_.begin(), files_, it);
      return it->second;
    }
  }
  auto file = open_(relative);
  const std::lock_guard lock(mutex_);
  files_.emplace_front(relative, file);
  if (files_.size() > kMostOpenFiles) files_.pop_back();
  return file;
}

void RowBlocks::Keep(const Key& key, std::shared_ptr<const contract::Array> values) {
  const std::lock_guard lock(mutex_);
  if (by_key_.contains(key)) return;
  bytes_ += values->bytes().size();
  blocks_.push_front({key, std::move(values)});
  by_key_[key] = blocks_.begin();
  while (bytes_ > most_bytes_ && blocks_.size() > 1) {
    bytes_ -= blocks_.back().values->bytes().size();
    by_key_.erase(blocks_.back().key);
    blocks_.pop_back();
  }
}

std::shared_ptr<const contract::Array> RowBlocks::Get(ParquetFile& file, const std::string& relative,
                                                      const Feature& feature, RowRange group) {
  const Key key(relative, group.first, feature.name);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
      blocks_.splice(blocks_.begin(), blocks_, found->second);
      return found->second->values;
    }
  }
  auto values = std::make_shared<const contract::Array>(
      file.ReadNumbers(feature.name, feature.dtype, feature.value_shape(), group));
  Keep(key, values);
  return values;
}

contract::Array RowBlocks::Numbers(const std::string& relative, const Feature& feature, RowRange rows) {
  const auto file = File(relative);
  if (rows.first + rows.count > file->num_rows()) {
    ThrowInput("has " + std::to_string(file->num_rows()) + " rows, and rows up to " +
                   std::to_string(rows.first + rows.count - 1) + " are asked for",
               file->place(), "the episode table and the data do not belong together: take a copy that is whole");
  }
  contract::Shape shape = feature.value_shape();
  const size_t row_bytes = static_cast<size_t>(contract::NumItems(shape)) * ItemSize(feature.dtype);
  shape.insert(shape.begin(), rows.count);
  contract::Array out(feature.dtype, shape);
  for (const RowRange& group : file->row_groups()) {
    const int64_t first = std::max(group.first, rows.first);
    const int64_t end = std::min(group.first + group.count, rows.first + rows.count);
    if (first >= end) continue;
    const auto block = Get(*file, relative, feature, group);
    std::memcpy(out.bytes().data() + static_cast<size_t>(first - rows.first) * row_bytes,
                block->bytes().data() + static_cast<size_t>(first - group.first) * row_bytes,
                static_cast<size_t>(end - first) * row_bytes);
  }
  return out;
}

}  // namespace heddle::data

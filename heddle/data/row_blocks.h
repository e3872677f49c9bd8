// Numbers of the data files in memory, bounded in bytes.
//
// Files are read in blocks of one column of one row group, the least that Parquet reads at once: with LeRobot's own
// files that is an episode, with converted ones it may be a whole file. Blocks used last are kept.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "heddle/contract/array.h"
#include "heddle/data/lerobot/info.h"
#include "heddle/data/lerobot/parquet_file.h"

namespace heddle::data {

// Safe for several threads.
class RowBlocks {
 public:
  // `open` opens a file by its path relative to the dataset; a few are kept open.
  using OpenFile = std::function<std::shared_ptr<ParquetFile>(const std::string& relative)>;
  RowBlocks(OpenFile open, size_t most_bytes);

  std::shared_ptr<ParquetFile> File(const std::string& relative);
  // Rows of a numeric feature: [count, ...value_shape].
  contract::Array Numbers(const std::string& relative, const Feature& feature, RowRange rows);

 private:
  using Key = std::tuple<std::string, int64_t, std::string>;  // file, first row of the group, column
  struct Block {
    Key key;
    std::shared_ptr<const contract::Array> values;
  };
  std::shared_ptr<const contract::Array> Get(ParquetFile& file, const std::string& relative, const Feature& feature,
                                             RowRange group);
  void Keep(const Key& key, std::shared_ptr<const contract::Array> values);

  const OpenFile open_;
  const size_t most_bytes_;
  std::mutex mutex_;         // guards what follows
  std::list<Block> blocks_;  // used last in front
  std::map<Key, std::list<Block>::iterator> by_key_;
  size_t bytes_ = 0;
  std::list<std::pair<std::string, std::shared_ptr<ParquetFile>>> files_;
};

}  // namespace heddle::data

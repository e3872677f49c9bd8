// The labels of episodes and of spans of frames: meta/heddle/labels.parquet, one row a label.
//
//   episode int64, from_frame int64, to_frame int64, level, key, value, by, when (strings)
//
// Rows are sorted; frames are half-open and count from the episode's start; a label of a whole episode has its length
// as to_frame. meta/heddle.json holds the file's hash, and the labels of the dataset as a whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "heddle/data/heddle_json.h"

namespace heddle::data {

inline constexpr const char* kLabelTableFile = "meta/heddle/labels.parquet";

// Of the dataset (meta/heddle.json) and of its parts (the table), in this order. kInput, with file and row, for a table
// that is damaged, is not the one that was written, or has rows that are no labels.
std::vector<Label> ReadLabels(const std::filesystem::path& root);

// All labels of a dataset, in place of those that it has: both files, each atomically, and so that whatever stops it in
// between leaves a dataset that reads. Its caller holds the FolderLock of root/meta. Nothing else is touched.
void WriteLabels(const std::filesystem::path& root, std::vector<Label> labels);

// SHA-256 of the table's file, if there is one.
std::optional<std::string> HashOfLabelTable(const std::filesystem::path& root);
// One sentence if the table is not what the hash says.
std::optional<std::string> LabelTableFault(const std::filesystem::path& root, const LabelTableHash& expected);

}  // namespace heddle::data

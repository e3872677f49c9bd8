// The files of a dataset that a seal covers, and what is taken down of each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "heddle/data/heddle_json.h"

namespace heddle::data {

// Those under meta/ that say what the dataset holds (.json, .jsonl, .parquet), by path: without our own
// (meta/heddle.json, meta/heddle/) and hidden ones. kSystem if the folder can't be listed.
std::vector<std::string> MetaFiles(const std::filesystem::path& root);

// Size and time of a file by its path relative to the root; the hash is left empty. kInput if it is missing or is no
// file.
SealedFile LookAtFile(const std::filesystem::path& root, const std::string& relative);

// What is wrong with a file's size, or with its content; empty if nothing is. One sentence.
std::string SizeFault(const std::filesystem::path& root, const SealedFile& sealed);
std::string ContentFault(const std::filesystem::path& root, const SealedFile& sealed);

}  // namespace heddle::data

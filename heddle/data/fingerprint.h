// What a dataset without a seal is known by, cheaply: made anew at every start of a run.
#pragma once

#include <filesystem>
#include <string>

namespace heddle::data {

// SHA-256 over the names of its files: those under meta/ and data/ with their sizes and last 64 KiB, those under
// videos/ with their sizes. The end of a parquet file is its footer, with the rows and the smallest and greatest value
// of each column, so that rows which come, go or change are mostly seen; it does not see a change inside of larger
// files that leaves size, footer and ranges as they were, nor other pictures in a video of the same size. heddle data
// seal sees all. Hidden files are left out. kSystem where a file can't be read.
std::string DatasetFingerprint(const std::filesystem::path& root);

}  // namespace heddle::data

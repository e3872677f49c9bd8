// Arrow's status as our errors. Private to the sources that include Arrow.
#pragma once

#include <arrow/result.h>
#include <arrow/status.h>

#include <string>
#include <utility>

#include "heddle/core/error.h"

namespace heddle::data {

// For writing: what fails there is the machine's doing (a full disk, a lost mount).
inline void RequireWritten(const arrow::Status& status, const std::string& where) {
  if (!status.ok()) throw Error(ErrorKind::kSystem, "cannot write this file: " + status.message(), where);
}

// For arrays that are built in memory: failing is our own mistake, but for memory and for what Arrow's lists can count.
inline void RequireBuilt(const arrow::Status& status) {
  if (status.IsCapacityError()) ThrowUsage("the episode holds more than fits into one column", "", "save shorter ones");
  if (status.IsOutOfMemory()) throw Error(ErrorKind::kSystem, "out of memory");
  if (!status.ok()) throw Error(ErrorKind::kBug, "a column can't be built: " + status.message());
}

// For reading back what was written.
template <class T>
T Readable(arrow::Result<T> result, const std::string& where) {
  if (!result.ok()) ThrowInput("cannot be read: " + result.status().message(), where);
  return std::move(result).ValueUnsafe();
}

inline void RequireReadable(const arrow::Status& status, const std::string& where) {
  if (!status.ok()) ThrowInput("cannot be read: " + status.message(), where);
}

}  // namespace heddle::data

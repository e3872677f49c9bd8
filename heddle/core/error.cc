#include "heddle/core/error.h"

#include <cstring>
#include <utility>

namespace heddle {
namespace {

// A task name or a path can hold anything: control characters would break "one line", so they are shown as spaces.
std::string OneLine(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace

Error::Error(ErrorKind kind, std::string what, std::string where, std::string mend)
    : kind_(kind),
      message_(OneLine(std::move(what))),
      where_(OneLine(std::move(where))),
      mend_(OneLine(std::move(mend))) {
  line_ = where_.empty() ? message_ : where_ + ": " + message_;
  if (!mend_.empty()) line_ += " (" + mend_ + ")";
}

void ThrowUsage(std::string what, std::string where, std::string mend) {
  throw Error(ErrorKind::kUsage, std::move(what), std::move(where), std::move(mend));
}

void ThrowInput(std::string what, std::string where, std::string mend) {
  throw Error(ErrorKind::kInput, std::move(what), std::move(where), std::move(mend));
}

void ThrowSystem(std::string what, std::string where, int error_number) {
  throw Error(ErrorKind::kSystem, std::move(what) + ": " + std::strerror(error_number), std::move(where));
}

const char* KindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kUsage: return "usage";
    case ErrorKind::kInput: return "input";
    case ErrorKind::kSystem: return "system";
    case ErrorKind::kBug: return "bug";
  }
  return "bug";
}

}  // namespace heddle

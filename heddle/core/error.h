// Errors by blame.
//
// What a user's data or configuration does wrong is an `Error`: what happened, where, and how to mend it; the command
// line prints it as one line and exits with the code of its kind. What we did wrong is a failed HEDDLE_DEMAND
// (heddle/core/check.h), also an Error, of kind kBug. An expected outcome (a failed rollout, rows that can't be
// compared) is a value and never an Error.
#pragma once

#include <exception>
#include <string>

namespace heddle {

enum class ErrorKind {
  kUsage,   // called wrongly: an unknown flag or key, a value out of range. Exit code 2.
  kInput,   // a file or dataset that is not what it should be. Exit code 1.
  kSystem,  // the machine refused: disk full, permission denied, out of memory. Exit code 1.
  kBug,     // our own mistake. Exit code 1, with a request to report it.
};

class Error : public std::exception {
 public:
  // `what` is one sentence without a full stop; `where` names file:line, key, episode or frame and may be empty; `mend`
  // says what to do about it and may be empty.
  Error(ErrorKind kind, std::string what, std::string where = "", std::string mend = "");

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }
  const std::string& where() const { return where_; }
  const std::string& mend() const { return mend_; }
  int exit_code() const { return kind_ == ErrorKind::kUsage ? 2 : 1; }

  // "where: what (mend)", one line, whatever the parts contain.
  const char* what() const noexcept override { return line_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_, where_, mend_, line_;
};

// Shorthands, as most errors are thrown with all three parts.
[[noreturn]] void ThrowUsage(std::string what, std::string where = "", std::string mend = "");
[[noreturn]] void ThrowInput(std::string what, std::string where = "", std::string mend = "");
// Appends what errno (or the given code) says.
[[noreturn]] void ThrowSystem(std::string what, std::string where, int error_number);

// The stable name of a kind: "usage", "input", "system", "bug". Used in --json.
const char* KindName(ErrorKind kind);

}  // namespace heddle

// What is told when something was thrown: one line for people, one object for programs, never more.
#pragma once

#include <exception>

#include "apps/heddle/verb.h"
#include "heddle/core/error.h"

namespace heddle::cli {

// Any exception as a typed error: our own as it is; out of memory and what file systems throw as kSystem; everything
// else as kBug, with the first line of what it says.
Error AsError(const std::exception_ptr& thrown);

// "heddle: <what>" on stderr, or with `json` {"error": {kind, what, where, mend}} on stdout. Returns the exit code.
int ReportError(const Error& error, bool json, const Console& console);

// For std::set_terminate: what no handler could catch (an exception out of a thread or a destructor) also ends in one
// line on stderr, and exit code 1.
[[noreturn]] void EndOnTerminate();

}  // namespace heddle::cli

// Checks of our own work.
//
// HEDDLE_DEMAND(condition) is always on: a false condition is our bug and throws an Error of kind kBug that names the
// place. HEDDLE_ASSERT(condition) is for checks that cost: on in builds with HEDDLE_CHECKED (presets dev, asan, tsan).
// Neither is an answer to a user's input: that gets a typed Error (heddle/core/error.h).
#pragma once

namespace heddle::internal {
[[noreturn]] void DemandFailed(const char* condition, const char* file, int line);
}  // namespace heddle::internal

#define HEDDLE_DEMAND(condition)                                                        \
  do {                                                                                  \
    if (!(condition)) ::heddle::internal::DemandFailed(#condition, __FILE__, __LINE__); \
  } while (false)

#ifdef HEDDLE_CHECKED
#define HEDDLE_ASSERT(condition) HEDDLE_DEMAND(condition)
#else
#define HEDDLE_ASSERT(condition) \
  do {                           \
  } while (false)
#endif

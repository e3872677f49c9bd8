// What an error says, and that it is one line and of the kind that it should be.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "heddle/core/error.h"

namespace heddle {

template <class F>
std::string ErrorOf(F&& act, ErrorKind kind = ErrorKind::kUsage) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  return "no error";
}

}  // namespace heddle

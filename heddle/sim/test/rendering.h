// What tests of pictures share.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "heddle/data/video/image.h"
#include "heddle/sim/gl_context.h"

namespace heddle::sim {

// In a test's first line.
#define NEEDS_OPENGL() \
  if (!LookAtRendering().available) GTEST_SKIP() << LookAtRendering().lack << " (" << LookAtRendering().mend << ")"

inline double MeanDifference(const data::Image& a, const data::Image& b) {
  EXPECT_EQ(a.pixels.size(), b.pixels.size());
  double sum = 0;
  for (size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(a.pixels[i] - b.pixels[i]);
  return sum / static_cast<double>(a.pixels.size());
}

}  // namespace heddle::sim

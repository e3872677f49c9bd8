// Pictures put together to one, for people's eyes.
#pragma once

#include <span>

#include "heddle/data/video/image.h"

namespace heddle::sim {

// All of one height (DEMANDed), from left to right.
data::Image SideBySide(std::span<const data::Image> images);
// All of one width (DEMANDed), from top to bottom.
data::Image Stacked(std::span<const data::Image> images);

}  // namespace heddle::sim

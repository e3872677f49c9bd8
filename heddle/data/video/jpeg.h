// What a JPEG loses.
#pragma once

#include <string>

#include "heddle/data/video/image.h"

namespace heddle::data {

// A JPEG file of an RGB picture, with colours at half resolution, as cameras write it. `quality` is on the usual scale
// from 1 to 100 (DEMANDed), rounded to the 31 steps of FFmpeg's
// encoder: all below 13 are the same. The same bytes for the same picture.
std::string EncodeJpeg(const Image& image, int quality);

}  // namespace heddle::data

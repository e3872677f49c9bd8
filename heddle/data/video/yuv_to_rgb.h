// Decoded pictures as 8-bit RGB.
//
//   R = y + r_v v,   G = y - g_u u - g_v v,   B = y + b_u u
//
// with y, u, v scaled to the full range. The matrix and the range are those that the picture declares; where it
// declares none: BT.601, limited, as every tool takes it. Chroma is repeated over the pixels that share it.
//
// Rounding::kNearest gives results within one level of exact. Video is read with kProductsDown: the arithmetic of
// FFmpeg's own fast converter for 8-bit 4:2:0, which the readers in use (PyAV, torchcodec) go through. Policies see the
// same pixels here as there; exact ones would be one level brighter on average.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "heddle/data/video/ffmpeg_handles.h"
#include "heddle/data/video/rgb_rows.h"

namespace heddle::data {

// `rgb`: height * width * 3. `rounding` matters to 8-bit YUV only. kInput with `place` for
// pixel formats that can't be turned into RGB.
void ConvertToRgb(const AVFrame& picture, Rounding rounding, std::span<uint8_t> rgb, const std::string& place);

// The luma or grey plane as it is coded; kInput with `place` for pixel formats that have none of 8 to 16 bits.
void CopyCodes(const AVFrame& picture, std::span<uint16_t> codes, const std::string& place);

// Bits a luma sample has; 0 for formats without luma.
int LumaBits(AVPixelFormat format);

}  // namespace heddle::data

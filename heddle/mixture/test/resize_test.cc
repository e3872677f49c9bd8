#include "heddle/mixture/resize.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/json.h"
#include "heddle/core/read_file.h"

namespace heddle::mixture {
namespace {

using Picture = std::vector<uint8_t>;

// The formula of testdata/mixture/make_resize.py.
Picture MakePicture(int64_t height, int64_t width) {
  Picture picture;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) {
      for (int64_t c = 0; c < 3; ++c) {
        picture.push_back(uint8_t((x * x * 3 + y * 29 + c * 71 + (x * y) % 17 * 9) % 256));
      }
    }
  }
  return picture;
}

Picture Resize(const Picture& picture, int64_t height, int64_t width, const CameraLayout& to) {
  Picture out(size_t(to.height * to.width * 3), 99);
  std::vector<int16_t> scratch;
  Resizer(height, width, to)(picture, out, scratch);
  return out;
}

int LargestDifference(const Picture& a, const Picture& b) {
  EXPECT_EQ(a.size(), b.size());
  int largest = 0;
  for (size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(int(a[i]) - int(b[i])));
  return largest;
}

// The formula of the header in double precision.
Picture Exact(const Picture& picture, int64_t height, int64_t width, const CameraLayout& to) {
  const auto axis = [](int64_t from, int64_t size, int64_t x) {
    const double scale = double(from) / double(size), radius = std::max(1.0, scale), centre = (double(x) + 0.5) * scale;
    std::vector<double> weights(size_t(from), 0.0);
    double sum = 0;
    for (int64_t i = 0; i < from; ++i) {
      sum += weights[size_t(i)] = std::max(0.0, 1 - std::abs(double(i) + 0.5 - centre) / radius);
    }
    for (double& weight : weights) weight /= sum;
    return weights;
  };
  Picture out;
  for (int64_t y = 0; y < to.height; ++y) {
    const auto down = axis(height, to.height, y);
    for (int64_t x = 0; x < to.width; ++x) {
      const auto across = axis(width, to.width, x);
      for (int64_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (int64_t i = 0; i < height; ++i) {
          for (int64_t j = 0; j < width; ++j) {
            sum += down[size_t(i)] * across[size_t(j)] * picture[size_t((i * width + j) * 3 + c)];
          }
        }
        out.push_back(uint8_t(std::lround(sum)));
      }
    }
  }
  return out;
}

TEST(ResizeTest, EqualsPillowWithinOne) {
  const auto cases = ParseJson(ReadFile(HEDDLE_TESTDATA "/mixture/resize.json"), "resize.json");
  for (const auto& one : cases) {
    const auto from = one["from"].get<std::vector<int64_t>>(), to = one["to"].get<std::vector<int64_t>>();
    const Fit fit = one["box"].is_null() ? Fit::kStretch : Fit::kCover;
    const Picture out = Resize(MakePicture(from[0], from[1]), from[0], from[1], {"c", to[0], to[1], fit});
    EXPECT_LE(LargestDifference(out, one["pixels"].get<Picture>()), 1) << one["from"];
  }
}

TEST(ResizeTest, EqualsTheFormulaWithinOne) {
  for (const auto& [height, width] : {std::pair{30, 41}, {9, 7}, {1, 3}, {64, 2}}) {
    const Picture picture = MakePicture(height, width);
    const CameraLayout to{"c", 12, 10, Fit::kStretch};
    EXPECT_LE(LargestDifference(Resize(picture, height, width, to), Exact(picture, height, width, to)), 1);
  }
}

TEST(ResizeTest, AFlatPictureStaysFlat) {
  for (const int value : {0, 1, 127, 254, 255}) {
    const Picture picture(size_t(37 * 53 * 3), uint8_t(value));
    for (const int64_t size : {5, 40, 100}) {
      const Picture out = Resize(picture, 37, 53, {"c", size, size, Fit::kStretch});
      EXPECT_TRUE(std::ranges::all_of(out, [&](uint8_t each) { return each == value; })) << value << " " << size;
    }
  }
}

TEST(ResizeTest, TheSameSizeIsACopy) {
  const Picture picture = MakePicture(6, 8);
  for (const Fit fit : {Fit::kStretch, Fit::kCover, Fit::kContain}) {
    EXPECT_EQ(Resize(picture, 6, 8, {"c", 6, 8, fit}), picture);
  }
}

TEST(ResizeTest, CoverCutsTheMiddleOut) {
  // Three stripes of 4 columns: black, white, black; a square of 4 is the white one.
  Picture picture(size_t(4 * 12 * 3), 0);
  for (int64_t y = 0; y < 4; ++y) std::fill_n(picture.begin() + (y * 12 + 4) * 3, 4 * 3, uint8_t{255});
  const Picture out = Resize(picture, 4, 12, {"c", 4, 4, Fit::kCover});
  EXPECT_TRUE(std::ranges::all_of(out, [](uint8_t each) { return each == 255; }));
}

TEST(ResizeTest, ContainPutsBarsAround) {
  const Picture picture(size_t(4 * 8 * 3), 200);
  const Picture out = Resize(picture, 4, 8, {"c", 8, 8, Fit::kContain});
  for (int64_t y = 0; y < 8; ++y) {
    for (int64_t i = 0; i < 24; ++i) EXPECT_EQ(out[size_t(y * 24 + i)], y >= 2 && y < 6 ? 200 : 0);
  }
}

}  // namespace
}  // namespace heddle::mixture

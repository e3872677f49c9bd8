#include "heddle/mixture/sheet/picture_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/csrc/jit/api/module.h>

#include <fstream>

#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::mixture {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

class PictureEncoderTest : public testing::Test {
 protected:
  std::string Saved(const std::string& code) {
    torch::jit::Module module("Encoder");
    module.define(code + "\n");
    const std::string file = (folder_.path() / "encoder.pt").string();
    module.save(file);
    return file;
  }
  std::string ErrorOf(const std::string& file) {
    try {
      (*LoadPictureEncoder(file, 2))(std::vector<uint8_t>(12));
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was thrown";
  }
  ScratchFolder folder_;
};

TEST_F(PictureEncoderTest, SeesChannelsFirstRowByRowInZeroToOne) {
  const auto encoder = LoadPictureEncoder(
      Saved("def forward(self, pictures: Tensor) -> Tensor:\n    return pictures[:, :, 0, 1] + 10 * pictures.mean()"),
      2);
  std::vector<uint8_t> picture(12, 0);
  picture[3] = 255, picture[4] = 51;  // red and some green, in the first row on the right
  const double mean = 10 * 1.2 / 12;
  EXPECT_THAT((*encoder)(picture),
              ElementsAre(DoubleNear(1 + mean, 1e-6), DoubleNear(.2 + mean, 1e-6), DoubleNear(mean, 1e-6)));
  EXPECT_THAT(encoder->name(), HasSubstr("encoder.pt"));
}

TEST_F(PictureEncoderTest, WhatIsNoEncoderIsRefusedByItsFile) {
  EXPECT_THAT(ErrorOf(Saved("def forward(self, z: Tensor, w: Tensor) -> Tensor:\n    return z + w")),
              HasSubstr("forward(self, pictures: Tensor) -> Tensor"));
  EXPECT_THAT(ErrorOf(Saved("def forward(self, pictures: Tensor) -> Tensor:\n    return pictures.view(7)")),
              HasSubstr("encoder.pt"));
  EXPECT_THAT(ErrorOf(Saved("def forward(self, pictures: Tensor) -> Tensor:\n    return pictures / 0.0")),
              HasSubstr("not finite"));
  std::ofstream(folder_.path() / "text.pt") << "no module";
  EXPECT_THAT(ErrorOf((folder_.path() / "text.pt").string()), HasSubstr("text.pt"));
}

}  // namespace
}  // namespace heddle::mixture

#include "heddle/core/sha256.h"

#include <gtest/gtest.h>

#include "heddle/core/atomic_file.h"
#include "heddle/core/error.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle {
namespace {

constexpr const char* kMillionA = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, PiecesOfAnySizeGiveTheDigestOfTheWhole) {
  const std::string text(1000000, 'a');
  for (const size_t piece : {1000000u, 65536u, 999u}) {
    Sha256 hash;
    for (size_t at = 0; at < text.size(); at += piece) hash.Update(std::string_view(text).substr(at, piece));
    EXPECT_EQ(hash.Hex(), kMillionA) << piece;
  }
}

TEST(Sha256, AFileHasTheDigestOfItsBytes) {
  const ScratchFolder folder;
  std::string text(3000001, 'x');
  text.back() = 'y';
  WriteFileAtomically(folder.path() / "file", text);
  const FileHash hash = Sha256OfFile(folder.path() / "file");
  EXPECT_EQ(hash.sha256, Sha256Hex(text));
  EXPECT_EQ(hash.size_bytes, 3000001);
}

TEST(Sha256, AFileThatIsNotThereIsAnError) {
  EXPECT_THROW(Sha256OfFile("/nowhere/file"), Error);
  EXPECT_THROW(Sha256OfFile("/"), Error);
}

}  // namespace
}  // namespace heddle

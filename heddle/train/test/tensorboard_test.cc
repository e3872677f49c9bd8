#include "heddle/train/tensorboard.h"

#include <gtest/gtest.h>

#include <cstring>

#include "heddle/core/read_file.h"
#include "heddle/core/test/scratch_folder.h"

namespace heddle::train {
namespace {

TEST(TensorBoardTest, ItsCheckSumIsCastagnolis) {
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);            // the check value of CRC-32C
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);  // RFC 3720, B.4
}

TEST(TensorBoardTest, FramesHoldTheirLengthAndTheirSums) {
  ScratchFolder scratch;
  {
    TensorBoardLog log(scratch.path(), 1000);
    log.Scalar("loss/imitation", .5, 300, 1001.5);
    log.Flush();
  }
  const std::string bytes = ReadFile(std::filesystem::directory_iterator(scratch.path())->path());
  size_t at = 0;
  std::vector<std::string> events;
  while (at < bytes.size()) {
    uint64_t length = 0;
    uint32_t sum = 0;
    std::memcpy(&length, &bytes[at], 8);
    std::memcpy(&sum, &bytes[at + 8], 4);
    EXPECT_EQ(sum, MaskedCrc32c(std::string_view(bytes).substr(at, 8)));
    events.push_back(bytes.substr(at + 12, length));
    std::memcpy(&sum, &bytes[at + 12 + length], 4);
    EXPECT_EQ(sum, MaskedCrc32c(events.back()));
    at += 16 + length;
  }
  ASSERT_EQ(events.size(), 2u);
  EXPECT_NE(events[0].find("brain.Event:2"), std::string::npos);
  // wall_time 1001.5; step 300 as a varint; summary of one value: its tag, then 0.5 as a float.
  std::string expected("\x09\x00\x00\x00\x00\x00\x4c\x8f\x40", 9);
  expected.append("\x10\xac\x02\x2a\x17\x0a\x15\x0a\x0eloss/imitation").append("\x15\x00\x00\x00\x3f", 5);
  EXPECT_EQ(events[1], expected);
}

}  // namespace
}  // namespace heddle::train

#include "heddle/data/episode_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/data/test/sample_sets.h"

namespace heddle::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EpisodeList, ListsAndRangesAreSortedAndEachOnce) {
  EXPECT_THAT(ParseEpisodeList("3", 10), ElementsAre(3));
  EXPECT_THAT(ParseEpisodeList("7-9,0,8,4-4", 10), ElementsAre(0, 4, 7, 8, 9));
}

TEST(EpisodeList, WhatIsNoListIsAUsageError) {
  for (const char* text : {"", "a", "1,", ",1", "1-", "-1", "1-2-3", "1 2", "1.5", "99999999999999999999"}) {
    EXPECT_THAT(ErrorOf([&] { ParseEpisodeList(text, 10); }), HasSubstr("is no list of episodes")) << text;
  }
  EXPECT_THAT(ErrorOf([] { ParseEpisodeList("4-2", 10); }), HasSubstr("is no range"));
  EXPECT_THAT(ErrorOf([] { ParseEpisodeList("0-10", 10); }), HasSubstr("episodes are 0 to 9"));
}

}  // namespace
}  // namespace heddle::data

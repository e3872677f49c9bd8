#include "heddle/mixture/lru.h"

#include <gtest/gtest.h>

#include <string>

namespace heddle::mixture {
namespace {

using Kept = Lru<int, std::string>;

void Keep(Kept& kept, int key, size_t bytes) { kept.Keep(key, std::make_shared<const std::string>("x"), bytes); }

TEST(LruTest, StaysWithinItsBytes) {
  Kept kept(1000);
  for (int key = 0; key < 500; ++key) {
    Keep(kept, key, size_t(key % 90));
    EXPECT_LE(kept.bytes(), 1000u);
  }
  EXPECT_GT(kept.bytes(), 900u);
}

TEST(LruTest, WhatWasUsedLastStays) {
  Kept kept(30);
  for (const int key : {1, 2, 3}) Keep(kept, key, 10);
  EXPECT_NE(kept.Find(1), nullptr);
  Keep(kept, 4, 10);
  EXPECT_NE(kept.Find(1), nullptr);
  EXPECT_EQ(kept.Find(2), nullptr);
  EXPECT_NE(kept.Find(3), nullptr);
}

TEST(LruTest, OneThatIsTooLargeIsServedAndThenLetGo) {
  Kept kept(30);
  Keep(kept, 1, 100);
  EXPECT_NE(kept.Find(1), nullptr);
  Keep(kept, 2, 10);
  EXPECT_EQ(kept.Find(1), nullptr);
  EXPECT_EQ(kept.bytes(), 10u);
}

TEST(LruTest, WhatIsInUseOutlivesItsPlace) {
  Kept kept(10);
  Keep(kept, 1, 10);
  const auto held = kept.Find(1);
  Keep(kept, 2, 10);
  EXPECT_EQ(kept.Find(1), nullptr);
  EXPECT_EQ(*held, "x");
}

TEST(LruTest, TheFirstOfTwoWhoKeepTheSameStays) {
  Kept kept(100);
  Keep(kept, 1, 10);
  kept.Keep(1, std::make_shared<const std::string>("second"), 20);
  EXPECT_EQ(*kept.Find(1), "x");
  EXPECT_EQ(kept.bytes(), 10u);
}

}  // namespace
}  // namespace heddle::mixture

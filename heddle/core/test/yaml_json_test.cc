#include "heddle/core/yaml_json.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "heddle/core/error.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

TEST(YamlJsonTest, WhatIsWrittenIsReadBack) {
  const Json json = {{"schema", 1},
                     {"name", "a: \"b\"\n# c"},
                     {"yes", "true"},
                     {"1.5", .1},
                     {"nothing", nullptr},
                     {"empty", Json::object()},
                     {"no items", Json::array()},
                     {"list", {1, 2.5, "three", false}},
                     {"records", {{{"a", 1}, {"b", {{"c", {1, 2}}}}}, {{"a", 2}}}},
                     {"lists", Json::array({Json::array({Json::array({1, 2}), "x"}), Json::array({3})})}};
  EXPECT_EQ(JsonFromYaml(YamlFromJson(json), "x.yaml"), json) << YamlFromJson(json);
}

TEST(YamlJsonTest, ReadsLikeAFileForPeople) {
  EXPECT_EQ(YamlFromJson({{"robot", "panda"}, {"limits", {{"low", {-1, 0.5}}}}, {"cameras", {{{"name", "front"}}}}}),
            "robot: \"panda\"\nlimits:\n  low: [-1, 0.5]\ncameras:\n  - name: \"front\"\n");
}

TEST(YamlJsonTest, AKeyGivenTwiceIsRefused) {
  try {
    JsonFromYaml("a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml");
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "x.yaml:4: 'c' is given twice");
  }
}

}  // namespace
}  // namespace heddle

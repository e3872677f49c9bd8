#include "heddle/core/json.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "heddle/core/error.h"
#include "heddle/core/sha256.h"

namespace heddle {
namespace {

using Json = nlohmann::ordered_json;

template <class F>
std::string ErrorOf(ErrorKind kind, F&& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "no error";
}

std::string ParseErrorOf(const std::string& text) {
  return ErrorOf(ErrorKind::kInput, [&] { ParseJson(text, "a.json"); });
}

TEST(Json, IsWrittenInTheOrderOfItsMakingWithShortNumbers) {
  const Json json = {
      {"b", 1.0}, {"a", {0.1, 1e-7, -0.0, true, nullptr}}, {"c", Json::object()}, {"d", 18446744073709551615u}};
  EXPECT_EQ(DumpJson(json), R"({"b":1,"a":[0.1,1.0e-07,0,true,null],"c":{},"d":18446744073709551615})");
}

TEST(Json, IndentedListsOfPlainValuesStayOnOneLine) {
  const Json json = {{"a", {1, 2}}, {"b", {{{"c", 3}}, {1}}}, {"e", Json::array()}};
  EXPECT_EQ(DumpJson(json, 2),
            "{\n  \"a\": [1, 2],\n  \"b\": [\n    {\n      \"c\": 3\n    },\n    [1]\n  ],\n  \"e\": []\n}");
  EXPECT_EQ(Json::parse(DumpJson(json, 2)), json);
}

TEST(Json, NumbersThatAreNotFiniteAreRefusedWithTheirKey) {
  const Json json = {{"loss", {{{"ood", {1.0, NAN}}}}}};
  EXPECT_EQ(ErrorOf(ErrorKind::kBug, [&] { DumpJson(json); }), "loss[0].ood[1]: the number nan can't stand in JSON");
  EXPECT_EQ(ErrorOf(ErrorKind::kBug, [&] { CanonicalJson(Json(INFINITY)); }), "the number inf can't stand in JSON");
}

TEST(Json, TextThatIsNotUtf8IsRefusedWithItsKey) {
  EXPECT_EQ(ErrorOf(ErrorKind::kInput, [&] { DumpJson({{"name", "\xff"}}); }), "name: this text is not UTF-8");
}

TEST(Json, CanonicalFormDependsOnContentAlone) {
  const Json one = {{"b", 1}, {"a", {{"y", 2.50}, {"x", "\n"}}}}, same = {{"a", {{"x", "\n"}, {"y", 2.5}}}, {"b", 1.0}};
  EXPECT_EQ(CanonicalJson(one), R"({"a":{"x":"\n","y":2.5},"b":1})");
  EXPECT_EQ(CanonicalJson(one), CanonicalJson(same));
}

TEST(Json, BrokenTextNamesLineAndColumn) {
  EXPECT_EQ(ParseErrorOf("{\n  \"a\": 1,\n  \"b\": x\n}"), "a.json:3:8: this is not JSON");
  EXPECT_EQ(ParseErrorOf(""), "a.json:1:1: this is not JSON");
  EXPECT_EQ(ParseErrorOf("{\"a\": NaN}"), "a.json:1:7: this is not JSON");
  EXPECT_EQ(ParseErrorOf("[1] 2"), "a.json:1:5: this is not JSON");
  EXPECT_EQ(ParseErrorOf("[1e999]"), "a.json: this JSON holds a number that is out of range");
  EXPECT_EQ(ParseErrorOf("[\"\xff\"]"), "a.json:1:3: this is not JSON");
}

TEST(Json, AKeyGivenTwiceIsRefused) {
  EXPECT_EQ(ParseErrorOf(R"({"a": {"b": 1, "b": 2}})"), "a.json: the key 'b' is given twice (keep one of them)");
  EXPECT_EQ(ParseJson(R"({"a": {"b": 1}, "b": [{"a": 1}, {"a": 2}]})", "a.json")["b"][1]["a"], 2);
}

TEST(Json, NestingHasAnEnd) {
  const auto nested = [](size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_NO_THROW(ParseJson(nested(200), "a.json"));
  EXPECT_EQ(ParseErrorOf(nested(1000000)), "a.json: JSON nested deeper than 200 levels");
}

TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

}  // namespace
}  // namespace heddle

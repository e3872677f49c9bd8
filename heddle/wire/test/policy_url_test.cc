#include "heddle/wire/policy_url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "heddle/core/error.h"

namespace heddle::wire {
namespace {

using testing::HasSubstr;

TEST(PolicyUrlTest, ReadsHostPortAndPath) {
  struct Case {
    const char *url, *host;
    int port;
    const char *target, *text;
  };
  for (const auto& [url, host, port, target, text] : {
           Case{"ws://robot", "robot", 8000, "/", "ws://robot:8000"},
           Case{"ws://robot/", "robot", 8000, "/", "ws://robot:8000"},
           Case{"ws://127.0.0.1:1", "127.0.0.1", 1, "/", "ws://127.0.0.1:1"},
           Case{"ws://[::1]", "::1", 8000, "/", "ws://[::1]:8000"},
           Case{"ws://[fe80::1]:65535/a/b?c=d", "fe80::1", 65535, "/a/b?c=d", "ws://[fe80::1]:65535/a/b?c=d"},
           Case{"ws://robot?x", "robot", 8000, "/?x", "ws://robot:8000/?x"},
       }) {
    const PolicyUrl parsed = ParsePolicyUrl(url);
    EXPECT_EQ(parsed.host, host);
    EXPECT_EQ(parsed.port, port);
    EXPECT_EQ(parsed.target, target);
    EXPECT_EQ(parsed.Text(), text);
  }
}

TEST(PolicyUrlTest, RefusesTheRestWithAReason) {
  const auto refusal = [](const char* url) -> std::string {
    try {
      ParsePolicyUrl(url);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kUsage);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refusal("wss://robot"), HasSubstr("wss:// is not spoken here"));
  EXPECT_THAT(refusal("http://robot"), HasSubstr("write ws://HOST:PORT"));
  EXPECT_THAT(refusal("robot:8000"), HasSubstr("is no address of a policy server"));
  EXPECT_THAT(refusal("ws://"), HasSubstr("names no host"));
  EXPECT_THAT(refusal("ws://:8000"), HasSubstr("names no host"));
  EXPECT_THAT(refusal("ws:///path"), HasSubstr("names no host"));
  for (const char* port : {"0", "65536", "-1", "80x", "", "99999999999"}) {
    EXPECT_THAT(refusal(("ws://robot:" + std::string(port)).c_str()), HasSubstr("is no port")) << port;
  }
  EXPECT_THAT(refusal("ws://::1"), HasSubstr("write an IPv6 address in brackets"));
  EXPECT_THAT(refusal("ws://[::1"), HasSubstr("has a '[' without a ']'"));
  EXPECT_THAT(refusal("ws://[::1]x:1"), HasSubstr("between host and port"));
  EXPECT_THAT(refusal("ws://a:b@robot:1"), HasSubstr("a user's name"));
  EXPECT_THAT(refusal("ws://robot/#top"), HasSubstr("has a '#'"));
  EXPECT_THAT(refusal("ws://robot/a\r\nX: y"), HasSubstr("has a space or a character"));
}

}  // namespace
}  // namespace heddle::wire

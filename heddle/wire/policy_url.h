// Where a policy is served: ws://HOST[:PORT][/PATH].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heddle::wire {

inline constexpr uint16_t kDefaultPolicyPort = 8000;

struct PolicyUrl {
  std::string host;  // a name or an address; an IPv6 address without its brackets
  uint16_t port = kDefaultPolicyPort;
  std::string target = "/";  // path and query

  std::string Authority() const;  // "host:port", "[::1]:8000"
  std::string Text() const;       // "ws://host:port/path"
};

// A usage error that says what is wrong with it. wss:// is refused by name: the protocol's servers speak it plain.
PolicyUrl ParsePolicyUrl(std::string_view url);

}  // namespace heddle::wire

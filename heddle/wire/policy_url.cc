#include "heddle/wire/policy_url.h"

#include <algorithm>
#include <charconv>

#include "heddle/core/error.h"
#include "heddle/core/text.h"

namespace heddle::wire {
namespace {

constexpr std::string_view kScheme = "ws://";
constexpr const char* kMend = "write ws://HOST:PORT";

uint16_t PortFrom(std::string_view text, const std::string& where) {
  int port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
    ThrowUsage("'" + std::string(text) + "' is no port", where, "give a number from 1 to 65535");
  }
  return static_cast<uint16_t>(port);
}

// Host and, if there is one, the port behind its colon.
struct Authority {
  std::string_view host, port;
  bool has_port;
};

Authority SplitAuthority(std::string_view text, const std::string& where) {
  const bool is_bracketed = text.starts_with('[');
  const size_t host_end = is_bracketed ? text.find(']') : text.find(':');
  if (is_bracketed && host_end == std::string_view::npos) ThrowUsage("has a '[' without a ']'", where, kMend);
  const std::string_view host = is_bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
  const size_t rest_at = is_bracketed ? host_end + 1 : std::min(host_end, text.size());
  const std::string_view rest = text.substr(rest_at);
  if (!rest.empty() && rest[0] != ':') ThrowUsage("has something between host and port", where, kMend);
  if (!is_bracketed && rest.size() > 1 && rest.find(':', 1) != std::string_view::npos) {
    ThrowUsage("has more than one ':'", where, "write an IPv6 address in brackets: ws://[::1]:8000");
  }
  return {host, rest.empty() ? rest : rest.substr(1), !rest.empty()};
}

}  // namespace

std::string PolicyUrl::Authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string PolicyUrl::Text() const { return std::string(kScheme) + Authority() + (target == "/" ? "" : target); }

PolicyUrl ParsePolicyUrl(std::string_view url) {
  const std::string where = "policy " + WithoutControls(std::string(url));
  if (url.starts_with("wss://")) {
    ThrowUsage("wss:// is not spoken here", where, "use ws://, through a tunnel where the network is not yours");
  }
  if (!url.starts_with(kScheme)) ThrowUsage("is no address of a policy server", where, kMend);
  if (std::ranges::any_of(url, [](unsigned char c) { return c <= ' ' || c >= 0x7f; })) {
    ThrowUsage("has a space or a character that is not ASCII", where, kMend);
  }
  const std::string_view rest = url.substr(kScheme.size());
  const size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
  if (rest.find('#') != std::string_view::npos) ThrowUsage("has a '#', which no server is told", where, kMend);
  if (rest.substr(0, host_end).find('@') != std::string_view::npos) {
    ThrowUsage("has a user's name in it", where, "give a key as an option of its own");
  }
  const auto [host, port, has_port] = SplitAuthority(rest.substr(0, host_end), where);
  if (host.empty()) ThrowUsage("names no host", where, kMend);
  PolicyUrl parsed{.host = std::string(host)};
  if (has_port) parsed.port = PortFrom(port, where);
  const std::string_view target = rest.substr(host_end);
  if (!target.empty()) parsed.target = target[0] == '/' ? std::string(target) : "/" + std::string(target);
  return parsed;
}

}  // namespace heddle::wire

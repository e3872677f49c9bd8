#include "heddle/wire/server_words.h"

#include "heddle/core/text.h"

namespace heddle::wire {
namespace {

constexpr size_t kMaxTold = 300;

using Kind = PolicyFailureKind;

std::string Told(std::string_view text) {
  const bool is_long = text.size() > kMaxTold;
  std::string told(text.substr(0, kMaxTold));
  while (is_long && !told.empty() && !IsUtf8(told)) told.pop_back();  // not in the middle of a character
  return WithoutControls(told) + (is_long ? "..." : "");
}

std::string LastLine(std::string_view text) {
  const size_t end = text.find_last_not_of(" \t\r\n");
  if (end == std::string_view::npos) return "";
  text = text.substr(0, end + 1);
  const size_t newline = text.find_last_of('\n');
  return Told(newline == std::string_view::npos ? text : text.substr(newline + 1));
}

}  // namespace

PolicyFailure RefusedHandshake(const std::string& url, error_code error, unsigned status) {
  if (error == websocket::error::upgrade_declined) {
    const std::string mend = status == 401 || status == 403 ? "give the key that it wants" : "";
    return {Kind::kUnreachable, "refused the connection: HTTP " + std::to_string(status), url, mend};
  }
  const bool is_gone = error == http::error::end_of_stream || error == http::error::partial_message ||
                       error.category() == asio::error::get_system_category() ||
                       error.category() == asio::error::get_misc_category();
  if (is_gone) return {Kind::kClosed, "closed the connection before the handshake was done", url};
  return {Kind::kMalformed, "does not speak websocket: " + error.message(), url};
}

PolicyFailure BrokenConnection(const std::string& url, error_code error, const websocket::close_reason& reason,
                               size_t max_message_bytes) {
  if (error == websocket::error::closed) {
    const std::string said = Told({reason.reason.data(), reason.reason.size()});
    const Kind kind = reason.code == websocket::close_code::internal_error ? Kind::kError : Kind::kClosed;
    return {kind, "closed the connection (" + std::to_string(reason.code) + (said.empty() ? "" : ": " + said) + ")",
            url};
  }
  if (error == websocket::error::message_too_big) {
    return {Kind::kMalformed, "sent a message of more than " + std::to_string(max_message_bytes) + " bytes", url};
  }
  if (error.category() == make_error_code(websocket::error::closed).category()) {
    return {Kind::kMalformed, "broke the websocket protocol: " + error.message(), url};
  }
  return {Kind::kClosed, "the connection broke off: " + error.message(), url};
}

PolicyFailure ServerSaid(const std::string& url, const Bytes& text) {
  std::string details(reinterpret_cast<const char*>(text.data()), text.size());
  const std::string line = LastLine(details);
  return {Kind::kError, "the policy failed" + (line.empty() ? "" : ": " + line), url, "", std::move(details)};
}

}  // namespace heddle::wire

#include "heddle/wire/server_connection.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace heddle::wire {
namespace {

constexpr double kGoodbye_s = 0.2;
constexpr const char* kBehindTheTimes = "This is a policy server: speak websocket.\n";

std::string PeerText(const tcp::socket& socket) {
  error_code error;
  const tcp::endpoint peer = socket.remote_endpoint(error);
  return error ? "a client" : peer.address().to_string() + ":" + std::to_string(peer.port());
}

// Not a page of somebody else's in this machine's browser.
bool IsAllowed(const http::request_parser<http::empty_body>& request, const std::vector<std::string>& origins) {
  const auto [first, last] = request.get().equal_range(http::field::origin);
  return std::all_of(first, last, [&](const auto& field) {
    return std::find(origins.begin(), origins.end(), std::string(field.value())) != origins.end();
  });
}

Bytes ToBytes(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

ServerConnection::ServerConnection(tcp::socket socket, ServerContext& context)
    : context_(context),
      stream_(std::move(socket)),
      peer_(PeerText(beast::get_lowest_layer(stream_).socket())),
      read_deadline_(stream_.get_executor()),
      write_deadline_(stream_.get_executor()) {}

void ServerConnection::Start() {
  Arm(read_deadline_, context_.options.handshake_timeout_s);
  http::async_read(stream_.next_layer(), buffer_, http_request_,
                   [self = shared_from_this()](error_code error, size_t) { self->OnHttpRequest(error); });
}

void ServerConnection::OnHttpRequest(error_code error) {
  if (is_dropped_) return;
  Disarm(read_deadline_);
  if (error && error.category() != make_error_code(http::error::bad_method).category()) return Drop();
  if (error == http::error::end_of_stream) return Drop();
  // Whoever sends more than a request before it was answered does not wait for handshakes.
  if (error || buffer_.size() > 0) return Respond(http::status::bad_request, "This is no request.\n");
  if (http_request_.get().target() == "/healthz") return Respond(http::status::ok, "OK\n");
  if (!IsAllowed(http_request_, context_.options.allowed_origins)) {
    Tell("asked from a page of another site");
    return Respond(http::status::forbidden, "Pages of other sites may not ask this policy.\n");
  }
  if (!websocket::is_upgrade(http_request_.get())) return Respond(http::status::upgrade_required, kBehindTheTimes);
  if (context_.num_clients >= context_.options.max_clients) {
    return Respond(http::status::service_unavailable, "The policy has as many clients as it takes.\n");
  }
  Upgrade();
}

void ServerConnection::Respond(http::status status, std::string body) {
  http_response_.result(status);
  http_response_.version(11);
  http_response_.set(http::field::content_type, "text/plain");
  if (status == http::status::upgrade_required) http_response_.set(http::field::upgrade, "websocket");
  http_response_.keep_alive(false);
  http_response_.body() = std::move(body);
  http_response_.prepare_payload();
  Arm(write_deadline_, context_.options.handshake_timeout_s);
  http::async_write(stream_.next_layer(), http_response_, [self = shared_from_this()](error_code, size_t) {
    error_code ignored;
    beast::get_lowest_layer(self->stream_).socket().shutdown(tcp::socket::shutdown_send, ignored);
    self->Drop();
  });
}

void ServerConnection::Upgrade() {
  is_upgraded_ = true;
  ++context_.num_clients;
  error_code ignored;
  beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true), ignored);
  stream_.set_option(websocket::stream_base::timeout{Seconds(context_.options.handshake_timeout_s),
                                                     Seconds(context_.options.idle_timeout_s), true});
  stream_.read_message_max(context_.options.max_message_bytes);
  stream_.auto_fragment(false);
  stream_.async_accept(http_request_.get(), [self = shared_from_this()](error_code error) {
    if (error) return self->Drop();
    self->OnUpgraded();
  });
}

void ServerConnection::OnUpgraded() {
  stream_.binary(true);
  Write(context_.metadata, [this] {
    round_start_ = Clock::now();
    Read();
  });
}

void ServerConnection::Read() {
  stream_.async_read_some(buffer_, kReadBlockBytes,
                          [self = shared_from_this()](error_code error, size_t) { self->OnRead(error); });
}

void ServerConnection::OnRead(error_code error) {
  if (is_dropped_) return;
  if (error) {
    if (error == websocket::error::message_too_big) Tell("its request is too large");
    return is_closing_ ? void() : Drop();
  }
  if (!stream_.is_message_done()) {
    if (!std::exchange(is_mid_request_, true)) Arm(read_deadline_, context_.options.message_timeout_s);
    return Read();
  }
  is_mid_request_ = false;
  Disarm(read_deadline_);
  OnRequest(stream_.got_text(), TakeBytes(buffer_));
}

void ServerConnection::OnRequest(bool is_text, Bytes request) {
  if (is_closing_) return Read();
  if (is_text) {
    Tell("sent text");
    return Refuse(websocket::close_code::unknown_data, ToBytes("send binary messages"));
  }
  if (is_thinking_) {
    held_ = std::move(request);
    return;
  }
  Think(std::move(request));
  Read();
}

void ServerConnection::Think(Bytes request) {
  is_thinking_ = true;
  asio::post(context_.workers, [self = shared_from_this(), request = std::move(request)]() mutable {
    Answer answer;
    if (!self->is_dropped_) {
      answer = AnswerTo(request, self->context_.handler, self->context_.options.limits, self->prev_total_s_);
    }
    const auto executor = self->stream_.get_executor();
    asio::post(executor,
               [self = std::move(self), answer = std::move(answer)]() mutable { self->OnAnswer(std::move(answer)); });
  });
}

void ServerConnection::OnAnswer(Answer answer) {
  if (!answer.problem.empty()) Tell(answer.problem);
  if (is_dropped_ || is_closing_) return;
  switch (answer.outcome) {
    case Outcome::kReply: return Write(std::move(answer.message), [this] { OnReplied(); });
    case Outcome::kBadRequest: return Refuse(websocket::close_code::bad_payload, std::move(answer.message));
    case Outcome::kFailed: return Refuse(websocket::close_code::internal_error, std::move(answer.message));
  }
}

void ServerConnection::OnReplied() {
  const Clock::time_point now = Clock::now();
  prev_total_s_ = std::chrono::duration<double>(now - std::exchange(round_start_, now)).count();
  is_thinking_ = false;
  if (!held_ || is_closing_) return;
  Think(*std::exchange(held_, std::nullopt));
  Read();
}

void ServerConnection::Refuse(websocket::close_code code, Bytes line) {
  is_closing_ = true;
  stream_.text(true);
  Write(std::move(line), [this, code] { Close(code); });
}

void ServerConnection::Close(websocket::close_code code) {
  is_closing_ = true;
  websocket::close_reason reason(code);
  if (code == websocket::close_code::internal_error) reason.reason = "The policy failed: see the frame before.";
  Arm(write_deadline_, kGoodbye_s);
  stream_.async_close(reason, [self = shared_from_this()](error_code) { self->Drop(); });
}

template <class Then>
void ServerConnection::Write(Bytes message, Then then) {
  outgoing_ = std::move(message);
  Arm(write_deadline_, context_.options.message_timeout_s);
  stream_.async_write(asio::buffer(outgoing_), [self = shared_from_this(), then](error_code error, size_t) {
    if (self->is_dropped_) return;
    if (error) return self->Drop();
    if (!self->is_closing_) Disarm(self->write_deadline_);
    then();
  });
}

void ServerConnection::GoAway() {
  if (!is_upgraded_ || !stream_.is_open() || is_closing_) return Drop();
  Close(websocket::close_code::going_away);
}

void ServerConnection::Drop() {
  if (is_dropped_.exchange(true)) return;
  read_deadline_.cancel();
  write_deadline_.cancel();
  beast::get_lowest_layer(stream_).close();
  if (is_upgraded_) --context_.num_clients;
  context_.connections.erase(shared_from_this());
}

void ServerConnection::Arm(asio::steady_timer& timer, double seconds) {
  timer.expires_after(Seconds(seconds));
  timer.async_wait([self = shared_from_this(), &timer](error_code error) {
    // One that was disarmed after it had run out is late, and no deadline any more.
    if (error || timer.expiry() > Clock::now() || self->is_dropped_) return;
    if (!self->is_closing_) self->Tell("was too slow");
    self->Drop();
  });
}

void ServerConnection::Disarm(asio::steady_timer& timer) { timer.expires_at(Clock::time_point::max()); }

void ServerConnection::Tell(const std::string& problem) const {
  if (context_.options.on_problem) context_.options.on_problem(peer_ + ": " + problem);
}

}  // namespace heddle::wire

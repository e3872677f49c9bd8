#include "heddle/wire/client_link.h"

#include <condition_variable>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "heddle/core/error.h"
#include "heddle/core/text.h"
#include "heddle/wire/beast.h"
#include "heddle/wire/server_words.h"

namespace heddle::wire {

// A socket that is closed once a close frame has come, without waiting for the server to close its end: by then all is
// known that an error can tell.
class ClientSocket : public beast::tcp_stream {
 public:
  using beast::tcp_stream::tcp_stream;

  template <class Handler>
  friend void async_teardown(beast::role_type, ClientSocket& socket, Handler&& handler) {
    socket.close();
    asio::post(socket.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error_code()));
  }
};

namespace {

constexpr double kGoodbye_s = 0.2;

using Endpoints = tcp::resolver::results_type;

// The system's resolver can't be interrupted: it gets a thread that is left behind where it takes too long.
Endpoints Resolve(const PolicyUrl& url, double timeout_s) {
  struct Answer {
    error_code error;
    Endpoints endpoints;
  };
  std::promise<Answer> promise;
  std::future<Answer> future = promise.get_future();
  std::thread([url, promise = std::move(promise)]() mutable {
    asio::io_context io;
    Answer answer;
    answer.endpoints = tcp::resolver(io).resolve(url.host, std::to_string(url.port), answer.error);
    promise.set_value(std::move(answer));
  }).detach();
  if (future.wait_for(Seconds(timeout_s)) != std::future_status::ready) {
    throw PolicyFailure(PolicyFailureKind::kTimeout, "the host was not found within " + FormatDouble(timeout_s) + " s",
                        url.Text());
  }
  Answer answer = future.get();
  if (answer.error) {
    throw PolicyFailure(PolicyFailureKind::kUnreachable, "the host is not known: " + answer.error.message(),
                        url.Text());
  }
  return answer.endpoints;
}

}  // namespace

// The socket and what belongs to it are touched by the thread alone, the rest under the mutex.
class ClientLink::State {
 public:
  State(const PolicyUrl& url, const PolicyClientOptions& options)
      : url_(url), text_(url.Text()), options_(options), stream_(io_), goodbye_(io_) {
    const Endpoints endpoints = Resolve(url, options.timeout_s);
    asio::post(io_, [this, endpoints] { Connect(endpoints); });
    thread_ = std::thread([this] { Run(); });
  }

  ~State() {
    asio::post(io_, [this] { Goodbye(); });
    thread_.join();
  }

  const std::string& text() const { return text_; }

  void AwaitHandshake() {
    Await("the connection was not made", [this] { return is_open_; });
  }
  Bytes AwaitMetadata() { return AwaitMessage("no metadata came"); }
  Bytes Exchange(Bytes message) {
    const std::lock_guard turn(turn_);
    {
      const std::lock_guard lock(mutex_);
      if (failure_) throw *failure_;
      is_expecting_ = true;
    }
    asio::post(io_, [this, message = std::move(message)]() mutable { Write(std::move(message)); });
    return AwaitMessage("no reply came");
  }
  [[noreturn]] void GiveUp(PolicyFailure reason) {
    asio::post(io_, [this] { Abort(); });
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_.emplace(reason);
    throw reason;
  }

 private:
  // ---- the caller's side

  template <class Condition>
  void Await(const char* what_not, const Condition& holds) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, Seconds(options_.timeout_s), [&] { return holds() || failure_; });
    // A reply that came before the connection ended is a reply.
    if (holds()) return;
    if (!failure_) {
      failure_.emplace(PolicyFailureKind::kTimeout,
                       std::string(what_not) + " within " + FormatDouble(options_.timeout_s) + " s", text_);
      asio::post(io_, [this] { Abort(); });
    }
    throw *failure_;
  }

  Bytes AwaitMessage(const char* what_not) {
    Await(what_not, [this] { return inbox_.has_value(); });
    const std::lock_guard lock(mutex_);
    return *std::exchange(inbox_, std::nullopt);
  }

  // ---- the thread's side

  void Run() {
    for (;;) {
      try {
        io_.run();
        return;
      } catch (const std::exception& problem) {  // no memory for a message
        Fail({PolicyFailureKind::kMalformed, std::string("its message can't be taken: ") + problem.what(), text_});
      }
    }
  }

  void Fail(PolicyFailure failure) {
    {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_.emplace(std::move(failure));
    }
    changed_.notify_all();
    Abort();
  }
  void Abort() { beast::get_lowest_layer(stream_).close(); }

  void Connect(const Endpoints& endpoints) {
    beast::get_lowest_layer(stream_).expires_never();  // the caller waits no longer than it wants to
    beast::get_lowest_layer(stream_).async_connect(endpoints, [this](error_code error, const tcp::endpoint&) {
      if (error) return Fail({PolicyFailureKind::kUnreachable, "can't be reached: " + error.message(), text_});
      Handshake();
    });
  }

  void Handshake() {
    error_code ignored;
    beast::get_lowest_layer(stream_).socket().set_option(tcp::no_delay(true), ignored);
    stream_.set_option(websocket::stream_base::decorator([key = options_.api_key](websocket::request_type& request) {
      request.set(http::field::user_agent, "heddle");
      if (!key.empty()) request.set(http::field::authorization, "Api-Key " + key);
    }));
    stream_.read_message_max(options_.max_message_bytes);
    stream_.auto_fragment(false);
    stream_.write_buffer_bytes(kReadBlockBytes);
    stream_.binary(true);
    stream_.async_handshake(response_, url_.Authority(), url_.target, [this](error_code error) {
      if (error) return Fail(RefusedHandshake(text_, error, response_.result_int()));
      {
        const std::lock_guard lock(mutex_);
        is_open_ = true;
        is_expecting_ = true;
      }
      changed_.notify_all();
      Read();
    });
  }

  void Read() {
    stream_.async_read_some(buffer_, kReadBlockBytes, [this](error_code error, size_t) {
      if (error) return Fail(BrokenConnection(text_, error, stream_.reason(), options_.max_message_bytes));
      if (!stream_.is_message_done()) return Read();
      OnMessage(stream_.got_text(), TakeBytes(buffer_));
    });
  }

  void OnMessage(bool is_text, Bytes message) {
    if (is_text) return Fail(ServerSaid(text_, message));
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(is_expecting_, false)) {
        inbox_ = std::move(message);
      } else if (!failure_) {
        failure_.emplace(PolicyFailureKind::kMalformed, "sent a message that nobody asked for", text_);
      }
      if (failure_) Abort();
    }
    changed_.notify_all();
    Read();
  }

  void Write(Bytes message) {
    outgoing_ = std::move(message);
    stream_.async_write(asio::buffer(outgoing_), [](error_code, size_t) {});  // reading tells why it failed
  }

  void Goodbye() {
    if (!stream_.is_open()) return Abort();
    goodbye_.expires_after(Seconds(kGoodbye_s));
    goodbye_.async_wait([this](error_code) { Abort(); });
    stream_.async_close(websocket::close_code::normal, [this](error_code) { goodbye_.cancel(); });
  }

  const PolicyUrl url_;
  const std::string text_;
  const PolicyClientOptions options_;

  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false, is_expecting_ = false;
  std::optional<Bytes> inbox_;
  std::optional<PolicyFailure> failure_;

  asio::io_context io_{1};
  websocket::stream<ClientSocket> stream_;
  asio::steady_timer goodbye_;
  websocket::response_type response_;
  beast::flat_buffer buffer_;
  Bytes outgoing_;
  std::thread thread_;
};

ClientLink::ClientLink(const PolicyUrl& url, const PolicyClientOptions& options)
    : state_(std::make_unique<State>(url, options)) {
  state_->AwaitHandshake();
}
ClientLink::~ClientLink() = default;

const std::string& ClientLink::url() const { return state_->text(); }
Bytes ClientLink::Metadata() { return state_->AwaitMetadata(); }
Bytes ClientLink::Exchange(Bytes message) { return state_->Exchange(std::move(message)); }
void ClientLink::GiveUp(PolicyFailure reason) { state_->GiveUp(std::move(reason)); }

}  // namespace heddle::wire

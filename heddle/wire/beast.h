// Boost.Asio and Boost.Beast as this room uses them. Only sources include this: what it brings in is compiled once, in
// beast.cc, and still costs each file seconds.
#pragma once

#define BOOST_ASIO_SEPARATE_COMPILATION
#define BOOST_ASIO_NO_DEPRECATED
#define BOOST_ASIO_DISABLE_CO_AWAIT
#define BOOST_BEAST_SEPARATE_COMPILATION
#ifdef __SANITIZE_THREAD__  // which does not know fences; Asio's queues have locks besides
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <cstddef>

#include "heddle/wire/value.h"

namespace heddle::wire {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

// A message grows by what has come, never by what its header says will come.
inline constexpr size_t kReadBlockBytes = 64 * 1024;

inline Clock::duration Seconds(double seconds) {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// The message that was read, out of the buffer.
inline Bytes TakeBytes(beast::flat_buffer& buffer) {
  const auto* bytes = static_cast<const std::byte*>(buffer.cdata().data());
  Bytes taken(bytes, bytes + buffer.size());
  buffer.clear();
  return taken;
}

}  // namespace heddle::wire
